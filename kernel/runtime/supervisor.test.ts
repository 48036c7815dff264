import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { noMetrics } from '@krateyard/telemetry/metrics';
import type { Runnable } from './runnable.ts';
import { Supervisor } from './supervisor.ts';
import { untilAbort } from './until-abort.ts';

const around = (clock: ManualClock): ConstructorParameters<typeof Supervisor>[0] => ({
  clock,
  logger: silentLogger,
  metrics: noMetrics,
});

const part = (name: string, log: string[]): Runnable => ({
  name,
  start: async (signal) => {
    log.push(`+${name}`);
    await untilAbort(signal);
    log.push(`-${name}`);
  },
});

test('[RT40] parts start by stage and stop in reverse', async () => {
  const supervisor = new Supervisor(around(new ManualClock()));
  const log: string[] = [];
  supervisor.add('leader-elected', part('leader', log));
  supervisor.add('features', part('room', log));
  supervisor.add('health', part('health', log));
  supervisor.add('caches', part('cache', log));
  supervisor.start();
  assert.equal(await supervisor.stop(1_000), true);
  assert.deepEqual(log, ['+health', '+cache', '+room', '+leader', '-leader', '-room', '-cache', '-health']);
  assert.ok(supervisor.states().every(({ state }) => state === 'stopped'));
});

test('[RT41] a part that fails starts again after a growing wait; the others go on', async () => {
  const clock = new ManualClock();
  const supervisor = new Supervisor(around(clock));
  const starts: number[] = [];
  const log: string[] = [];
  supervisor.add('features', {
    name: 'failing',
    start: () => {
      starts.push(clock.now());
      return starts.length === 2 ? Promise.resolve() : Promise.reject(new Error('bug'));
    },
  });
  supervisor.add('features', part('steady', log));
  supervisor.start();
  await clock.advance(0);
  await clock.advance(10_000);
  const waits = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  // Half of 500 ms, 1 s, 2 s … plus half of that again, as random() is 0.5 here.
  assert.deepEqual(waits.slice(0, 4), [375, 750, 1_500, 3_000]);
  assert.deepEqual(log, ['+steady']);
  assert.equal(supervisor.states().find(({ name }) => name === 'failing')?.state, 'restarting');
  assert.equal(await supervisor.stop(1_000), true);
  assert.equal(clock.pending, 0);
});

test('[RT41] a part that throws at once, or ran long before it failed, is started again too', async () => {
  const clock = new ManualClock();
  const supervisor = new Supervisor(around(clock));
  const starts: number[] = [];
  supervisor.add('features', {
    name: 'throws',
    start: () => {
      starts.push(clock.now());
      if (starts.length < 4) throw new Error('bug');
      return clock.sleep(120_000).then(() => Promise.reject(new Error('later')));
    },
  });
  supervisor.start();
  await clock.advance(0);
  await clock.advance(130_000);
  assert.equal(starts.length, 5);
  assert.equal((starts[4] ?? 0) - (starts[3] ?? 0), 120_000 + 375);
  void supervisor.stop(0);
});

test('[RT42] stopping ends at its deadline and says so', async () => {
  const clock = new ManualClock();
  const supervisor = new Supervisor(around(clock));
  const log: string[] = [];
  supervisor.add('health', part('health', log));
  supervisor.add('features', { name: 'stuck', start: () => new Promise(() => {}) });
  supervisor.start();
  const stopped = supervisor.stop(5_000);
  await clock.advance(5_000);
  assert.equal(await stopped, false);
  assert.deepEqual(log, ['+health', '-health']);
});
