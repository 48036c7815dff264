import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '@krateyard/tasks/task';
import { endedSince, lostSince, mergeTask, replaceTasks } from './task-merge.ts';

const task = (id: string, state: Task['state'], second: number): Task => ({
  id,
  action: 'test.act',
  title: id,
  targets: [],
  owner: 'alice',
  state,
  steps: [],
  cancellable: false,
  startedAt: `2026-01-01T00:00:0${id.length}Z`,
  updatedAt: `2026-01-01T00:01:0${second}Z`,
});

test('[UF6] tasks stand newest first, each once, and what is told late undoes nothing', () => {
  const first = mergeTask([], task('a', 'requested', 1));
  const two = mergeTask(first, task('bb', 'requested', 1));
  assert.deepEqual(
    two.map(({ id }) => id),
    ['bb', 'a'],
  );
  const accepted = mergeTask(two, task('a', 'accepted', 3));
  assert.equal(mergeTask(accepted, task('a', 'requested', 2)), accepted);
  const done = mergeTask(accepted, task('a', 'observed', 3));
  assert.equal(done[1]!.state, 'observed');
  assert.equal(mergeTask(done, task('a', 'accepted', 9)), done);
});

test('[UF6] the whole list replaces what was known, but not by older news', () => {
  const known = [task('a', 'accepted', 5), task('bb', 'requested', 1)];
  const told = replaceTasks(known, [task('a', 'requested', 2)]);
  assert.deepEqual(told, [known[0]]);
});

test('[UF6] whoever was under way and is not any more has ended, or was forgotten', () => {
  const before = [task('a', 'accepted', 1), task('bb', 'observed', 1), task('ccc', 'requested', 1)];
  const now = [task('a', 'failed', 2), task('bb', 'observed', 1), task('dddd', 'observed', 1)];
  assert.deepEqual(
    endedSince(before, now).map(({ id }) => id),
    ['a'],
  );
  assert.deepEqual(
    lostSince(before, now).map(({ id }) => id),
    ['ccc'],
  );
});
