import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { roleLines } from './access-facts.ts';
import { autoscalerVerdict, budgetVerdict, metricsOf } from './autoscaler-facts.ts';
import { containersOf, withoutSaid } from './container-facts.ts';
import { cronJobVerdict, jobVerdict, tookMs } from './job-facts.ts';
import { eventSelector, isAbout, mergedEvents, MAX_EVENTS, remember } from './merged-events.ts';
import { nodeResources, nodeVerdict, podAmount, taintTexts } from './node-facts.ts';
import { podVerdict } from './pod-verdict.ts';
import { quotaLines } from './quota-facts.ts';
import { endpointsOf, routesOf, serviceVerdict } from './service-facts.ts';
import { claimVerdict, volumeSourceText, volumeVerdict } from './storage-facts.ts';
import { rolloutOf, selectorText, strategyText, workloadVerdict } from './workload-facts.ts';

const NOW = Date.parse('2026-05-04T12:00:00Z');
const object = (rest: object, metadata: object = {}): LiveObject => ({
  metadata: { name: 'x', namespace: 'a', ...metadata },
  ...rest,
});

test('[OP5] a pod that crashes says which container, how often, and how it last ended', () => {
  const pod = object({
    spec: {
      containers: [
        {
          name: 'main',
          image: 'r/web:1',
          env: [
            { name: 'A', value: 'plain' },
            { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
          ],
          readinessProbe: { httpGet: { port: 'http', path: '/ok' }, periodSeconds: 5 },
          resources: { requests: { cpu: '100m' }, limits: { cpu: '500m', memory: '1Gi' } },
        },
      ],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'main',
          restartCount: 7,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
          lastState: {
            terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-05-04T11:59:00Z' },
          },
        },
      ],
    },
  });
  const verdict = podVerdict(pod, NOW);
  assert.deepEqual(
    [verdict.word, verdict.text, verdict.reasons],
    [
      'Failed',
      'CrashLoopBackOff',
      [
        'Container main: CrashLoopBackOff (restarted 7 times); it ended with exit code 137 (OOMKilled) 60s ago – back-off 5m0s',
      ],
    ],
  );
  const [main] = containersOf(pod);
  assert.equal(main?.message, 'back-off 5m0s');
  assert.equal(withoutSaid(main, verdict.reasons).message, '', 'it is said above');
  assert.equal(withoutSaid(main, []).message, 'back-off 5m0s');
  assert.deepEqual(main?.probes, ['readiness: GET :http/ok every 5 s, fails after 3']);
  assert.deepEqual(main?.resources, ['cpu 100m cores to 500m cores', 'memory – to 1Gi']);
  assert.deepEqual(main?.environment, [
    { name: 'A', value: 'plain' },
    { name: 'B', from: { type: 'secret', name: 's', key: 'k' } },
  ]);
});

test('[OP5] a pod that cannot be placed says so in the words of the scheduler; one that is well says nothing', () => {
  const message = '0/3 nodes are available: 3 Insufficient cpu.';
  const waiting = object({
    spec: { containers: [{ name: 'c' }] },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
  });
  assert.deepEqual(podVerdict(waiting, NOW).reasons, [`Unschedulable: ${message}`]);
  const well = object({
    spec: { containers: [{ name: 'c' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        { name: 'c', ready: true, state: { running: { startedAt: '2026-05-04T11:00:00Z' } } },
      ],
    },
  });
  const verdict = podVerdict(well, NOW);
  assert.deepEqual(
    [verdict.word, verdict.text, verdict.reasons],
    ['Running', 'Running; its container is ready', []],
  );
});

test('[OP5] a workload says how far its rollout is and why it stalls', () => {
  const deployment = object(
    {
      spec: {
        replicas: 3,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      },
      status: {
        observedGeneration: 1,
        replicas: 4,
        updatedReplicas: 1,
        readyReplicas: 2,
        availableReplicas: 2,
        conditions: [
          { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
        ],
      },
    },
    { generation: 2 },
  );
  assert.deepEqual(rolloutOf(deployment), {
    desired: 3,
    current: 4,
    updated: 1,
    ready: 2,
    available: 2,
    behind: true,
  });
  const verdict = workloadVerdict(deployment, { group: 'apps', resource: 'deployments' });
  assert.equal(verdict.word, 'Failed');
  assert.ok(verdict.reasons.includes('ProgressDeadlineExceeded: timed out'));
  assert.equal(strategyText(deployment), 'RollingUpdate, at most 0 away, 25% more');
  assert.equal(
    selectorText({
      matchLabels: { app: 'x' },
      matchExpressions: [
        { key: 't', operator: 'In', values: ['a', 'b'] },
        { key: 'n', operator: 'DoesNotExist' },
      ],
    }),
    'app=x,t in (a,b),!n',
  );
});

test('[OP5] a node counts what its pods ask for as the scheduler does', () => {
  const container = (cpu: string, restartPolicy?: string): object => ({
    resources: { requests: { cpu } },
    ...(restartPolicy !== undefined && { restartPolicy }),
  });
  const pod = object({
    spec: {
      initContainers: [container('100m', 'Always'), container('2')],
      containers: [container('500m'), container('500m')],
      overhead: { cpu: '50m' },
    },
  });
  assert.equal(podAmount(pod, 'requests', 'cpu').nano, 2_150_000_000n);
  const node = object({
    spec: { unschedulable: true, taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] },
    status: {
      capacity: { cpu: '4', pods: '110' },
      allocatable: { cpu: '4', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  const ended = object({ spec: { containers: [container('1')] }, status: { phase: 'Succeeded' } });
  const [cpu, pods] = nodeResources(node, [pod, ended]);
  assert.deepEqual([cpu?.requested, cpu?.share, pods?.requested], ['2150m', 0.5375, '1']);
  assert.equal(nodeVerdict(node).text, 'Ready, but cordoned.');
  assert.deepEqual(taintTexts(node), ['k=v:NoSchedule']);
  const silent = object({
    status: { conditions: [{ type: 'Ready', status: 'Unknown', message: 'no news' }] },
  });
  assert.deepEqual([nodeVerdict(silent).word, nodeVerdict(silent).reasons], ['Failed', ['no news']]);
});

test('[OP5] a service is as well as its endpoints', () => {
  const slice = object({
    endpoints: [
      { addresses: ['10.0.0.1'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'p' } },
      { addresses: ['10.0.0.2'], conditions: { ready: false } },
      { addresses: ['10.0.0.1'], conditions: {} },
    ],
  });
  const endpoints = endpointsOf([slice]);
  assert.deepEqual(
    endpoints.map(({ address, ready }) => [address, ready]),
    [
      ['10.0.0.2', false],
      ['10.0.0.1', true],
    ],
  );
  const service = object({ spec: { type: 'LoadBalancer' } });
  assert.deepEqual(serviceVerdict(service, endpoints).reasons, [
    'It waits for a load balancer to give it an address.',
  ]);
  assert.equal(serviceVerdict(service, []).word, 'Failed');
  assert.equal(serviceVerdict(service, undefined).word, 'Unknown');
  const ingress = object({
    spec: {
      tls: [{ hosts: ['h'] }],
      rules: [
        {
          host: 'h',
          http: { paths: [{ path: '/a', backend: { service: { name: 's', port: { number: 80 } } } }] },
        },
      ],
      defaultBackend: { service: { name: 'd', port: { name: 'web' } } },
    },
  });
  assert.deepEqual(
    routesOf(ingress).map(({ host, path, service: to, port, tls }) => [host, path, to, port, tls]),
    [
      ['h', '/a', 's', '80', true],
      ['*', '*', 'd', 'web', false],
    ],
  );
});

test('[OP5] jobs, claims, quotas, budgets and autoscalers say what they wait for', () => {
  const failed = object({
    status: {
      startTime: '2026-05-04T11:00:00Z',
      failed: 2,
      conditions: [
        {
          type: 'Failed',
          status: 'True',
          reason: 'BackoffLimitExceeded',
          message: 'too often',
          lastTransitionTime: '2026-05-04T11:10:00Z',
        },
      ],
    },
  });
  assert.deepEqual(jobVerdict(failed).reasons, [
    'BackoffLimitExceeded: too often',
    '2 tries have failed so far.',
  ]);
  assert.equal(tookMs(failed, NOW), 600_000);
  assert.equal(cronJobVerdict(object({}), [failed]).word, 'Failed');
  assert.equal(claimVerdict(object({ status: { phase: 'Pending' } })).word, 'Pending');
  assert.equal(volumeVerdict(object({ status: { phase: 'Released' } })).word, 'Pending');
  assert.equal(volumeSourceText(object({ spec: { csi: { driver: 'd', volumeHandle: 'h' } } })), 'csi d h');
  const lines = quotaLines([
    object({ spec: { hard: { pods: '10', cpu: '0' } }, status: { used: { pods: '9' } } }, { name: 'q' }),
  ]);
  assert.deepEqual(
    lines.map(({ resource, share }) => [resource, share]),
    [
      ['cpu', 1],
      ['pods', 0.9],
    ],
  );
  const budget = object({ status: { expectedPods: 3, currentHealthy: 3, desiredHealthy: 3 } });
  assert.equal(budgetVerdict(budget).text, 'No pod may be evicted now.');
  const scaler = object({
    spec: { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 70 } } }] },
    status: {
      currentReplicas: 2,
      desiredReplicas: 4,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 95 } } }],
      conditions: [{ type: 'ScalingActive', status: 'True' }],
    },
  });
  assert.deepEqual(metricsOf(scaler), [{ name: 'Resource cpu', now: '95%', goal: '70%' }]);
  assert.equal(autoscalerVerdict(scaler).text, '2 replicas, on the way to 4.');
});

test('[OP5] a role is a matrix: the same thing in several rules is one line', () => {
  const role = object({
    rules: [
      { apiGroups: [''], resources: ['pods', 'pods/exec'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'impersonate'] },
      { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['*'] },
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ],
  });
  assert.deepEqual(
    roleLines(role).map(({ what, verbs, all, otherVerbs, names }) => [
      what,
      [...verbs].join(),
      all,
      otherVerbs.join(),
      names.join(),
    ]),
    [
      ['/healthz', 'get', false, '', ''],
      ['deployments (apps)', '*', true, '', 'web'],
      ['pods', 'get,list,impersonate', false, 'impersonate', ''],
      ['pods/exec', 'get', false, '', ''],
    ],
  );
});

const event = (uid: string, message: string, rest: object = {}): LiveObject =>
  object(
    { type: 'Warning', reason: 'BackOff', message, lastTimestamp: '2026-05-04T11:00:00Z', ...rest },
    { uid },
  );

test('[OP6] alike events are one, and what the API server forgets is kept while the page is open', () => {
  let memory = remember(new Map(), [
    event('1', 'Back-off 10s for pod a1b2c3d4', { count: 3, firstTimestamp: '2026-05-04T10:00:00Z' }),
    event('2', 'Back-off 20s for pod ffee0011', { count: 2, lastTimestamp: '2026-05-04T11:30:00Z' }),
    event('3', 'Something else'),
  ]);
  memory = remember(memory, [event('3', 'Something else', { count: 4 })]);
  assert.deepEqual(
    mergedEvents(memory).map(({ message, count, known }) => [message, count, known]),
    [
      ['Back-off 20s for pod ffee0011', 5, false],
      ['Something else', 4, true],
    ],
  );
  const many = Array.from({ length: MAX_EVENTS + 20 }, (_, at) => event(String(at), `m${at}`));
  assert.equal(remember(new Map(), many).size, MAX_EVENTS);
  assert.equal(eventSelector('Pod', 'a,b'), String.raw`involvedObject.kind=Pod,involvedObject.name=a\,b`);
  const other = event('9', 'm', { involvedObject: { uid: 'aaaa-bbbb' } });
  assert.deepEqual([isAbout(other, 'cccc-dddd'), isAbout(other, 'aaaa-bbbb')], [false, true]);
});

test('[OP7] no shape of an object is an error', () => {
  const anything = fc.anything({
    maxDepth: 3,
    values: [fc.constantFrom('x', '1', 'True', '2026-01-01T00:00:00Z', 5, true, null)],
  });
  const shape = fc.record({
    metadata: fc.constant({ name: 'x', namespace: 'a' }),
    spec: anything,
    status: fc.oneof(
      anything,
      fc.record({ conditions: fc.array(anything), containerStatuses: fc.array(anything), phase: anything }),
    ),
    rules: anything,
    subjects: anything,
  });
  fc.assert(
    fc.property(shape, (odd) => {
      const one = odd as unknown as LiveObject;
      podVerdict(one, NOW);
      containersOf(one);
      workloadVerdict(one, { group: 'apps', resource: 'deployments' });
      nodeVerdict(one);
      nodeResources(one, [one]);
      serviceVerdict(one, endpointsOf([one]));
      routesOf(one);
      jobVerdict(one);
      cronJobVerdict(one, [one]);
      claimVerdict(one);
      volumeVerdict(one);
      volumeSourceText(one);
      quotaLines([one]);
      metricsOf(one);
      autoscalerVerdict(one);
      budgetVerdict(one);
      roleLines(one);
      mergedEvents(remember(new Map(), [one]));
    }),
    { numRuns: 60 },
  );
});
