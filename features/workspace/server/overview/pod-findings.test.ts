import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { anything, assert as holds, property } from 'fast-check';
import { OVERVIEW_KINDS } from './overview-kinds.ts';
import { podFacts } from './pod-facts.ts';
import { derivePod } from './pod-findings.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z');
const MINUTE = 60;

type Fields = Record<string, unknown>;

function pod(status: Fields, metadata: Fields = {}, spec: Fields = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'shop', creationTimestamp: ago(20 * MINUTE), ...metadata },
    spec: { nodeName: 'n1', containers: [{ name: 'web', image: 'web:1' }], ...spec },
    status,
  };
}

const notReady = (since: string): Fields => ({
  type: 'Ready',
  status: 'False',
  reason: 'ContainersNotReady',
  message: 'containers with unready status: [web]',
  lastTransitionTime: since,
});

const waiting = (reason: string, message: string, more: Fields = {}): Fields => ({
  name: 'web',
  image: 'web:1',
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
  ...more,
});

const findingOf = (object: KubeObject, now = NOW) => derivePod(object, { now }).findings[0];

test('[OV2] a pod that runs and is ready, one that is done, and a new one are well', () => {
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: ago(10) };
  assert.equal(findingOf(pod({ phase: 'Running', conditions: [ready] })), undefined);
  assert.equal(findingOf(pod({ phase: 'Succeeded' })), undefined);
  const fresh = pod({ phase: 'Pending', conditions: [notReady(ago(5))] }, { creationTimestamp: ago(5) });
  const derived = derivePod(fresh, { now: NOW });
  assert.deepEqual([derived.findings, derived.revisitAt], [[], NOW + 295_000]);
  assert.equal(findingOf(fresh, NOW + 295_000)?.cause, 'not-starting');
});

test('[OV2] an image that cannot be pulled, with what the kubelet says', () => {
  const message = 'Back-off pulling image "web:none": ErrImagePull: not found';
  const found = findingOf(
    pod({
      phase: 'Pending',
      conditions: [notReady(ago(300))],
      containerStatuses: [waiting('ImagePullBackOff', message)],
    }),
  );
  assert.deepEqual(found, {
    cause: 'image-pull',
    severity: 'critical',
    since: NOW - 300_000,
    reason: 'ImagePullBackOff',
    message,
  });
});

test('[OV2] a crash loop tells its last exit and its restarts, also between two crashes', () => {
  const terminated = { exitCode: 137, reason: 'OOMKilled', finishedAt: ago(60), startedAt: ago(70) };
  const status = {
    phase: 'Running',
    conditions: [notReady(ago(60))],
    containerStatuses: [
      waiting('CrashLoopBackOff', 'back-off 2m40s restarting failed container', {
        restartCount: 7,
        lastState: { terminated },
      }),
    ],
  };
  const looping = findingOf(pod(status));
  assert.equal(looping?.cause, 'crash-loop');
  assert.deepEqual(
    [looping.reason, looping.message, looping.restarts],
    ['OOMKilled', 'exit code 137 (OOMKilled)', 7],
  );
  const between = pod({
    ...status,
    containerStatuses: [
      {
        name: 'web',
        ready: false,
        restartCount: 8,
        state: { running: { startedAt: ago(2) } },
        lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: ago(30) } },
      },
    ],
  });
  assert.deepEqual([findingOf(between)?.cause, findingOf(between)?.message], ['crash-loop', 'exit code 1']);
  const derived = derivePod(between, { now: NOW });
  assert.equal(derived.revisitAt, NOW - 30_000 + 6 * 60_000);
});

test('[OV2] no node: the scheduler’s own words, a warning at first, critical after two minutes', () => {
  const message = '0/3 nodes are available: 3 Insufficient cpu.';
  const unschedulable = (since: string): KubeObject =>
    pod(
      {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message,
            lastTransitionTime: since,
          },
        ],
      },
      {},
      { nodeName: undefined },
    );
  const fresh = derivePod(unschedulable(ago(10)), { now: NOW });
  assert.deepEqual(
    [fresh.findings[0]?.severity, fresh.findings[0]?.message, fresh.revisitAt],
    ['warning', message, NOW + 110_000],
  );
  assert.equal(findingOf(unschedulable(ago(121)))?.severity, 'critical');
});

test('[OV2] evicted, failed and failing configuration each have their cause; a Job’s pod does not count', () => {
  const evicted = pod({
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: memory.',
  });
  assert.equal(findingOf(evicted)?.cause, 'evicted');
  const failed = {
    phase: 'Failed',
    containerStatuses: [
      {
        name: 'web',
        state: { terminated: { exitCode: 2, reason: 'Error', finishedAt: ago(40), message: 'no' } },
      },
    ],
  };
  const lone = findingOf(pod(failed));
  assert.deepEqual(
    [lone?.cause, lone?.message, lone?.since],
    ['failed-pod', 'exit code 2: no', NOW - 40_000],
  );
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'j', controller: true };
  assert.equal(findingOf(pod(failed, { ownerReferences: [owner] })), undefined);
  const config = pod({
    phase: 'Pending',
    containerStatuses: [waiting('CreateContainerConfigError', 'secret "x" not found')],
  });
  assert.deepEqual(
    [findingOf(config)?.cause, findingOf(config)?.message],
    ['container-config', 'secret "x" not found'],
  );
});

test('[OV2] killed for memory and running again is told for six hours', () => {
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      {
        name: 'web',
        ready: true,
        restartCount: 1,
        state: { running: {} },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: ago(3600) } },
      },
    ],
  };
  const derived = derivePod(pod(status), { now: NOW });
  assert.equal(derived.findings[0]?.cause, 'out-of-memory');
  assert.equal(findingOf(pod(status), derived.revisitAt), undefined);
});

test('[OV2] a deletion is told when it does not end', () => {
  const leaving = pod({ phase: 'Running' }, { deletionTimestamp: ago(30), finalizers: ['example.com/hold'] });
  assert.equal(findingOf(leaving), undefined);
  const later = findingOf(leaving, NOW + 60_000);
  assert.deepEqual([later?.cause, later?.message], ['stuck-deletion', 'held by example.com/hold']);
});

test('[OV2] not ready for long though it runs', () => {
  const found = findingOf(pod({ phase: 'Running', conditions: [notReady(ago(6 * MINUTE))] }));
  assert.deepEqual([found?.cause, found?.reason], ['not-ready', 'ContainersNotReady']);
});

test('[OV4] a pod asks for the most that it needs at once', () => {
  const resources = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
  const asked = podFacts(
    pod(
      { phase: 'Running' },
      {},
      {
        overhead: { cpu: '10m', memory: '1Mi' },
        initContainers: [
          { name: 'proxy', restartPolicy: 'Always', ...resources('100m', '64Mi') },
          { name: 'migrate', ...resources('1500m', '32Mi') },
        ],
        containers: [
          { name: 'web', ...resources('250m', '128Mi') },
          { name: 'side', ...resources('0.5', '1Gi') },
        ],
      },
    ),
  );
  // Migrate beside the proxy takes the most CPU; all that stay, the most memory.
  assert.deepEqual(asked.requests, { cpu: 1600 + 10, memory: (64 + 128 + 1024 + 1) * 1024 ** 2 });
  assert.deepEqual(asked.limits, { cpu: 0, memory: 0 });
  assert.equal(podFacts(pod({ phase: 'Succeeded' })).requests, undefined);
});

test('[OV2] whatever an object holds, it is read', () => {
  holds(
    property(anything(), anything(), anything(), (spec, status, metadata) => {
      const extra = typeof metadata === 'object' && metadata !== null ? metadata : {};
      const object = { ...pod({}, extra as Fields), spec, status } as unknown as KubeObject;
      for (const { derive } of OVERVIEW_KINDS) {
        derive?.(object, { now: NOW, storageClass: () => undefined });
      }
    }),
    { numRuns: 3000 },
  );
});
