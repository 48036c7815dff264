import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { backoffMs, pause, systemClock, type Clock } from './clock.ts';
import { ManualClock } from './manual-clock.ts';

const clocks: [name: string, make: () => Clock & { pending?: number }][] = [
  ['the system clock', () => systemClock],
  ['a manual clock', () => new ManualClock()],
];

for (const [name, make] of clocks) {
  test(`[TE5] on ${name}, sleep ends with its signal and leaves nothing behind`, async () => {
    const clock = make();
    const controller = new AbortController();
    const slept = clock.sleep(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(slept, /enough/);
    await assert.rejects(clock.sleep(60_000, controller.signal), /enough/);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    assert.equal(clock.pending ?? 0, 0);
  });

  test(`[TE6] on ${name}, pause resolves when aborted`, async () => {
    const controller = new AbortController();
    const paused = pause(make(), 60_000, controller.signal);
    controller.abort();
    await paused;
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  });
}

test('[TE5] sleep resolves when its time has come, and drops its listener', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  let awake = false;
  const slept = clock.sleep(100, controller.signal).then(() => (awake = true));
  await clock.advance(99);
  assert.equal(awake, false);
  await clock.advance(1);
  await slept;
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('[TE6] pause passes on what is no abort', async () => {
  const broken = { sleep: () => Promise.reject(new Error('broken clock')) };
  await assert.rejects(pause(broken, 1, new AbortController().signal), /broken clock/);
});

test('[TE7] timers fire in time order, periodic ones again, disposed ones never', async () => {
  const clock = new ManualClock(0);
  const fired: string[] = [];
  clock.after(30, () => fired.push(`late ${clock.now()}`));
  clock.after(10, () => fired.push(`soon ${clock.now()}`));
  const stop = clock.every(20, () => fired.push(`tick ${clock.now()}`));
  clock.after(15, () => fired.push('never'))();
  assert.deepEqual(fired, []);
  await clock.advance(40);
  assert.deepEqual(fired, ['soon 10', 'tick 20', 'late 30', 'tick 40']);
  assert.equal(clock.pending, 1);
  stop();
  await clock.advance(100);
  assert.equal(fired.length, 4);
  assert.equal(clock.pending, 0);
  assert.equal(clock.now(), 140);
});

test('[TE7] a timer set by a timer fires in the same advance when it is due', async () => {
  const clock = new ManualClock(0);
  const fired: number[] = [];
  clock.after(10, () => clock.after(10, () => fired.push(clock.now())));
  await clock.advance(20);
  assert.deepEqual(fired, [20]);
});

test('[TE8] back-off lies in the upper half of a ceiling that grows and stops growing', () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.integer({ min: 1, max: 5_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, baseMs, chance) => {
        const maxMs = 30_000;
        const ceiling = Math.min(maxMs, baseMs * 2 ** attempt);
        const delayMs = backoffMs({ random: () => chance }, attempt, { baseMs, maxMs });
        assert.ok(delayMs >= ceiling / 2 && delayMs <= ceiling);
      },
    ),
  );
});
