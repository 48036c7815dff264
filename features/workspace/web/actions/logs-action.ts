import { openLogs } from '../logs/open-logs.ts';
import { logStrings } from '../logs/log-strings.ts';
import type { ActionKind, ActionTarget, ObjectAction } from './object-action.ts';

/** Kinds whose pods the gateway finds by itself. */
const WORKLOADS: ReadonlySet<string> = new Set([
  'apps/deployments',
  'apps/statefulsets',
  'apps/daemonsets',
  'apps/replicasets',
  '/replicationcontrollers',
  'batch/jobs',
  'batch/cronjobs',
]);

const isPod = ({ group, resource }: ActionKind): boolean => group === '' && resource === 'pods';

/** Follows the log of a pod, or of all pods of a workload, in the tray. */
export const logsAction: ObjectAction = {
  id: 'logs',
  label: logStrings.action,
  icon: 'lines',
  keys: 'l',
  group: 'open',
  many: false,
  fits: ({ kind }) => isPod(kind) || WORKLOADS.has(`${kind.group}/${kind.resource}`),
  right: (target) => ({
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'log',
    namespace: placeOf(target).ns,
    ...(isPod(target.kind) && { name: placeOf(target).name }),
  }),
  run: ([target]) => {
    if (!target) return;
    const { ns, name } = placeOf(target);
    openLogs(isPod(target.kind) ? { ns, pod: name } : { ns, kind: target.kind.path, name });
  },
};

function placeOf({ key }: ActionTarget): { readonly ns: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { ns: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) };
}
