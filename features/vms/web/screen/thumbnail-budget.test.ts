import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { ThumbnailBudget } from './thumbnail-budget.ts';

/** Machines whose pictures come when told. */
function wall() {
  const clock = new ManualClock();
  const asked: string[] = [];
  const open = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  let most = 0;
  const budget = new ThumbnailBudget({
    clock,
    ask: (key, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      asked.push(key);
      open.set(key, { resolve, reject });
      most = Math.max(most, open.size);
      signal.addEventListener('abort', () => {
        open.delete(key);
        reject(new Error('aborted'));
      });
      return promise;
    },
  });
  const answer = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      open.get(key)!.resolve();
      open.delete(key);
    }
    await setImmediate();
  };
  const fail = async (key: string): Promise<void> => {
    open.get(key)!.reject(new Error('no picture'));
    open.delete(key);
    await setImmediate();
  };
  return { clock, asked, open, budget, answer, fail, most: () => most };
}

const set = (text: string): ReadonlySet<string> => new Set(text);

test('[SW10] four at a time, who has waited longest first', async () => {
  const { asked, budget, answer, most } = wall();
  budget.want(set('abcdef'));
  assert.equal(asked.join(''), 'abcd');
  await answer('b');
  assert.equal(asked.join(''), 'abcde');
  await answer('a', 'c', 'd', 'e');
  assert.equal(asked.join(''), 'abcdef');
  assert.equal(most(), 4);
  budget.stop();
});

test('[SW10] each at most every five seconds, also when it comes back into view', async () => {
  const { clock, asked, budget, answer } = wall();
  budget.want(set('a'));
  await answer('a');
  await clock.advance(4_999);
  budget.want(set(''));
  budget.want(set('a'));
  assert.equal(asked.join(''), 'a');
  await clock.advance(1);
  assert.equal(asked.join(''), 'aa');
  budget.stop();
});

test('[SW10] who leaves the view is not waited for', async () => {
  const { asked, open, budget } = wall();
  budget.want(set('abcde'));
  budget.want(set('e'));
  await setImmediate();
  assert.equal(asked.join(''), 'abcde');
  assert.deepEqual([...open.keys()], ['e']);
  budget.stop();
});

test('[SW10] nothing is asked while it pauses; after that at once', async () => {
  const { clock, asked, open, budget } = wall();
  budget.want(set('ab'));
  budget.pause(true);
  await setImmediate();
  assert.equal(open.size, 0);
  await clock.advance(60_000);
  budget.want(set('abc'));
  assert.equal(asked.join(''), 'ab');
  budget.pause(false);
  assert.equal(asked.join(''), 'abcab');
  budget.stop();
});

test('[SW10] pictures that fail are asked for less and less, and again soon after one has come', async () => {
  const { clock, asked, budget, answer, fail } = wall();
  budget.want(set('a'));
  for (const waitMs of [10_000, 20_000, 40_000, 60_000, 60_000]) {
    const before = asked.length;
    await fail('a');
    await clock.advance(waitMs - 1);
    assert.equal(asked.length, before);
    await clock.advance(1);
    assert.equal(asked.length, before + 1);
  }
  await answer('a');
  const before = asked.length;
  await clock.advance(5_000);
  assert.equal(asked.length, before + 1);
  budget.stop();
});

test('[SW10] when it stops no timer and no request stays', async () => {
  const { clock, open, budget, answer } = wall();
  budget.want(set('ab'));
  await answer('a');
  budget.stop();
  await setImmediate();
  assert.deepEqual([clock.pending, open.size], [0, 0]);
});
