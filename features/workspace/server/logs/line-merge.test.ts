import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LineBytes } from '@krateyard/kube/stream/line-bytes';
import { msToTime } from '@krateyard/kube/stream/log-time';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { LineMerge } from './line-merge.ts';

const lines = (...times: readonly number[]): LineBytes =>
  new LineBytes(Buffer.from(times.map((ms) => `${msToTime(ms)} ${ms}\n`).join('')), times.length);

function merging(clock: ManualClock) {
  const told: { readonly source: string; readonly text: string; readonly at: string }[] = [];
  const room = { is: true };
  const merge = new LineMerge<string>({
    clock,
    windowMs: 250,
    pastMs: 2_000,
    longestPastMs: 10_000,
    maxBytes: 1 << 20,
    hasRoom: () => room.is,
    emit: (source, block) => told.push(...block.lines().map(({ text, at }) => ({ source, text, at }))),
    ended: () => {},
    flush: () => {},
  });
  return { told, room, merge, texts: () => told.map(({ text }) => text).join(' ') };
}

test('[LG7] the past of many sources comes in the order of time, however it arrives', async () => {
  const log = fc
    .array(fc.nat({ max: 1000 }), { maxLength: 20 })
    .map((times) => times.toSorted((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(
      fc.array(log, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      async (logs, picks) => {
        const clock = new ManualClock();
        const { told, merge } = merging(clock);
        const lanes = logs.map((times, index) => ({ lane: merge.add(String(index)), times: [...times] }));
        const open = new Set(lanes);
        while (open.size > 0) {
          const some = [...open];
          const one = some[picks.next().value! % some.length]!;
          const batch = one.times.splice(0, 1 + (picks.next().value! % 4));
          if (batch.length > 0) void one.lane.push(lines(...batch));
          else if (open.delete(one)) one.lane.end();
        }
        await clock.advance(3_000);
        assert.equal(told.length, logs.flat().length);
        const times = told.map(({ at }) => at);
        assert.deepEqual(times, times.toSorted());
        merge.close();
        assert.equal(clock.pending, 0);
      },
    ),
    { numRuns: 200 },
  );
});

test('[LG7] what is new waits for the window, and is in order within it', async () => {
  const clock = new ManualClock();
  const { merge, texts } = merging(clock);
  const [a, b] = [merge.add('a'), merge.add('b')];
  a.caughtUp();
  b.caughtUp();
  void a.push(lines(20));
  assert.equal(texts(), '');
  await clock.advance(100);
  void b.push(lines(10));
  assert.equal(texts(), '10');
  await clock.advance(150);
  assert.equal(texts(), '10 20');
  merge.close();
  assert.equal(clock.pending, 0);
});

test('[LG7] a source that does not answer holds up the past of others for a bounded time', async () => {
  const clock = new ManualClock();
  const { merge, texts } = merging(clock);
  const [a] = [merge.add('a'), merge.add('silent')];
  void a.push(lines(1));
  await clock.advance(1_999);
  assert.equal(texts(), '');
  await clock.advance(1);
  assert.equal(texts(), '1');
  merge.close();
});

test('[LG7] while pasts come, one after the other, the rest is waited for, in all for a bounded time', async () => {
  const clock = new ManualClock();
  const { merge, texts } = merging(clock);
  const slow = Array.from({ length: 12 }, (_, index) => merge.add(String(index)));
  for (const [index, lane] of slow.entries()) {
    await clock.advance(900);
    assert.equal(texts(), index < 11 ? '' : '91 92 93 94 95 96 97 98 99 100 101');
    void lane.push(lines(101 - index));
    lane.caughtUp();
  }
  await clock.advance(250);
  assert.equal(texts(), '91 92 93 94 95 96 97 98 99 100 101 90');
  merge.close();
  assert.equal(clock.pending, 0);
});

test('[LG21] without room nothing is emitted and who pushes waits; nothing is lost', async () => {
  const clock = new ManualClock();
  const { merge, room, told } = merging(clock);
  const lane = merge.add('a');
  room.is = false;
  let waited = false;
  const pushed = lane.push(lines(1))?.then(() => (waited = true));
  assert.ok(pushed);
  await clock.advance(10_000);
  assert.ok(!waited && told.length === 0);
  room.is = true;
  merge.pump();
  await pushed;
  assert.equal(told.length, 1);
  merge.close();
});

test('[LG2] a marker keeps its place between lines', () => {
  const { merge, told } = merging(new ManualClock());
  const lane = merge.add('a');
  const before: number[] = [];
  void lane.push(lines(1));
  lane.mark(() => before.push(told.length));
  void lane.push(lines(2));
  lane.mark(() => before.push(told.length));
  assert.deepEqual(before, [1, 2]);
  merge.close();
});
