import { requestJson } from '@krateyard/ui/live/api-client';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { toast } from '@krateyard/ui/parts/toasts';
import { openTrayTab } from '@krateyard/ui/tray/tray';
import { shellParams } from '../shell/shell-address.ts';
import { shellStrings as strings } from '../shell/shell-strings.ts';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import { isRunningPod, podSelector, readyPodOf } from './pods-of.ts';

/** Kinds whose pods a selector in their spec finds, by group. */
const WORKLOADS: Readonly<Record<string, readonly string[]>> = {
  apps: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
  batch: ['jobs'],
  '': ['replicationcontrollers'],
};

const isPod = ({ kind }: ActionTarget): boolean => kind.group === '' && kind.resource === 'pods';
const isWorkload = ({ kind }: ActionTarget): boolean =>
  WORKLOADS[kind.group]?.includes(kind.resource) ?? false;

/** A shell in the tray; of a workload, in one of its pods that is ready. */
export const shellAction: ObjectAction = {
  id: 'shell',
  label: strings.action,
  icon: 'terminal',
  keys: 's',
  group: 'open',
  fits: (target) => isPod(target) || isWorkload(target),
  blocked: (target) => (isPod(target) && !isRunningPod(target.object) ? strings.notRunningPod : undefined),
  right: (target) => ({
    // Of a WebSocket, which is a GET. Newer API servers ask for more, and say so when the shell is opened.
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'exec',
    namespace: target.object.metadata.namespace,
    ...(isPod(target) && { name: target.object.metadata.name }),
  }),
  many: false,
  run: async ([target]) => {
    if (!target) return;
    const pod = isPod(target) ? target.object.metadata.name : await readyPod(target);
    if (pod === undefined) return toast('warn', strings.noReadyPod(target.key));
    openShell(target.object.metadata.namespace ?? '', pod);
  },
};

/** Opens a tab of the tray. Every press opens another shell, as it would in a terminal. */
export function openShell(ns: string, pod: string, container?: string): void {
  openTrayTab({
    type: 'shell',
    title: strings.title(pod, container),
    params: shellParams({ ns, pod, container }),
  });
}

async function readyPod({ object }: ActionTarget): Promise<string | undefined> {
  const query = new URLSearchParams({
    ns: object.metadata.namespace ?? '',
    labelSelector: podSelector(object),
    limit: '200',
  });
  const { items } = await requestJson<{ items: readonly LiveObject[] }>(`/api/resources/pods?${query}`);
  return readyPodOf(items)?.metadata.name;
}
