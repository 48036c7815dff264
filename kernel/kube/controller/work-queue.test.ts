import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { runReconciler, type Reconcile } from './run-reconciler.ts';
import { WorkQueue } from './work-queue.ts';

test('[KQ1] a key waits once, comes again when added meanwhile, and has one worker', async () => {
  const queue = new WorkQueue({ clock: new ManualClock() });
  queue.add('a');
  queue.add('a');
  queue.add('b');
  assert.equal(queue.length, 2);
  assert.equal(await queue.take(), 'a');
  queue.add('a');
  queue.add('a');
  assert.equal(await queue.take(), 'b');
  assert.equal(queue.length, 0, 'a is being worked on');
  queue.done('a');
  assert.equal(await queue.take(), 'a');
  queue.done('a');
  queue.done('b');
  assert.equal(queue.length, 0);
});

test('[KQ1] who waits for a key gets the next one', async () => {
  const queue = new WorkQueue({ clock: new ManualClock() });
  const taken = [queue.take(), queue.take()];
  queue.add('a');
  queue.add('b');
  assert.deepEqual(await Promise.all(taken), ['a', 'b']);
});

test('[KQ2] a failed key comes again later and later, then is given up until added', async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue({ clock, maxRetries: 3, retry: { baseMs: 100, maxMs: 200 } });
  queue.add('a');
  const pauses: number[] = [];
  for (;;) {
    assert.equal(await queue.take(), 'a');
    if (!queue.retry('a')) break;
    const began = clock.now();
    while (queue.length === 0) await clock.advance(1);
    pauses.push(clock.now() - began);
  }
  assert.deepEqual(pauses, [75, 150, 150]);
  assert.equal(clock.pending, 0);
  queue.add('a');
  await queue.take();
  assert.equal(queue.retry('a'), true, 'counted anew');
  queue.close();
});

test('[KQ2] a success forgets failures', async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue({ clock, maxRetries: 1 });
  for (let round = 0; round < 3; round += 1) {
    queue.add('a');
    await queue.take();
    assert.equal(queue.retry('a'), true);
    queue.add('a');
    await queue.take();
    queue.done('a');
  }
  assert.equal(clock.pending, 0);
});

test('[KQ3] a delayed key comes after its delay, and add overtakes it', async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue({ clock });
  queue.addAfter('a', 5000);
  queue.addAfter('a', 1000);
  queue.addAfter('b', 1000);
  queue.add('b');
  assert.equal(queue.length, 1);
  assert.equal(await queue.take(), 'b');
  await clock.advance(999);
  assert.equal(queue.length, 0);
  await clock.advance(1);
  assert.equal(await queue.take(), 'a');
  assert.equal(clock.pending, 0);
});

test('[KQ4] at the end workers finish what they have and take nothing more', async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue({ clock });
  const stop = new AbortController();
  const held = Promise.withResolvers<void>();
  const began: string[] = [];
  const finished: string[] = [];
  const reconcile: Reconcile = async (key) => {
    began.push(key);
    await held.promise;
    finished.push(key);
    return { requeueAfterMs: 1000 };
  };
  const running = runReconciler({ queue, reconcile, workers: 2, logger: silentLogger, signal: stop.signal });
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await clock.advance(0);
  stop.abort();
  held.resolve();
  await running;
  assert.deepEqual(
    [began, finished],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  );
  assert.equal(clock.pending, 0);
  queue.add('d');
  queue.addAfter('e', 1);
  assert.deepEqual([await queue.take(), clock.pending], [undefined, 0]);
});

test('[KQ2] [KQ3] a reconciler tries again after failures and when asked to', async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue({ clock });
  const stop = new AbortController();
  const tries: number[] = [];
  const reconcile: Reconcile = (): ReturnType<Reconcile> => {
    tries.push(clock.now());
    if (tries.length < 3) return Promise.reject(new Error('not yet'));
    return Promise.resolve(tries.length === 3 ? { requeueAfterMs: 60_000 } : undefined);
  };
  const running = runReconciler({ queue, reconcile, workers: 1, logger: silentLogger, signal: stop.signal });
  queue.add('a');
  await clock.advance(0);
  await clock.advance(120_000);
  stop.abort();
  await running;
  assert.deepEqual(
    tries.map((at) => at - tries[0]!),
    [0, 150, 450, 60_450],
  );
});
