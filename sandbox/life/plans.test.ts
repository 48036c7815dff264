import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rollingSizes, templateHash } from './controllers/deployment-plan.ts';
import { planJob, ranges } from './controllers/job-plan.ts';
import { scheduleTimes } from './controllers/cron-jobs.ts';
import { RingLog } from './container-log.ts';
import type { NodeObject, Pod } from './pod-types.ts';
import { millicores, quantity } from './quantity.ts';
import { NO_USAGE, misfits, unschedulableMessage } from './scheduler/node-fit.ts';
import { TimerQueue } from './timer-queue.ts';
import type { CronJob, Deployment, Job, ReplicaSet } from './workload-types.ts';
import { ManualClock } from '@krateyard/telemetry/manual-clock';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 30);

function deployment(
  replicas: number,
  maxSurge: number | string,
  maxUnavailable: number | string,
): Deployment {
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [] } };
  return {
    metadata: { name: 'a' },
    spec: { replicas, selector: {}, template, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } },
  };
}

function set(name: string, replicas: number, available: number): ReplicaSet {
  const template = { spec: { containers: [] } };
  return {
    metadata: { name, uid: name, creationTimestamp: name },
    spec: { replicas, selector: {}, template },
    status: { availableReplicas: available },
  };
}

for (const [what, surge, unavailable, current, old, sizes] of [
  ['grows by the surge', 1, 0, [0, 0], [4, 4], { new: 1 }],
  ['25% of 4 are 1', '25%', '25%', [0, 0], [4, 4], { new: 1 }],
  ['waits for the new to be available', 1, 0, [1, 0], [4, 4], {}],
  ['shrinks the old when a new one is available', 1, 0, [1, 1], [4, 4], { old: 3 }],
  ['takes broken old pods away first', 1, 1, [1, 0], [4, 2], { old: 3 }],
  ['has all new at the end', 1, 0, [4, 4], [1, 1], { old: 0 }],
] as const)
  test(`[SL2] a rolling update ${what}`, () => {
    const planned = rollingSizes(deployment(4, surge, unavailable), set('new', current[0], current[1]), [
      set('old', old[0], old[1]),
    ]);
    const changed = planned.filter(({ set: each, replicas }) => each.spec.replicas !== replicas);
    assert.deepEqual(
      Object.fromEntries(changed.map(({ set: each, replicas }) => [each.metadata.name, replicas])),
      sizes,
    );
  });

test('[SL1] the hash of a template depends on the template alone', () => {
  const template = { spec: { containers: [{ name: 'a', image: 'x' }] } };
  assert.equal(templateHash(template, 0), templateHash(structuredClone(template), 0));
  assert.notEqual(templateHash(template, 0), templateHash(template, 1));
  assert.match(templateHash(template, 0), /^[bcdfghjklmnpqrstvwxz2456789]+$/);
});

function node(name: string, spec: NodeObject['spec'] = {}, labels = {}): NodeObject {
  return {
    metadata: { name, labels },
    spec,
    status: { allocatable: { cpu: '2', memory: '4Gi', pods: '3' } },
  };
}

function asking(spec: object): Pod {
  return {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }], ...spec },
  };
}

for (const [what, pod, target, usage, reasons] of [
  ['fits', asking({}), node('n'), NO_USAGE, []],
  ['asks for too much', asking({}), node('n'), { ...NO_USAGE, cpu: 1500 }, ['Insufficient cpu']],
  ['is one too many', asking({}), node('n'), { ...NO_USAGE, pods: 3 }, ['Too many pods']],
  [
    'meets a cordon',
    asking({}),
    node('n', { unschedulable: true }),
    NO_USAGE,
    ['node(s) were unschedulable'],
  ],
  [
    'meets a taint',
    asking({}),
    node('n', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] }),
    NO_USAGE,
    ['node(s) had untolerated taint {k: v}'],
  ],
  [
    'tolerates the taint',
    asking({ tolerations: [{ operator: 'Exists' }] }),
    node('n', { taints: [{ key: 'k', effect: 'NoSchedule' }] }),
    NO_USAGE,
    [],
  ],
  [
    'wants another label',
    asking({ nodeSelector: { a: 'b' } }),
    node('n'),
    NO_USAGE,
    ["node(s) didn't match Pod's node affinity/selector"],
  ],
  ['has its label', asking({ nodeSelector: { a: 'b' } }), node('n', {}, { a: 'b' }), NO_USAGE, []],
] as const)
  test(`[SL20] a pod ${what}`, () => assert.deepEqual(misfits(pod, target, usage), reasons));

test('[SL20] the refusal counts the nodes by reason', () => {
  assert.equal(
    unschedulableMessage([
      ['Insufficient cpu'],
      ['Insufficient cpu', 'Too many pods'],
      ['node(s) were unschedulable'],
    ]),
    '0/3 nodes are available: 1 Too many pods, 1 node(s) were unschedulable, 2 Insufficient cpu. no new claims to deallocate, ' +
      'preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
  );
});

function podIn(phase: 'Running' | 'Succeeded' | 'Failed', at = NOW): Pod {
  const finishedAt = new Date(at).toISOString();
  const terminated = { exitCode: 0, reason: 'x', startedAt: finishedAt, finishedAt, containerID: '' };
  const status = {
    name: 'c',
    image: '',
    imageID: '',
    ready: false,
    restartCount: 0,
    state: { terminated },
    lastState: {},
  };
  return {
    metadata: { name: 'p', creationTimestamp: finishedAt },
    spec: { containers: [] },
    status: { phase, containerStatuses: [status] },
  };
}

function job(spec: object): Job {
  return { metadata: { name: 'j' }, spec: { template: { spec: { containers: [] } }, ...spec } };
}

for (const [what, spec, pods, create, ended] of [
  ['starts one pod', {}, [], 1, undefined],
  ['starts as many as may run together', { completions: 5, parallelism: 2 }, [], 2, undefined],
  [
    'starts no more than are missing',
    { completions: 3, parallelism: 3 },
    [podIn('Succeeded'), podIn('Succeeded')],
    1,
    undefined,
  ],
  ['waits after a failure', {}, [podIn('Failed', NOW - 5000)], 0, undefined],
  ['tries again when the wait is over', {}, [podIn('Failed', NOW - 11_000)], 1, undefined],
  ['is complete', {}, [podIn('Succeeded')], 0, 'Complete'],
  ['has failed', { backoffLimit: 0 }, [podIn('Failed')], 0, 'Failed'],
  ['is suspended', { suspend: true }, [], 0, undefined],
] as const)
  test(`[SL8] a Job ${what}`, () => {
    const plan = planJob(job(spec), pods, NOW);
    assert.equal(plan.create, create);
    assert.equal(plan.ended?.type, ended);
  });

test('[SL8] finished indexes are told as ranges', () => assert.equal(ranges([5, 0, 2, 1, 9]), '0-2,5,9'));

for (const [schedule, last, due, next] of [
  ['* * * * *', '2026-01-01T11:59:00Z', '2026-01-01T12:00:00Z', '2026-01-01T12:01:00Z'],
  ['* * * * *', '2026-01-01T12:00:00Z', undefined, '2026-01-01T12:01:00Z'],
  ['*/5 * * * *', '2026-01-01T11:55:00Z', '2026-01-01T12:00:00Z', '2026-01-01T12:05:00Z'],
  ['@hourly', '2026-01-01T12:00:00Z', undefined, '2026-01-01T13:00:00Z'],
  ['not a schedule', '2026-01-01T12:00:00Z', undefined, undefined],
] as const)
  test(`[SL9] ${schedule} after ${last}`, () => {
    const cron = {
      metadata: {},
      spec: { schedule },
      status: { lastScheduleTime: last },
    } as unknown as CronJob;
    const times = scheduleTimes(cron, NOW);
    const shown = (ms: number | undefined): string | undefined =>
      ms === undefined ? undefined : new Date(ms).toISOString().replace('.000', '');
    assert.deepEqual([shown(times.due), shown(times.next)], [due, next]);
  });

test('[SL20] quantities are read in all their forms', () => {
  const texts = ['1', '500m', '1Gi', '2k', '1e3', '0.5', '', 'x'];
  assert.deepEqual(
    texts.map((text) => quantity(text)),
    [1, 0.5, 2 ** 30, 2000, 1000, 0.5, 0, 0],
  );
  assert.equal(millicores('1500m'), 1500);
});

test('[SL50] a log is bounded: the oldest lines go', () => {
  const log = new RingLog(() => 0, 1000);
  for (let index = 0; index < 500; index++) log.write(`line ${index}\n`);
  assert.ok(log.end() - log.first() < 120);
  assert.equal(log.end(), 500);
  assert.equal(log.line(499).text, 'line 499');
});

test('[SL62] timers share one timer and fire in order', async () => {
  const clock = new ManualClock();
  const timers = new TimerQueue(clock);
  const fired: number[] = [];
  for (const ms of [30, 10, 20, 10]) timers.after(ms, () => fired.push(ms));
  timers.after(15, () => fired.push(15))();
  assert.equal(clock.pending, 1);
  await clock.advance(100);
  assert.deepEqual(fired, [10, 10, 20, 30]);
  assert.equal(clock.pending, 0);
});
