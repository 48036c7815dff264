import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';

const at = (resource: string): GroupVersionResource => ({
  group: 'instancetype.kubevirt.io',
  version: 'v1beta1',
  resource,
});

export type Scope = 'cluster' | 'namespace';

export const instancetypeGvr = (scope: Scope): GroupVersionResource =>
  at(scope === 'cluster' ? 'virtualmachineclusterinstancetypes' : 'virtualmachineinstancetypes');

export const preferenceGvr = (scope: Scope): GroupVersionResource =>
  at(scope === 'cluster' ? 'virtualmachineclusterpreferences' : 'virtualmachinepreferences');

/** The parts of instance types that are read here. */
export interface Instancetype extends KubeObject {
  readonly spec?: {
    readonly cpu?: { readonly guest?: number };
    readonly memory?: { readonly guest?: string };
    readonly gpus?: readonly { readonly name?: string; readonly deviceName?: string }[];
  };
}
