import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { NARROW, useMedia } from '@krateyard/ui/look/use-media';
import { FilterLine } from '@krateyard/ui/page/filter-line.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import type { Cells } from '@krateyard/ui/table/cells';
import { ColumnPicker } from '@krateyard/ui/table/column-picker.tsx';
import { SortPicker } from '@krateyard/ui/table/sort-picker.tsx';
import { useSort } from '@krateyard/ui/table/use-sort';
import { OrderHeld } from '@krateyard/ui/table/table.tsx';
import { WINDOW_ROWS, type Range } from '@krateyard/ui/table/table-window';
import { useShownColumns } from '@krateyard/ui/table/use-shown-columns';
import { CELL_SAMPLES } from '@krateyard/ui/usage/usage-cell.tsx';
import { useUsage } from '@krateyard/ui/usage/use-usage';
import { ListState } from './list/list-state.tsx';
import { machineCells } from './list/machine-columns.tsx';
import { MachineNumbers } from './list/machine-numbers.tsx';
import { USUAL_SORT, type MachineRow } from './list/machine-rows.ts';
import { MachineTable } from './list/machine-table.tsx';
import { useMachineRows } from './list/use-machine-rows.ts';
import type { MachinesView } from './live/machine-state.ts';
import { useMachines } from './live/use-machines.ts';
import { NewMachine } from './new-machine.tsx';
import { useVmsUrl } from './vm-address.ts';
import { vmStrings as strings } from './vm-strings.ts';
import '@krateyard/ui/page/list-page.css';
import './vms.css';

/** The machines of the namespaces chosen, live. */
export function VmsPage(): ReactElement {
  const { url, go } = useVmsUrl();
  const { view, truth, retry } = useMachines(url.namespaces);
  const { sort, onSort } = useSort(url.sort, USUAL_SORT, go);
  const { rows, held, hold, problem } = useMachineRows(view, url.filter, sort);
  const [range, setRange] = useState<Range>({ offset: 0, limit: WINDOW_ROWS });
  useFollowedUsage(rows, range);
  const all = useMachineCells(view);
  const shown = useShownColumns('vms', all);
  const [picking, setPicking] = useState(false);
  const filter = useRef<HTMLInputElement>(null);
  const setFilter = useCallback((next: string) => go({ filter: next }, { replace: true }), [go]);
  useEffect(() => {
    document.title = strings.title(strings.room);
  }, []);
  useKeys([
    { keys: '/', label: strings.filterKey, group: strings.keys, run: () => filter.current?.focus() },
    { keys: 'Escape', label: strings.clearKey, group: strings.keys, run: () => setFilter('') },
  ]);
  const ready = view.phase === 'ready';
  return (
    <div className="resources">
      <section className="resources-main machines" aria-label={strings.room}>
        <div>
          <FilterLine
            input={filter}
            value={url.filter}
            onChange={setFilter}
            hint={strings.filterHint}
            truth={truth}
            count={ready ? strings.count(rows.length, view.machines.size) : undefined}
            tools={
              ready && (
                <span className="view-tools">
                  <NewMachine namespaces={url.namespaces} />
                  {rows.length > 0 && <SortPicker columns={shown.columns} sort={sort} onSort={onSort} />}
                  <ColumnPicker
                    columns={all.columns}
                    chosen={shown.chosen}
                    onChoose={shown.choose}
                    open={picking}
                    onOpenChange={setPicking}
                  />
                </span>
              )
            }
          >
            <OrderHeld count={held} />
          </FilterLine>
          {ready && view.machines.size > 0 && (
            <MachineNumbers machines={view.machines} filter={url.filter} onFilter={setFilter} />
          )}
        </div>
        <StaleBand truth={truth} onRetry={retry} />
        {ready && rows.length > 0 ? (
          <MachineTable
            url={url}
            sort={sort}
            onSort={onSort}
            rows={rows}
            range={range}
            onRange={setRange}
            cells={shown}
            onHold={hold}
            stale={truth.state === 'disconnected'}
          />
        ) : (
          <div className="resources-rows">
            <ListState truth={truth} known={ready} url={url} go={go} problem={problem} onRetry={retry} />
          </div>
        )}
      </section>
    </div>
  );
}

function useMachineCells(view: MachinesView): Cells {
  const measured = useMeasured(view);
  // A cell that draws itself is left out on phones: there the plain number stands.
  const plots = !useMedia(NARROW);
  const snapshots = view.dark.snapshot === undefined;
  return useMemo(() => machineCells({ measured, plots, snapshots }), [measured, plots, snapshots]);
}

const SETTLE_MS = 300;

/** Follows what the launcher pods of the machines near the screen use. */
function useFollowedUsage(rows: readonly MachineRow[], { offset, limit }: Range): void {
  const signature = useMemo(
    () =>
      rows
        .slice(offset, offset + limit)
        .flatMap(({ vm: { namespace, pod, metrics } }) => (pod && metrics ? [`${namespace}/${pod}`] : []))
        .toSorted()
        .join(' '),
    [rows, offset, limit],
  );
  const [asked, setAsked] = useState<readonly string[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(signature === '' ? [] : signature.split(' ')), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [signature]);
  useUsage('pods', asked, CELL_SAMPLES);
}

/** True once any machine's usage was measured. */
function useMeasured(view: MachinesView): boolean {
  const [measured, setMeasured] = useState(false);
  const now = useMemo(
    () => Array.from(view.machines.values()).some(({ metrics }) => metrics),
    [view.machines],
  );
  if (now && !measured) setMeasured(true);
  return measured || now;
}
