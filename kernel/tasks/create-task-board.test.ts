import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isConflict, isNotFound, reasonOf, StatusError } from '@krateyard/status/status-error';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { noMetrics } from '@krateyard/telemetry/metrics';
import { createTaskBoard } from './create-task-board.ts';
import type { Task } from './task.ts';
import type { TaskReport } from './task-board.ts';

const ann = { id: 'k:ann', username: 'ann' };
const ben = { id: 'k:ben', username: 'ben' };
const SPEC = { action: 'test.act', title: 'Act on web', targets: [], cancellable: true };

function setUp() {
  const clock = new ManualClock();
  return { clock, board: createTaskBoard({ clock, logger: silentLogger, metrics: noMetrics }) };
}

/** A task that ends when the test says so, and follows its signal. */
function held() {
  const end = Promise.withResolvers<void>();
  const told: { report?: TaskReport } = {};
  const run = (report: TaskReport, signal: AbortSignal): Promise<void> => {
    told.report = report;
    signal.addEventListener('abort', () => end.reject(signal.reason), { once: true });
    return end.promise;
  };
  return { run, end, report: () => told.report! };
}

test('[TK1] requested, accepted, observed; a rejection is told as its Status', async () => {
  const { board, clock } = setUp();
  const { run, end, report } = held();
  const { id } = board.start(ann, SPEC, run);
  assert.equal(board.get(ann, id)?.state, 'requested');
  report().accepted('waits for pods');
  assert.deepEqual([board.get(ann, id)?.state, board.get(ann, id)?.message], ['accepted', 'waits for pods']);
  end.resolve();
  await clock.advance(0);
  assert.equal(board.get(ann, id)?.state, 'observed');
  const refused = board.start(ann, SPEC, () => Promise.reject(new StatusError('Forbidden', 'no')));
  const broken = board.start(ann, SPEC, () => Promise.reject(new TypeError('secret inside')));
  await clock.advance(0);
  assert.deepEqual(board.get(ann, refused.id)?.status?.message, 'no');
  assert.equal(board.get(ann, broken.id)?.status?.reason, 'InternalError');
  assert.doesNotMatch(JSON.stringify(board.get(ann, broken.id)), /secret/);
  await board.close();
});

test('[TK2] cancelling aborts the run, once, and only what can be', async () => {
  const { board, clock } = setUp();
  const { id } = board.start(ann, SPEC, held().run);
  const stubborn = held();
  const other = board.start(ann, SPEC, () => stubborn.end.promise);
  const fixed = board.start(ann, { ...SPEC, cancellable: false }, held().run);
  board.cancel(ann, id);
  board.cancel(ann, other.id);
  assert.throws(() => board.cancel(ann, other.id), isConflict);
  assert.throws(() => board.cancel(ann, fixed.id), isConflict);
  assert.throws(() => board.cancel(ann, 'nothing'), isNotFound);
  stubborn.end.resolve();
  await clock.advance(0);
  assert.equal(board.get(ann, id)?.state, 'cancelled');
  assert.equal(board.get(ann, other.id)?.state, 'observed');
  assert.throws(() => board.cancel(ann, id), isConflict);
  await board.close();
});

test('[TK3] everybody has their own tasks, newest first', async () => {
  const { board } = setUp();
  const seen: Task[] = [];
  board.observe(ben, (task) => seen.push(task));
  const first = board.start(ann, SPEC, held().run);
  const second = board.start(ann, SPEC, held().run);
  assert.deepEqual(
    board.list(ann).map(({ id }) => id),
    [second.id, first.id],
  );
  assert.deepEqual([board.list(ben), board.get(ben, first.id), seen], [[], undefined, []]);
  assert.throws(() => board.cancel(ben, first.id), isNotFound);
  await board.close();
});

test('[TK4] a hundred tasks a person, and an hour of memory', async () => {
  const { board, clock } = setUp();
  const done = board.start(ann, SPEC, () => Promise.resolve());
  await clock.advance(0);
  const running = Array.from({ length: 99 }, () => board.start(ann, SPEC, held().run));
  const last = board.start(ann, SPEC, held().run);
  assert.equal(board.get(ann, done.id), undefined);
  assert.equal(board.list(ann).length, 100);
  assert.throws(
    () => board.start(ann, SPEC, held().run),
    (error) => reasonOf(error) === 'TooManyRequests',
  );
  board.start(ben, SPEC, held().run);
  board.cancel(ann, last.id);
  await clock.advance(0);
  await clock.advance(60 * 60_000 - 1);
  assert.equal(board.get(ann, last.id)?.state, 'cancelled');
  await clock.advance(1);
  assert.equal(board.get(ann, last.id), undefined);
  assert.equal(board.get(ann, running[0]!.id)?.state, 'requested');
  await board.close();
});

test('[TK5] observers are told at most every 250 ms, and the end at once', async () => {
  const { board, clock } = setUp();
  const seen: (string | undefined)[] = [];
  const stop = board.observe(ann, ({ message, state }) => seen.push(`${state} ${message ?? ''}`.trim()));
  const { run, end, report } = held();
  board.start(ann, SPEC, run);
  for (let count = 0; count < 10; count += 1) report().message(String(count));
  assert.deepEqual(seen, ['requested']);
  await clock.advance(250);
  assert.deepEqual(seen, ['requested', 'requested 9']);
  report().message('then');
  end.resolve();
  await clock.advance(0);
  assert.equal(seen.at(-1), 'observed then');
  await clock.advance(1000);
  assert.equal(seen.length, 3);
  stop();
  board.start(ann, SPEC, () => Promise.resolve());
  assert.equal(seen.length, 3);
  await board.close();
});

test('[TK6] steps are bounded and end with their task', async () => {
  const { board, clock } = setUp();
  const failing = held();
  const { id } = board.start(ann, { ...SPEC, steps: [{ title: 'a' }, { title: 'b' }] }, failing.run);
  failing.report().step(0, { state: 'done', detail: 'x'.repeat(5000) });
  failing.report().step(1, { state: 'running' });
  failing.report().step(7, { state: 'running' });
  failing.report().addSteps(Array.from({ length: 600 }, (_, index) => ({ title: `${index}` })));
  failing.end.reject(new StatusError('Conflict', 'no'));
  await clock.advance(0);
  const { steps } = board.get(ann, id)!;
  assert.equal(steps.length, 500);
  assert.deepEqual(
    steps.slice(0, 3).map(({ state }) => state),
    ['done', 'failed', 'skipped'],
  );
  assert.equal(steps[0]?.detail?.length, 2001);
  await board.close();
});

test('[TK7] closing ends every run and every timer', async () => {
  const { board, clock } = setUp();
  const { id } = board.start(ann, SPEC, held().run);
  board.start(ben, SPEC, held().run);
  await board.close();
  const task = board.get(ann, id);
  assert.deepEqual([task?.state, task?.status?.reason], ['failed', 'ServiceUnavailable']);
  assert.equal(clock.pending, 0);
  assert.throws(() => board.start(ann, SPEC, held().run), /stopping/);
});
