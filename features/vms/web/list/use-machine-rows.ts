import { useCallback, useMemo, useRef, useState } from 'react';
import type { SnapshotInfo, VmInfo } from '../../contract/vm-api.ts';
import type { MachinesView } from '../live/machine-state.ts';
import { filterProblem, heldRows, machineFilter, sortedRows, type MachineRow } from './machine-rows.ts';

export interface MachineRows {
  readonly rows: readonly MachineRow[];
  /** Places that will change when the pointer leaves. */
  readonly held: number;
  readonly hold: (held: boolean) => void;
  /** The filter's labels make no sense, and why: nothing is filtered by them. */
  readonly problem: string | undefined;
}

/** The machines that fit, in order; rows that show the same stay the same objects. */
export function useMachineRows(view: MachinesView, filter: string, sort: string): MachineRows {
  const makeRow = useRowMaker();
  const snapshots = useMemo(() => countSnapshots(view.snapshots.values()), [view.snapshots]);
  const problem = useMemo(() => filterProblem(filter), [filter]);
  const now = useMemo(() => {
    const fits = problem === undefined ? machineFilter(filter) : (): boolean => false;
    const rows = Array.from(view.machines, ([key, vm]) =>
      makeRow(key, vm, snapshots.get(key) ?? 0, view.appearedAt.get(key)),
    );
    return sortedRows(rows.filter(fits), sort);
  }, [view, snapshots, filter, sort, problem, makeRow]);
  const [places, setPlaces] = useState<{ of: string; rows: readonly MachineRow[] }>();
  const place = `${sort} ${filter}`;
  const latest = useRef(now);
  latest.current = now; // oxlint-disable-line react/refs -- read in a callback only
  const hold = useCallback(
    (held: boolean) => setPlaces(held ? { of: place, rows: latest.current } : undefined),
    [place],
  );
  const shown = useMemo(
    () => (places?.of === place ? heldRows(places.rows, now) : { rows: now, moved: 0 }),
    [places, place, now],
  );
  return { rows: shown.rows, held: shown.moved, hold, problem };
}

function useRowMaker() {
  const made = useRef(new WeakMap<VmInfo, MachineRow>());
  return useCallback((key: string, vm: VmInfo, snapshots: number, appearedAt: number | undefined) => {
    const known = made.current.get(vm);
    if (known?.snapshots === snapshots && known.appearedAt === appearedAt) return known;
    const { namespace, name, id } = vm;
    const row: MachineRow = {
      key,
      object: { metadata: { namespace, name, uid: id } },
      vm,
      snapshots,
      appearedAt,
    };
    made.current.set(vm, row);
    return row;
  }, []);
}

function countSnapshots(snapshots: Iterable<SnapshotInfo>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace, vmName, wukongName } of snapshots) {
    const key = `${namespace}/${vmName ?? wukongName}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
