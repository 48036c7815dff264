import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '@krateyard/tasks/task';
import type { RestoreInfo, SnapshotInfo } from '../../contract/vm-api.ts';
import { nameProblem, nextName } from './snapshot-names.ts';
import { momentsOf, ofMachine, restoringTasks } from './snapshot-times.ts';

const snapshot = (name: string, createdAt: number, more: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
  id: name,
  name,
  namespace: 'a',
  wukongId: 'web',
  wukongName: 'web',
  status: 'Succeeded',
  size: '',
  createdAt,
  ready: true,
  indications: [],
  includedVolumes: [],
  excludedVolumes: [],
  reason: '',
  ...more,
});
const restore = (name: string, createdAt: number, more: Partial<RestoreInfo> = {}): RestoreInfo => ({
  id: name,
  name,
  namespace: 'a',
  snapshotName: 's1',
  vmName: 'web',
  complete: true,
  reason: '',
  createdAt,
  ...more,
});

test('[VP7] a machine’s snapshots are its own, newest first, a Wukong’s by the machine that they were taken of', () => {
  const snapshots = new Map(
    [
      snapshot('s1', 1),
      snapshot('s2', 2, { wukongName: 'w', vmName: 'web' }),
      snapshot('other', 3, { wukongName: 'db' }),
      snapshot('elsewhere', 4, { namespace: 'b' }),
    ].map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  assert.deepEqual(
    ofMachine({ snapshots }, 'a', 'web').map(({ name }) => name),
    ['s2', 's1'],
  );
});

test('[VP7] the line of time has what was restored into the machine, and of its snapshots into others', () => {
  const restores = [
    restore('back', 5),
    restore('copy', 3, { vmName: 'copy' }),
    restore('foreign', 4, { vmName: 'db', snapshotName: 'x' }),
    restore('away', 6, { namespace: 'b' }),
  ];
  assert.deepEqual(
    momentsOf([snapshot('s1', 4)], restores, 'a', 'web').map(({ key }) => key),
    ['restore back', 'snapshot s1', 'restore copy'],
  );
});

test('[VP7] a restore that is followed shows as long as its task is under way', () => {
  const task = (id: string, more: Partial<Task>): Task => ({
    id,
    action: 'vms.restore',
    title: id,
    targets: [{ kind: 'kubevirt.io/v1/virtualmachines', namespace: 'a', name: 'web' }],
    owner: 'alice',
    state: 'accepted',
    steps: [],
    cancellable: false,
    startedAt: '',
    updatedAt: '',
    ...more,
  });
  const tasks = [task('1', {}), task('2', { state: 'observed' }), task('3', { action: 'vms.start' })];
  assert.deepEqual(
    restoringTasks(tasks, 'a', 'web').map(({ id }) => id),
    ['1'],
  );
  assert.deepEqual(restoringTasks(tasks, 'a', 'db'), []);
});

test('[VP7] names are proposed by time and never longer than a name may be', () => {
  const now = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
  assert.equal(nextName('web', now), 'web-20260102-030405');
  const long = nextName('x'.repeat(80), now);
  assert.deepEqual([long.length, nameProblem(long)], [63, undefined]);
  for (const bad of ['', 'Web', 'a_b', '-a', 'a-', 'a'.repeat(64)])
    assert.notEqual(nameProblem(bad), undefined);
});
