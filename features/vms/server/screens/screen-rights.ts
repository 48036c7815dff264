import type { AccessQuestion } from '@krateyard/auth/access';
import { INSTANCES } from '../machine-types.ts';

const SCREENS = {
  group: 'subresources.kubevirt.io',
  version: 'v1',
  resource: 'virtualmachineinstances',
} as const;

/** What the API server asks of who opens a screen, a screenshot included: it knows no more of the path than `vnc`. */
export function lookQuestion(namespace: string, name: string): AccessQuestion {
  return { verb: 'get', resource: SCREENS, subresource: 'vnc', namespace, name };
}

/** With this control is taken from others. */
export function takeQuestion(namespace: string, name: string): AccessQuestion {
  return { verb: 'update', resource: INSTANCES, namespace, name };
}
