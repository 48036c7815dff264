import type { Task } from '@krateyard/tasks/task';
import type { RestoreInfo, SnapshotInfo } from '../../contract/vm-api.ts';
import type { MachinesView } from '../live/machine-state.ts';

/** A machine's snapshots, newest first. */
export function ofMachine(
  { snapshots }: Pick<MachinesView, 'snapshots'>,
  namespace: string,
  name: string,
): readonly SnapshotInfo[] {
  return [...snapshots.values()]
    .filter((one) => one.namespace === namespace && (one.vmName ?? one.wukongName) === name)
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));
}

/** One point of the line of time. */
export type Moment =
  | { readonly kind: 'snapshot'; readonly at: number; readonly key: string; readonly snapshot: SnapshotInfo }
  | { readonly kind: 'restore'; readonly at: number; readonly key: string; readonly restore: RestoreInfo };

/** Snapshots of a machine and what was restored of them or into it, newest first. */
export function momentsOf(
  snapshots: readonly SnapshotInfo[],
  restores: Iterable<RestoreInfo>,
  namespace: string,
  name: string,
): readonly Moment[] {
  const own = new Set(snapshots.map((one) => one.name));
  const moments: Moment[] = snapshots.map((snapshot) => ({
    kind: 'snapshot',
    at: snapshot.createdAt,
    key: `snapshot ${snapshot.name}`,
    snapshot,
  }));
  for (const restore of restores) {
    if (restore.namespace !== namespace) continue;
    if (restore.vmName !== name && !own.has(restore.snapshotName)) continue;
    moments.push({ kind: 'restore', at: restore.createdAt, key: `restore ${restore.name}`, restore });
  }
  return moments.toSorted((a, b) => b.at - a.at || (a.key < b.key ? -1 : 1));
}

/** Tasks under way that restore into a machine. */
export const restoringTasks = (tasks: readonly Task[], namespace: string, name: string): readonly Task[] =>
  tasks.filter(
    ({ action, state, targets }) =>
      action === 'vms.restore' &&
      (state === 'requested' || state === 'accepted') &&
      targets.some((target) => target.namespace === namespace && target.name === name),
  );
