import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { KubeObject } from '@krateyard/kube/meta/object';

import { tableFor } from './table.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const metadata = { name: 'x', creationTimestamp: '2026-11-21T11:54:30Z' };

/** The first row as `{ column: cell }`. */
function row(group: string, object: KubeObject): Record<string, unknown> {
  const { columnDefinitions, rows } = tableFor({ group, kind: String(object.kind) }, [object], NOW);
  return Object.fromEntries(columnDefinitions.map(({ name }, index) => [name, rows[0]!.cells[index]]));
}

const pod = (status: object, spec: object = {}, more: object = {}): KubeObject => ({
  kind: 'Pod',
  metadata: { ...metadata, ...more },
  spec: { containers: [{ name: 'a' }, { name: 'b' }], ...spec },
  status,
});

const running = { ready: true, restartCount: 0, state: { running: {} } };

test('[ST1] a table has the columns of kubectl get, those of wide output with priority 1', () => {
  const { columnDefinitions } = tableFor({ group: '', kind: 'Pod' }, [], NOW);
  assert.deepEqual(
    columnDefinitions.map(({ name, priority }) => `${name}:${priority}`),
    [
      'Name:0',
      'Ready:0',
      'Status:0',
      'Restarts:0',
      'Age:0',
      'IP:1',
      'Node:1',
      'Nominated Node:1',
      'Readiness Gates:1',
    ],
  );
  assert.equal(columnDefinitions[0]!.format, 'name');
});

test('[ST2] a running pod shows its containers, its age and where it is', () => {
  const cells = row(
    '',
    pod({ phase: 'Running', containerStatuses: [running, running], podIP: '10.0.0.1' }, { nodeName: 'n1' }),
  );
  assert.deepEqual(cells, {
    Name: 'x',
    Ready: '2/2',
    Status: 'Running',
    Restarts: '0',
    Age: '5m30s',
    IP: '10.0.0.1',
    Node: 'n1',
    'Nominated Node': '<none>',
    'Readiness Gates': '<none>',
  });
});

test('[ST2] a restart tells how long ago it was', () => {
  const restarted = {
    ...running,
    restartCount: 3,
    lastState: { terminated: { finishedAt: '2026-11-21T11:55:00Z' } },
  };
  const cells = row('', pod({ phase: 'Running', containerStatuses: [running, restarted] }));
  assert.equal(cells['Restarts'], '3 (5m ago)');
});

const waiting = (reason: string) => ({ ready: false, restartCount: 0, state: { waiting: { reason } } });
const ended = (terminated: object) => ({ ready: false, restartCount: 0, state: { terminated } });

const STATES: [string, KubeObject][] = [
  ['Pending', pod({ phase: 'Pending' })],
  ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
  ['CrashLoopBackOff', pod({ phase: 'Running', containerStatuses: [running, waiting('CrashLoopBackOff')] })],
  ['OOMKilled', pod({ phase: 'Failed', containerStatuses: [ended({ reason: 'OOMKilled', exitCode: 137 })] })],
  ['ExitCode:2', pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 2 })] })],
  ['Signal:9', pod({ phase: 'Failed', containerStatuses: [ended({ signal: 9, exitCode: 137 })] })],
  [
    'NotReady',
    pod({ phase: 'Running', containerStatuses: [ended({ reason: 'Completed', exitCode: 0 }), running] }),
  ],
  [
    'Init:0/2',
    pod(
      { phase: 'Pending', initContainerStatuses: [waiting('PodInitializing')] },
      { initContainers: [{ name: 'i' }, { name: 'j' }] },
    ),
  ],
  [
    'Init:Error',
    pod(
      { phase: 'Pending', initContainerStatuses: [ended({ reason: 'Error', exitCode: 1 })] },
      { initContainers: [{ name: 'i' }] },
    ),
  ],
  [
    'Terminating',
    pod(
      { phase: 'Running', containerStatuses: [running] },
      {},
      { deletionTimestamp: '2026-11-21T11:59:00Z' },
    ),
  ],
  [
    'SchedulingGated',
    pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] }),
  ],
];

for (const [state, object] of STATES)
  test(`[ST3] the state of a pod: ${state}`, () => {
    assert.equal(row('', object)['Status'], state);
  });

test('[ST2] a sidecar counts among the containers', () => {
  const object = pod(
    {
      phase: 'Running',
      initContainerStatuses: [{ ...running, name: 'proxy', started: true }],
      containerStatuses: [running, running],
      conditions: [{ type: 'Initialized', status: 'True' }],
    },
    { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] },
  );
  assert.equal(row('', object)['Ready'], '3/3');
});

test('[ST4] workloads show what is wanted and what is there', () => {
  const template = { spec: { containers: [{ name: 'a', image: 'i:1' }] } };
  const spec = { replicas: 3, selector: { matchLabels: { app: 'x' } }, template };
  const deployment = row('apps', {
    kind: 'Deployment',
    metadata,
    spec,
    status: { readyReplicas: 2, updatedReplicas: 3 },
  });
  assert.deepEqual(deployment, {
    Name: 'x',
    Ready: '2/3',
    'Up-to-date': 3,
    Available: 0,
    Age: '5m30s',
    Containers: 'a',
    Images: 'i:1',
    Selector: 'app=x',
  });
  const job = row('batch', {
    kind: 'Job',
    metadata,
    spec: { completions: 1, template },
    status: {
      succeeded: 1,
      startTime: '2026-11-21T11:50:00Z',
      completionTime: '2026-11-21T11:50:07Z',
      conditions: [{ type: 'Complete', status: 'True' }],
    },
  });
  assert.deepEqual([job['Status'], job['Completions'], job['Duration']], ['Complete', '1/1', '7s']);
});

test('[ST4] services show their addresses and ports', () => {
  const service = row('', {
    kind: 'Service',
    metadata,
    spec: {
      type: 'LoadBalancer',
      clusterIPs: ['10.0.0.9'],
      ports: [{ port: 80, nodePort: 30000, protocol: 'TCP' }],
    },
    status: {},
  });
  assert.deepEqual(
    [service['Cluster-IP'], service['External-IP'], service['Port(s)']],
    ['10.0.0.9', '<pending>', '80:30000/TCP'],
  );
});

test('[ST5] a custom resource shows the columns that its definition asks for', () => {
  const columns = [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp', priority: 1 },
    { name: 'Gone', type: 'string', jsonPath: '.status.none' },
  ];
  const object = {
    kind: 'Thing',
    metadata,
    spec: { size: 3 },
    status: { phase: 'Up', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const definition = { group: 'g', kind: 'Thing', custom: { crdName: 'things.g', columns } };
  const { columnDefinitions, rows } = tableFor(definition, [object], NOW);
  assert.deepEqual(rows[0]!.cells, ['x', 'Up', 3, 'True', '5m30s', null]);
  assert.equal(columnDefinitions[4]!.priority, 1);
  const plain = tableFor({ ...definition, custom: { crdName: 'things.g', columns: [] } }, [object], NOW);
  assert.deepEqual(plain.rows[0]!.cells, ['x', '5m30s']);
});

test('[ST6] every printer gives a cell for every column, whatever is missing from the object', () => {
  const kinds =
    '/Pod /Node /Service /Event /Secret /ConfigMap /Namespace /Endpoints /PersistentVolume /PersistentVolumeClaim /ServiceAccount /ResourceQuota /LimitRange /ReplicationController /PodTemplate apps/Deployment apps/ReplicaSet apps/StatefulSet apps/DaemonSet apps/ControllerRevision batch/Job batch/CronJob autoscaling/HorizontalPodAutoscaler policy/PodDisruptionBudget networking.k8s.io/Ingress networking.k8s.io/IngressClass networking.k8s.io/NetworkPolicy discovery.k8s.io/EndpointSlice storage.k8s.io/StorageClass storage.k8s.io/CSIDriver storage.k8s.io/CSINode storage.k8s.io/VolumeAttachment rbac.authorization.k8s.io/Role rbac.authorization.k8s.io/RoleBinding coordination.k8s.io/Lease scheduling.k8s.io/PriorityClass certificates.k8s.io/CertificateSigningRequest apiregistration.k8s.io/APIService apiextensions.k8s.io/CustomResourceDefinition unknown/Kind';
  for (const name of kinds.split(' ')) {
    const [group = '', kind = ''] = name.split('/');
    const { columnDefinitions, rows } = tableFor({ group, kind }, [{ metadata: {} }], NOW);
    assert.equal(rows[0]!.cells.length, columnDefinitions.length, name);
    assert.equal(rows[0]!.cells.includes(undefined as never), false, name);
  }
});
