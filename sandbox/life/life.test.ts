import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Pod } from './pod-types.ts';
import { RESOURCES } from './resources.ts';
import { openTestCluster, type TestCluster } from './test-cluster.ts';
import type { CronJob, Deployment, Job, ReplicaSet, StatefulSet } from './workload-types.ts';

const NS = 'default';

function withCluster(name: string, run: (cluster: TestCluster) => Promise<void>): void {
  test(name, async () => {
    const cluster = await openTestCluster();
    try {
      await run(cluster);
    } finally {
      await cluster.stop();
    }
    assert.equal(cluster.clock.pending, 0);
  });
}

function workload(kind: string, name: string, spec: object, pod: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: NS },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image: 'nginx:1.27' }], ...pod },
      },
      ...spec,
    },
  };
}

function barePod(name: string, container: object, spec: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NS },
    spec: { containers: [{ name: 'c', image: 'busybox:1', ...container }], ...spec },
  };
}

function jobOf(name: string, script: string, spec: object = {}): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NS },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'c', image: 'busybox:1', command: ['sh', '-c', script] }],
        },
      },
      ...spec,
    },
  };
}

async function all<T extends KubeObject>(cluster: TestCluster, gvr: GroupVersionResource): Promise<T[]> {
  return (await cluster.client.list<T>(gvr, { namespace: NS })).items;
}

const podsOf = (cluster: TestCluster): Promise<Pod[]> => all<Pod>(cluster, RESOURCES.pods);

async function eventsOf(cluster: TestCluster, name: string): Promise<string[]> {
  const events = await all<
    KubeObject & { involvedObject: { name: string }; reason: string; message: string }
  >(cluster, RESOURCES.events);
  return events
    .filter((event) => event.involvedObject.name === name)
    .map((event) => `${event.reason}: ${event.message}`);
}

const sorted = (texts: readonly string[]): string[] => texts.toSorted((a, b) => (a < b ? -1 : 1));
const images = (pods: readonly Pod[]): string[] =>
  pods.map((pod) => pod.spec.containers[0]!.image!).toSorted();
const phases = (pods: readonly Pod[]): string[] => pods.map((pod) => pod.status!.phase!).toSorted();

withCluster('[SL1] a Deployment becomes running pods with addresses and events', async (cluster) => {
  await cluster.client.create(RESOURCES.deployments, workload('Deployment', 'web', { replicas: 3 }));
  await cluster.advance(5);
  const pods = await podsOf(cluster);
  assert.deepEqual(phases(pods), ['Running', 'Running', 'Running']);
  assert.equal(new Set(pods.map((pod) => pod.status!.podIP)).size, 3);
  const deployment = await cluster.client.get<Deployment>(RESOURCES.deployments, 'web', NS);
  assert.equal(deployment.status!.availableReplicas, 3);
  assert.equal(deployment.metadata.annotations!['deployment.kubernetes.io/revision'], '1');
  assert.deepEqual(
    deployment
      .status!.conditions!.map(({ type, status, reason }) => `${type} ${status} ${reason}`)
      .toSorted(),
    ['Available True MinimumReplicasAvailable', 'Progressing True NewReplicaSetAvailable'],
  );
  const set = (await all<ReplicaSet>(cluster, RESOURCES.replicaSets))[0]!.metadata.name!;
  assert.deepEqual(await eventsOf(cluster, 'web'), [
    `ScalingReplicaSet: Scaled up replica set ${set} from 0 to 3`,
  ]);
  const reasons = (await eventsOf(cluster, pods[0]!.metadata.name!)).map((event) => event.split(':')[0]);
  assert.deepEqual(reasons, ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']);
});

withCluster(
  '[SL2] a rolling update never has fewer than may be missing, and undo goes back',
  async (cluster) => {
    await cluster.client.create(RESOURCES.deployments, workload('Deployment', 'web', { replicas: 4 }));
    await cluster.advance(5);
    const update = { spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx:1.28' }] } } } };
    await cluster.client.patch(RESOURCES.deployments, 'web', NS, update);
    for (let step = 0; step < 60; step++) {
      await cluster.advance(0.25, 250);
      const { status } = await cluster.client.get<Deployment>(RESOURCES.deployments, 'web', NS);
      assert.ok((status!.availableReplicas ?? 0) >= 3, `available ${status!.availableReplicas}`);
      assert.ok((status!.replicas ?? 0) <= 5, `replicas ${status!.replicas}`);
    }
    assert.deepEqual(images(await podsOf(cluster)), Array<string>(4).fill('nginx:1.28'));
    update.spec.template.spec.containers[0]!.image = 'nginx:1.27';
    await cluster.client.patch(RESOURCES.deployments, 'web', NS, update);
    await cluster.advance(15);
    assert.deepEqual(images(await podsOf(cluster)), Array<string>(4).fill('nginx:1.27'));
    assert.equal((await all(cluster, RESOURCES.replicaSets)).length, 2);
    const { metadata } = await cluster.client.get(RESOURCES.deployments, 'web', NS);
    assert.equal(metadata.annotations!['deployment.kubernetes.io/revision'], '3');
  },
);

withCluster('[SL3] a rollout that does not progress says so after its deadline', async (cluster) => {
  const probe = {
    containers: [
      {
        name: 'c',
        image: 'shop/api:1-unready',
        ports: [{ containerPort: 80 }],
        readinessProbe: { httpGet: { path: '/', port: 80 } },
      },
    ],
  };
  await cluster.client.create(
    RESOURCES.deployments,
    workload('Deployment', 'stuck', { replicas: 1, progressDeadlineSeconds: 30 }, probe),
  );
  await cluster.advance(40, 1000);
  const { status } = await cluster.client.get<Deployment>(RESOURCES.deployments, 'stuck', NS);
  const progressing = status!.conditions!.find((each) => each.type === 'Progressing')!;
  assert.equal(progressing.reason, 'ProgressDeadlineExceeded');
  assert.equal(progressing.status, 'False');
});

withCluster('[SL4] Recreate takes all old pods away before it makes a new one', async (cluster) => {
  await cluster.client.create(
    RESOURCES.deployments,
    workload('Deployment', 'web', { replicas: 2, strategy: { type: 'Recreate' } }),
  );
  await cluster.advance(5);
  await cluster.client.patch(RESOURCES.deployments, 'web', NS, {
    spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx:1.28' }] } } },
  });
  for (let step = 0; step < 40; step++) {
    await cluster.advance(0.25, 250);
    assert.equal(new Set(images(await podsOf(cluster))).size <= 1, true);
  }
  assert.deepEqual(images(await podsOf(cluster)), ['nginx:1.28', 'nginx:1.28']);
});

withCluster('[SL5] a pod whose labels change leaves its set, which makes another', async (cluster) => {
  await cluster.client.create(RESOURCES.deployments, workload('Deployment', 'web', { replicas: 1 }));
  await cluster.advance(3);
  const [pod] = await podsOf(cluster);
  await cluster.client.patch(RESOURCES.pods, pod!.metadata.name!, NS, {
    metadata: { labels: { app: 'other' } },
  });
  await cluster.advance(3);
  const pods = await podsOf(cluster);
  assert.equal(pods.length, 2);
  assert.equal(
    pods.find((each) => each.metadata.name === pod!.metadata.name)!.metadata.ownerReferences?.length ?? 0,
    0,
  );
});

withCluster(
  '[SL6] a StatefulSet makes its pods in order, each with its claim, and takes the last away first',
  async (cluster) => {
    await cluster.client.create(RESOURCES.storageClasses, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'sandbox.krateyard.dev/provisioner',
    } as KubeObject);
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    await cluster.client.create(
      RESOURCES.statefulSets,
      workload('StatefulSet', 'db', { serviceName: 'db', replicas: 3, volumeClaimTemplates: [claim] }),
    );
    await cluster.advance(0.5);
    assert.deepEqual(
      (await podsOf(cluster)).map((pod) => pod.metadata.name),
      ['db-0'],
    );
    await cluster.advance(10);
    assert.deepEqual(
      (await podsOf(cluster)).map((pod) => pod.metadata.name),
      ['db-0', 'db-1', 'db-2'],
    );
    const claims = await all<KubeObject & { status: { phase: string } }>(
      cluster,
      RESOURCES.persistentVolumeClaims,
    );
    assert.deepEqual(
      claims.map((each) => `${each.metadata.name} ${each.status.phase}`),
      ['data-db-0 Bound', 'data-db-1 Bound', 'data-db-2 Bound'],
    );
    await cluster.client.patch(RESOURCES.statefulSets, 'db', NS, { spec: { replicas: 1 } });
    await cluster.advance(10);
    assert.deepEqual(
      (await podsOf(cluster)).map((pod) => pod.metadata.name),
      ['db-0'],
    );
    const { status } = await cluster.client.get<StatefulSet>(RESOURCES.statefulSets, 'db', NS);
    assert.equal(status!['readyReplicas'], 1);
    assert.equal((await all(cluster, RESOURCES.persistentVolumeClaims)).length, 3);
  },
);

withCluster('[SL7] a DaemonSet has one pod on every node, cordoned ones included', async (cluster) => {
  await cluster.client.patch(RESOURCES.nodes, 'node-1', undefined, { spec: { unschedulable: true } });
  await cluster.client.create(RESOURCES.daemonSets, workload('DaemonSet', 'agent', {}));
  await cluster.advance(5);
  assert.deepEqual(sorted((await podsOf(cluster)).map((pod) => pod.spec.nodeName!)), ['node-0', 'node-1']);
  const { status } = await cluster.client.get<StatefulSet>(RESOURCES.daemonSets, 'agent', NS);
  assert.equal(status!['numberReady'], 2);
});

withCluster('[SL8] a Job completes, a Job that fails too often has failed', async (cluster) => {
  await cluster.client.create(RESOURCES.jobs, jobOf('ok', 'echo done', { completions: 2 }));
  await cluster.client.create(RESOURCES.jobs, jobOf('bad', 'exit 3', { backoffLimit: 1 }));
  await cluster.advance(40);
  const ended = async (name: string): Promise<string | undefined> =>
    (await cluster.client.get<Job>(RESOURCES.jobs, name, NS))
      .status!.conditions?.map((each) => `${each.type} ${each.reason}`)
      .join(', ');
  assert.equal(await ended('ok'), 'SuccessCriteriaMet CompletionsReached, Complete CompletionsReached');
  assert.equal(await ended('bad'), 'FailureTarget BackoffLimitExceeded, Failed BackoffLimitExceeded');
  assert.equal((await cluster.client.get<Job>(RESOURCES.jobs, 'ok', NS)).status!.succeeded, 2);
  assert.equal((await cluster.client.get<Job>(RESOURCES.jobs, 'bad', NS)).status!.failed, 2);
});

withCluster('[SL9] a CronJob starts a Job every minute and keeps as many as it should', async (cluster) => {
  const cron = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: NS },
    spec: {
      schedule: '* * * * *',
      successfulJobsHistoryLimit: 2,
      jobTemplate: { spec: jobOf('x', 'date')['spec'] },
    },
  };
  await cluster.client.create(RESOURCES.cronJobs, cron as KubeObject);
  await cluster.advance(60 * 5, 1000);
  const jobs = await all<Job>(cluster, RESOURCES.jobs);
  assert.ok(jobs.length === 2 || jobs.length === 3, `${jobs.length} jobs`);
  assert.match(jobs[0]!.metadata.name!, /^tick-\d+$/);
  const { status } = await cluster.client.get<CronJob>(RESOURCES.cronJobs, 'tick', NS);
  assert.equal(status!.lastScheduleTime, '2026-01-01T00:05:00Z');
});

withCluster('[SL10] deleting an owner deletes what it owns, unless it is to be orphaned', async (cluster) => {
  await cluster.client.create(RESOURCES.deployments, workload('Deployment', 'a', { replicas: 1 }));
  await cluster.client.create(RESOURCES.deployments, workload('Deployment', 'b', { replicas: 1 }));
  await cluster.advance(4);
  await cluster.client.delete(RESOURCES.deployments, 'a', NS, { propagationPolicy: 'Background' });
  await cluster.client.delete(RESOURCES.deployments, 'b', NS, { propagationPolicy: 'Orphan' });
  await cluster.advance(5);
  assert.deepEqual(
    (await podsOf(cluster)).map((pod) => pod.metadata.labels!['app']),
    ['b'],
  );
  const [set] = await all<ReplicaSet>(cluster, RESOURCES.replicaSets);
  assert.deepEqual(set!.metadata.ownerReferences ?? [], []);
});

withCluster('[SL10] a foreground deletion waits for the pods', async (cluster) => {
  await cluster.client.create(RESOURCES.deployments, workload('Deployment', 'a', { replicas: 2 }));
  await cluster.advance(4);
  await cluster.client.delete(RESOURCES.deployments, 'a', NS, { propagationPolicy: 'Foreground' });
  await cluster.advance(0.25, 250);
  assert.equal((await all(cluster, RESOURCES.deployments)).length, 1);
  await cluster.advance(5);
  assert.equal((await all(cluster, RESOURCES.deployments)).length, 0);
  assert.equal((await podsOf(cluster)).length, 0);
});

withCluster(
  '[SL11] a namespace gets its account and root CA, and is emptied before it goes',
  async (cluster) => {
    await cluster.client.create(RESOURCES.namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'temp' },
    });
    await cluster.advance(0.5);
    await cluster.client.get(RESOURCES.serviceAccounts, 'default', 'temp');
    await cluster.client.get(RESOURCES.configMaps, 'kube-root-ca.crt', 'temp');
    const pod = barePod('p', { image: 'nginx:1' });
    pod.metadata.namespace = 'temp';
    await cluster.client.create(RESOURCES.pods, pod);
    await cluster.advance(3);
    await cluster.client.delete(RESOURCES.namespaces, 'temp');
    await cluster.advance(5);
    await assert.rejects(cluster.client.get(RESOURCES.namespaces, 'temp'), { reason: 'NotFound' });
    await assert.rejects(cluster.client.get(RESOURCES.pods, 'p', 'temp'), { reason: 'NotFound' });
  },
);

withCluster('[SL12] a Service has the ready pods as its endpoints', async (cluster) => {
  await cluster.client.create(RESOURCES.deployments, workload('Deployment', 'web', { replicas: 2 }));
  await cluster.client.create(RESOURCES.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: NS },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  } as KubeObject);
  await cluster.advance(5);
  const [slice] = await all<
    KubeObject & { endpoints: { addresses: string[]; conditions: { ready: boolean } }[] }
  >(cluster, RESOURCES.endpointSlices);
  const ips = (await podsOf(cluster)).map((pod) => pod.status!.podIP!);
  assert.deepEqual(sorted(slice!.endpoints.map((each) => each.addresses[0]!)), sorted(ips));
  assert.ok(slice!.endpoints.every((each) => each.conditions.ready));
});

withCluster(
  '[SL20] a pod that fits nowhere says why in the scheduler’s words, and is placed when it fits',
  async (cluster) => {
    await cluster.client.create(
      RESOURCES.pods,
      barePod('big', { image: 'nginx:1', resources: { requests: { cpu: '3' } } }),
    );
    await cluster.client.create(
      RESOURCES.pods,
      barePod('big2', { image: 'nginx:1', resources: { requests: { cpu: '3' } } }),
    );
    await cluster.client.create(
      RESOURCES.pods,
      barePod('big3', { image: 'nginx:1', resources: { requests: { cpu: '3' } } }),
    );
    await cluster.advance(2);
    const event = (await eventsOf(cluster, 'big3')).find((each) => each.startsWith('FailedScheduling'));
    assert.equal(
      event,
      'FailedScheduling: 0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    );
    await cluster.client.delete(RESOURCES.pods, 'big', NS, { gracePeriodSeconds: 0 });
    await cluster.advance(2);
    assert.equal(
      (await cluster.client.get<Pod>(RESOURCES.pods, 'big3', NS)).spec.nodeName !== undefined,
      true,
    );
  },
);

withCluster(
  '[SL30] a command runs for real: its output is the log, its exit code the pod’s',
  async (cluster) => {
    await cluster.client.create(
      RESOURCES.pods,
      barePod('job', { command: ['sh', '-c', 'echo hi; sleep 5; exit 3'] }, { restartPolicy: 'Never' }),
    );
    await cluster.advance(12);
    const pod = await cluster.client.get<Pod>(RESOURCES.pods, 'job', NS);
    assert.equal(pod.status!.phase, 'Failed');
    assert.equal(pod.status!.containerStatuses![0]!.state.terminated!.exitCode, 3);
    assert.equal(await logOf(cluster, 'job', {}), 'hi\n');
  },
);

withCluster('[SL31] a crashing container backs off and counts, its last log stays', async (cluster) => {
  await cluster.client.create(
    RESOURCES.pods,
    barePod('crash', { command: ['sh', '-c', 'echo oops; exit 1'] }),
  );
  await cluster.advance(8);
  const [status] = (await cluster.client.get<Pod>(RESOURCES.pods, 'crash', NS)).status!.containerStatuses!;
  assert.equal(status!.state.waiting?.reason, 'CrashLoopBackOff');
  assert.equal(status!.lastState.terminated!.exitCode, 1);
  assert.equal(status!.restartCount, 1);
  assert.equal(await logOf(cluster, 'crash', {}), 'oops\n');
  assert.equal(await logOf(cluster, 'crash', { previous: true }), 'oops\n');
});

withCluster('[SL32] an image that is not there is told and tried again', async (cluster) => {
  await cluster.client.create(RESOURCES.pods, barePod('img', { image: 'does-not-exist.example/x:1' }));
  await cluster.advance(5);
  const [status] = (await cluster.client.get<Pod>(RESOURCES.pods, 'img', NS)).status!.containerStatuses!;
  assert.equal(status!.state.waiting!.reason, 'ImagePullBackOff');
  const reasons = (await eventsOf(cluster, 'img')).map((event) => event.split(':')[0]);
  assert.deepEqual(reasons.slice(0, 6), ['Scheduled', 'Pulling', 'Failed', 'Failed', 'BackOff', 'Failed']);
  await assert.rejects(logOf(cluster, 'img', {}), {
    message: 'container "c" in pod "img" is waiting to start: trying and failing to pull image',
  });
});

withCluster(
  '[SL33] init containers run before the others, sidecars beside them to the end',
  async (cluster) => {
    const spec = {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      initContainers: [
        { name: 'first', image: 'busybox:1', command: ['sh', '-c', 'sleep 1'] },
        { name: 'beside', image: 'nginx:1', restartPolicy: 'Always' },
      ],
    };
    await cluster.client.create(RESOURCES.pods, barePod('init', { command: ['sh', '-c', 'sleep 2'] }, spec));
    await cluster.advance(1.5);
    const early = await cluster.client.get<Pod>(RESOURCES.pods, 'init', NS);
    assert.equal(early.status!.containerStatuses![0]!.state.waiting!.reason, 'PodInitializing');
    await cluster.advance(12);
    const late = await cluster.client.get<Pod>(RESOURCES.pods, 'init', NS);
    assert.equal(late.status!.phase, 'Succeeded');
    assert.equal(late.status!.initContainerStatuses![1]!.state.terminated !== undefined, true);
  },
);

withCluster('[SL34] a pod gets its grace period, and no more', async (cluster) => {
  await cluster.client.create(RESOURCES.pods, barePod('deaf', { command: ['sleep', '3600'] }));
  await cluster.client.create(RESOURCES.pods, barePod('polite', { image: 'nginx:1' }));
  await cluster.advance(3);
  await cluster.client.delete(RESOURCES.pods, 'deaf', NS, { gracePeriodSeconds: 10 });
  await cluster.client.delete(RESOURCES.pods, 'polite', NS, { gracePeriodSeconds: 10 });
  await cluster.advance(5);
  assert.deepEqual(
    (await podsOf(cluster)).map((pod) => pod.metadata.name),
    ['deaf'],
  );
  await cluster.advance(6);
  assert.deepEqual(await podsOf(cluster), []);
});

withCluster('[SL35] nodes renew their leases; one that fails is told unreachable', async (cluster) => {
  await cluster.client.patch(RESOURCES.nodes, 'node-1', undefined, {
    metadata: { annotations: { 'sandbox.krateyard.dev/failed': 'true' } },
  });
  await cluster.advance(60, 1000);
  const ready = async (name: string): Promise<string> => {
    const node = await cluster.client.get<Pod>(RESOURCES.nodes, name);
    return node.status!.conditions!.find((each) => each.type === 'Ready')!.status;
  };
  assert.equal(await ready('node-0'), 'True');
  assert.equal(await ready('node-1'), 'Unknown');
  await cluster.client.patch(RESOURCES.nodes, 'node-1', undefined, {
    metadata: { annotations: { 'sandbox.krateyard.dev/failed': null } },
  });
  await cluster.advance(20, 1000);
  assert.equal(await ready('node-1'), 'True');
});

withCluster('[SL36] an event that repeats is counted', async (cluster) => {
  await cluster.client.create(RESOURCES.pods, barePod('crash', { command: ['sh', '-c', 'exit 1'] }));
  await cluster.advance(60);
  const events = await all<KubeObject & { reason: string; count: number }>(cluster, RESOURCES.events);
  const backOff = events.find((event) => event.reason === 'BackOff');
  assert.ok(backOff!.count >= 2, `count ${backOff!.count}`);
});

withCluster('[SL50] logs have tail, time stamps, limits and the lines since a time', async (cluster) => {
  await cluster.client.create(
    RESOURCES.pods,
    barePod('talk', { command: ['sh', '-c', 'for i in 1 2 3 4; do echo line $i; sleep 1; done; sleep 100'] }),
  );
  await cluster.advance(8);
  assert.equal(await logOf(cluster, 'talk', {}), 'line 1\nline 2\nline 3\nline 4\n');
  assert.equal(await logOf(cluster, 'talk', { tailLines: 2 }), 'line 3\nline 4\n');
  assert.equal(await logOf(cluster, 'talk', { limitBytes: 8 }), 'line 1\nl');
  assert.match(
    await logOf(cluster, 'talk', { tailLines: 1, timestamps: true }),
    /^2026-01-01T00:00:0\d\.\d{9}Z line 4\n$/,
  );
  assert.equal(await logOf(cluster, 'talk', { sinceSeconds: 0 }), '');
});

async function logOf(cluster: TestCluster, pod: string, options: object): Promise<string> {
  const wanted = { container: 'c', follow: false, previous: false, timestamps: false, ...options };
  const chunks = await cluster.life.podRuntime.logs(NS, pod, wanted, new AbortController().signal);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}
