import type { ReactElement } from 'react';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { Cells } from '@krateyard/ui/table/cells';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import { UsageCell } from '@krateyard/ui/usage/usage-cell.tsx';
import { machineWord, shortReason } from '../machine-why.ts';
import { vmStrings } from '../vm-strings.ts';
import { machineOf, SORTABLE, type MachineRow } from './machine-rows.ts';

interface MachineColumn extends TableColumn {
  readonly cell: (row: MachineRow) => Cell;
}

const strings = vmStrings.columns;

/** As wide as the plot and its number. */
const USAGE_WIDTH = '000000000000000';

function Used(props: {
  readonly row: LiveRow;
  readonly at: 1 | 2;
  readonly unit: 'cores' | 'bytes';
}): ReactElement {
  const { namespace, pod } = machineOf(props.row);
  if (pod === undefined) return <span className="absent">–</span>;
  return <UsageCell kind="pods" objectKey={`${namespace}/${pod}`} at={props.at} unit={props.unit} />;
}

const usage: readonly MachineColumn[] = [
  {
    name: 'cpu-used',
    title: strings.cpuUsed,
    type: 'number',
    priority: 0,
    sortable: false,
    View: ({ row }) => <Used row={row} at={1} unit="cores" />,
    cell: () => USAGE_WIDTH,
  },
  {
    name: 'memory-used',
    title: strings.memoryUsed,
    type: 'number',
    priority: 0,
    sortable: false,
    View: ({ row }) => <Used row={row} at={2} unit="bytes" />,
    cell: () => USAGE_WIDTH,
  },
];

const column = (
  name: keyof typeof strings,
  type: TableColumn['type'],
  priority: number,
  cell: (row: MachineRow) => Cell,
): MachineColumn => ({
  name,
  title: strings[name],
  type,
  priority,
  cell,
  ...(name === 'name' && { lead: true }),
  ...(!SORTABLE.has(name) && { sortable: false }),
});

const COLUMNS: readonly MachineColumn[] = [
  column('status', 'status', 0, ({ vm }) => ({ word: machineWord(vm), text: vm.status })),
  column('name', 'text', 0, ({ vm }) => vm.name),
  column('reason', 'text', 0, ({ vm }) => shortReason(vm) || null),
  column('namespace', 'text', 0, ({ vm }) => vm.namespace),
  column('node', 'text', 0, ({ vm }) => vm.nodeName || null),
  column('ip', 'text', 0, ({ vm }) => vm.ipAddress || null),
  column('cpu', 'number', 0, ({ vm }) => vm.cpu || null),
  column('memory', 'quantity', 0, ({ vm }) => vm.memory || null),
  ...usage,
  column('uptime', 'date', 0, ({ vm }) => vm.startedAt ?? null),
  column('snapshots', 'number', 0, ({ snapshots }) => snapshots || null),
  column('labels', 'text', 1, ({ vm }) => labelsText(vm.labels)),
  column('type', 'text', 1, ({ vm }) => vm.instancetype ?? null),
  column('strategy', 'text', 1, ({ vm }) => vm.runStrategy),
  column('image', 'text', 1, ({ vm }) => vm.osImage || null),
  column('age', 'date', 1, ({ vm }) => vm.createdAt || null),
];

function labelsText(labels: Readonly<Record<string, string>>): string | null {
  return (
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ') || null
  );
}

/** All columns, with what each machine uses only where that is measured, and snapshots only where there can be any. */
export function machineCells(options: { readonly usage: boolean; readonly snapshots: boolean }): Cells {
  const columns = COLUMNS.filter(
    (one) => (options.usage || !usage.includes(one)) && (options.snapshots || one.name !== 'snapshots'),
  );
  const made = new WeakMap<LiveRow, readonly Cell[]>();
  return {
    columns,
    cellsOf: (row) => {
      const known = made.get(row) ?? columns.map(({ cell }) => cell(row as MachineRow));
      made.set(row, known);
      return known;
    },
  };
}
