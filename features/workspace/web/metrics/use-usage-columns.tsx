import { useEffect, useMemo, useState, type ComponentType } from 'react';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { TableColumn } from '@krateyard/ui/table/table-column';
import type { Cells } from '@krateyard/ui/table/cells';
import { CELL_SAMPLES, UsageCell } from '@krateyard/ui/usage/usage-cell.tsx';
import { usageStrings } from '@krateyard/ui/usage/usage-strings';
import { useUsage } from '@krateyard/ui/usage/use-usage';

type Metered = 'pods' | 'nodes';

const METERED: Readonly<Record<string, Metered>> = { pods: 'pods', 'v1/nodes': 'nodes' };

/** While somebody scrolls, rows pass: only those that stay are asked for. */
const SETTLE_MS = 300;
/** As wide as the plot and its number. */
const WIDTH = '000000000000000';

/** Kinds of which usage has come once in this page: its columns stand from the beginning the next time. */
const seen = new Set<Metered>();

/** The columns of a table of pods or nodes, with what each row uses where that is measured; without measurements no column. */
export function useUsageColumns(kindPath: string, cells: Cells, rows: readonly LiveRow[]): Cells {
  const kind = METERED[kindPath];
  const keys = useSettled(
    useMemo(() => (kind ? rows.slice(0, 500).map(({ key }) => key) : NONE), [kind, rows]),
  );
  const { loading, status } = useUsage(kind, keys, CELL_SAMPLES);
  const shown = kind !== undefined && status === undefined && (!loading || seen.has(kind));
  useEffect(() => {
    if (kind && shown && !loading) seen.add(kind);
  }, [kind, shown, loading]);
  return useMemo(() => (shown ? withUsage(cells, COLUMNS[kind]) : cells), [cells, shown, kind]);
}

const NONE: readonly string[] = [];

function useSettled(keys: readonly string[]): readonly string[] {
  const [settled, setSettled] = useState(keys);
  const signature = keys.join(' ');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(keys), SETTLE_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- the signature is the keys
  }, [signature]);
  return settled;
}

/** Before the first column that only shows where there is room. */
function withUsage({ columns, cellsOf }: Cells, usage: readonly TableColumn[]): Cells {
  const wide = columns.findIndex(({ priority }) => priority > 0);
  const at = wide === -1 ? Math.max(0, columns.length - 1) : wide;
  const widths = usage.map(() => WIDTH);
  const made = new WeakMap<readonly unknown[], ReturnType<typeof cellsOf>>();
  return {
    columns: columns.toSpliced(at, 0, ...usage),
    cellsOf: (row) => {
      const own = cellsOf(row);
      const known = made.get(own) ?? own.toSpliced(at, 0, ...widths);
      made.set(own, known);
      return known;
    },
  };
}

const column = (
  name: string,
  title: string,
  View: ComponentType<{ readonly row: LiveRow }>,
): TableColumn => ({
  name,
  title,
  type: 'number',
  priority: 1,
  mostFirst: true,
  View,
});

const COLUMNS: Readonly<Record<Metered, readonly TableColumn[]>> = {
  pods: columnsFor('pods'),
  nodes: columnsFor('nodes'),
};

function columnsFor(kind: Metered): readonly TableColumn[] {
  return [
    column('cpu-used', usageStrings.cpuColumn, ({ row }) => (
      <UsageCell kind={kind} objectKey={row.key} at={1} unit="cores" />
    )),
    column('memory-used', usageStrings.memoryColumn, ({ row }) => (
      <UsageCell kind={kind} objectKey={row.key} at={2} unit="bytes" />
    )),
  ];
}
