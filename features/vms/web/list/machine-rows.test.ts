import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VmInfo } from '../../contract/vm-api.ts';
import { aMachine } from '../a-machine.ts';
import {
  countWords,
  filterProblem,
  heldRows,
  machineFilter,
  sortedRows,
  type MachineRow,
} from './machine-rows.ts';

const row = (name: string, more: Partial<VmInfo> = {}, snapshots = 0): MachineRow => {
  const vm = aMachine({ name, ...more });
  return { key: `${vm.namespace}/${name}`, object: { metadata: { name } }, vm, snapshots };
};
const names = (rows: readonly MachineRow[]): string[] => rows.map(({ vm }) => vm.name);

const rows: readonly MachineRow[] = [
  row(
    'web',
    { status: 'Running', nodeName: 'n1', ipAddress: '10.0.0.10', startedAt: 200, labels: { app: 'web' } },
    2,
  ),
  row('db', { status: 'Stopped', phase: '', ready: false, memory: '512Mi' }),
  row('bad', { status: 'ErrorUnschedulable', phase: '', ready: false, memory: '2Gi' }),
  row('api', {
    status: 'Running',
    nodeName: 'n2',
    ipAddress: '10.0.0.9',
    startedAt: 100,
    labels: { app: 'api' },
  }),
];

test('[VP3] usually what needs somebody stands first; every column sorts both ways, those without a value last', () => {
  assert.deepEqual(names(sortedRows(rows, 'status')), ['bad', 'api', 'web', 'db']);
  assert.deepEqual(names(sortedRows(rows, 'ip')).slice(0, 2), ['api', 'web']);
  assert.deepEqual(names(sortedRows(rows, '-ip')).slice(0, 2), ['web', 'api']);
  assert.deepEqual(names(sortedRows(rows, 'uptime')).slice(0, 2), ['web', 'api']);
  assert.deepEqual(names(sortedRows(rows, '-snapshots'))[0], 'web');
  assert.deepEqual(names(sortedRows(rows, 'memory')), ['db', 'api', 'web', 'bad']);
  assert.deepEqual(names(sortedRows(rows, 'nonsense')), names(sortedRows(rows, 'status')));
});

test('[VP11] CPU and memory sort by what is used once it is measured, what is not measured last either way', () => {
  const used = (cpuCores: number, memoryBytes: number): Partial<VmInfo> => ({
    metrics: { cpuUsage: 1, memoryUsage: 1, cpuCores, memoryBytes },
  });
  const big = row('big', { cpu: 64, memory: '512Gi' });
  const idle = row('idle', { cpu: 32, memory: '64Gi', ...used(0.1, 4e9) });
  const busy = row('busy', { cpu: 2, memory: '2Gi', ...used(1.9, 1e9) });
  const all = [big, idle, busy];
  assert.deepEqual(names(sortedRows(all, '-cpu')), ['busy', 'idle', 'big']);
  assert.deepEqual(names(sortedRows(all, 'cpu')), ['idle', 'busy', 'big']);
  assert.deepEqual(names(sortedRows(all, '-memory')), ['idle', 'busy', 'big']);
  assert.deepEqual(names(sortedRows([big, row('small', { cpu: 1 })], '-cpu')), ['big', 'small']);
});

test('[VP3] the filter takes words, KubeVirt’s and our status, nodes and labels', () => {
  const found = (filter: string): string[] => names(rows.filter(machineFilter(filter)));
  assert.deepEqual(found(''), ['web', 'db', 'bad', 'api']);
  assert.deepEqual(found('10.0.0.1'), ['web']);
  assert.deepEqual(found('no node'), ['bad']);
  assert.deepEqual(found('status:failed,stopped'), ['db', 'bad']);
  assert.deepEqual(found('status:errorunschedulable'), ['bad']);
  assert.deepEqual(found('node:n1,n2 status:running a'), ['web', 'api']);
  assert.deepEqual(found('label=app=web'), ['web']);
  assert.equal(filterProblem('label=app=web x'), undefined);
  assert.notEqual(filterProblem('label==='), undefined);
});

test('[VP3] while the pointer rests places stay: new ones wait, what is gone is marked', () => {
  const [web, db, bad] = rows as [MachineRow, MachineRow, MachineRow];
  const now = { ...web, snapshots: 3 };
  const { rows: held, moved } = heldRows([web, db], [bad, now]);
  assert.deepEqual([held[0], held[1]?.gone, held.length, moved], [now, true, 2, 2]);
  assert.equal(heldRows([web, db], [web, db]).moved, 0);
});

test('[VP3] the numbers count every machine once', () => {
  const counts = countWords(rows.map(({ vm }) => vm));
  assert.deepEqual(counts, { Failed: 1, Pending: 0, Unknown: 0, Running: 2, Stopped: 1 });
});
