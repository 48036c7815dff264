import type { ComponentType } from 'react';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { Cells } from '@krateyard/ui/table/cells';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import { formatQuantity } from '@krateyard/ui/words/quantity';
import type { VmInfo } from '../../contract/vm-api.ts';
import { machineWord, shortReason } from '../machine-why.ts';
import { vmStrings } from '../vm-strings.ts';
import { UsedCell } from './used-cell.tsx';
import { machineOf, SORTABLE, type MachineRow } from './machine-rows.ts';

interface MachineColumn extends TableColumn {
  readonly cell: (row: MachineRow) => Cell;
}

const strings = vmStrings.columns;

/** Stands for the width of a plot (as wide as four digits) and its words: `62% of 2`, `92% of 512Mi`. */
const USAGE_WIDTH: Readonly<Record<string, string>> = { cpu: '0'.repeat(11), memory: '0'.repeat(14) };

const cpuText = ({ cpu }: VmInfo): string => (cpu > 0 ? String(cpu) : '');
const memoryText = ({ memory }: VmInfo): string => (memory === '' ? '' : formatQuantity(memory));

const VIEWS: Readonly<Record<string, ComponentType<{ readonly row: LiveRow }>>> = {
  cpu: ({ row }) => <UsedCell vm={machineOf(row)} at={1} unit="cores" all={cpuText(machineOf(row))} />,
  memory: ({ row }) => <UsedCell vm={machineOf(row)} at={2} unit="bytes" all={memoryText(machineOf(row))} />,
};

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

/**
 * All columns: CPU and memory with what of it is used where that is measured, drawn where there is room for it, and snapshots only
 * where there can be any.
 */
export function machineCells(options: {
  readonly measured: boolean;
  readonly plots: boolean;
  readonly snapshots: boolean;
}): Cells {
  const columns = COLUMNS.filter(({ name }) => options.snapshots || name !== 'snapshots').map(
    (one): MachineColumn => {
      const View = VIEWS[one.name];
      if (!View || !options.measured) return one;
      const sorted: MachineColumn = { ...one, mostFirst: true };
      if (!options.plots) return sorted;
      return { ...sorted, type: 'number', View, cell: () => USAGE_WIDTH[one.name] ?? null };
    },
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
