import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { CellValue, Column } from './column.ts';
import { bindColumns, cellsOf, columnInfo, columnsOf, defaultSort, type PrinterColumn } from './columns.ts';
import { compareSortKeys, sortKeyOf } from './compare-cells.ts';
import { podStatus } from './columns/pods.ts';
import type { ColumnType } from './column-info.ts';

const created = '2026-01-02T03:04:05Z';
const object = (kind: string, fields: Record<string, unknown> = {}): KubeObject => ({
  kind,
  metadata: { name: 'n', namespace: 'ns', creationTimestamp: created },
  ...fields,
});

function cells(columns: readonly Column[], of: KubeObject): Record<string, CellValue> {
  const values = cellsOf(columns, of);
  return Object.fromEntries(columns.map(({ name }, index) => [name, values[index]!]));
}

test('[WC1] a kind that nobody knows has name, namespace and age', () => {
  const columns = columnsOf({ group: 'x.example', resource: 'things', namespaced: true });
  assert.deepEqual(cells(columns, object('Thing')), { name: 'n', namespace: 'ns', age: Date.parse(created) });
  assert.deepEqual(
    columnsOf({ group: 'x.example', resource: 'things', namespaced: false }).map(({ name }) => name),
    ['name', 'age'],
  );
});

test('[WC1] a Deployment shows what kubectl shows', () => {
  const deployment = object('Deployment', {
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] },
      template: {
        spec: {
          containers: [
            { name: 'c', image: 'i:1' },
            { name: 'd', image: 'j:2' },
          ],
        },
      },
    },
    status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
  });
  const shown = cells(columnsOf({ group: 'apps', resource: 'deployments', namespaced: true }), deployment);
  assert.deepEqual(
    [
      shown['ready'],
      shown['up-to-date'],
      shown['available'],
      shown['containers'],
      shown['images'],
      shown['selector'],
    ],
    ['2/3', 3, 2, 'c,d', 'i:1,j:2', 'app=a,b Exists'],
  );
  assert.deepEqual(shown['status'], { word: 'Pending', text: 'Partly ready' });
});

test('[WC1] a Service shows addresses and ports', () => {
  const service = object('Service', {
    spec: {
      type: 'NodePort',
      clusterIP: '10.0.0.1',
      ports: [
        { port: 80, nodePort: 30_080 },
        { port: 53, protocol: 'UDP' },
      ],
      selector: { a: 'b' },
    },
  });
  const shown = cells(columnsOf({ group: '', resource: 'services', namespaced: true }), service);
  assert.deepEqual(
    [shown['type'], shown['cluster-ip'], shown['ports'], shown['external-ip']],
    ['NodePort', '10.0.0.1', '80:30080/TCP,53/UDP', null],
  );
});

test('[WC1] a Node shows status, roles and addresses', () => {
  const node: KubeObject = {
    metadata: {
      name: 'n',
      labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' },
    },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
    },
  };
  const shown = cells(columnsOf({ group: '', resource: 'nodes', namespaced: false }), node);
  assert.deepEqual(
    [shown['roles'], shown['internal-ip'], shown['status']],
    ['control-plane,worker', '192.0.2.1', { word: 'Pending', text: 'Ready,SchedulingDisabled' }],
  );
});

test('[WC1] an event tells first when, how, why, about what and what; its object names the row, here and after the wire', () => {
  const kind = { group: '', resource: 'events', namespaced: true };
  const bound = bindColumns(kind, columnsOf(kind).map(columnInfo));
  assert.deepEqual(
    bound.filter(({ priority }) => priority === 0).map(({ name }) => name),
    ['last-seen', 'type', 'reason', 'object', 'message', 'namespace', 'count'],
  );
  assert.deepEqual(
    bound.filter(({ lead }) => lead).map(({ name }) => name),
    ['object'],
  );
  assert.ok(['name', 'age'].every((name) => bound.some((column) => column.name === name)));
});

test('[WC4] what needs somebody comes first: the worst status, the last event, else names', () => {
  assert.equal(defaultSort({ group: '', resource: 'pods' }), 'status');
  assert.equal(defaultSort({ group: '', resource: 'events' }), '-last-seen');
  assert.equal(defaultSort({ group: '', resource: 'configmaps' }), 'name');
  assert.equal(defaultSort({ group: 'x.example', resource: 'things' }), 'name');
});

const PRINTER: readonly PrinterColumn[] = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', priority: 1 },
  { name: 'Since', type: 'date', jsonPath: '.status.since' },
  { name: 'Hosts', type: 'string', jsonPath: '.spec.hosts[*].name' },
  { name: 'Broken', type: 'string', jsonPath: '.spec[' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

test('[WC1] a CRD’s printer columns are read by their paths, here and after the wire', () => {
  const kind = { group: 'x.example', resource: 'things', namespaced: true };
  const columns = columnsOf(kind, PRINTER);
  const thing = object('Thing', {
    spec: { replicas: 2, hosts: [{ name: 'a' }, { name: 'b' }] },
    status: { phase: 'Up', since: created },
  });
  const expected = {
    name: 'n',
    namespace: 'ns',
    phase: { word: 'Running', text: 'Up' },
    replicas: 2,
    since: Date.parse(created),
    hosts: 'a,b',
    broken: null,
    age: Date.parse(created),
  };
  assert.deepEqual(cells(columns, thing), expected);
  const wired = bindColumns(kind, JSON.parse(JSON.stringify(columns.map(columnInfo))) as typeof columns);
  assert.deepEqual(cells(wired, thing), expected);
});

test('[WC1] objects that lack everything break no column', () => {
  for (const [group, resource] of [
    '/pods',
    '/nodes',
    '/services',
    '/events',
    '/secrets',
    '/persistentvolumeclaims',
    'apps/deployments',
    'apps/daemonsets',
    'batch/jobs',
    'batch/cronjobs',
    'networking.k8s.io/ingresses',
    'autoscaling/horizontalpodautoscalers',
  ].map((id) => id.split('/') as [string, string])) {
    const columns = columnsOf({ group, resource, namespaced: true });
    for (const broken of [
      {},
      { spec: null, status: 3 },
      { status: { conditions: 'x', containerStatuses: [null] } },
    ]) {
      cellsOf(columns, { metadata: {}, ...broken } as KubeObject);
    }
  }
});

for (const [type, inOrder] of [
  ['number', [2, 10, null]],
  ['text', ['a', 'b', null]],
  ['quantity', ['500m', '1', '1Ki', '1M', '1Mi', null]],
  ['date', [1, 2, null]],
  [
    'status',
    [
      { word: 'Failed', text: 'z' },
      { word: 'Pending', text: 'a' },
      { word: 'Running', text: 'a' },
      { word: 'Stopped', text: 'a' },
    ],
  ],
] as readonly (readonly [ColumnType, readonly CellValue[]])[]) {
  test(`[WC2] cells of type ${type} sort as such, empty ones last either way`, () => {
    const sorted = (descending: boolean): CellValue[] =>
      inOrder
        .toReversed()
        .toSorted((a, b) => compareSortKeys(sortKeyOf(type, a), sortKeyOf(type, b), descending));
    assert.deepEqual(sorted(false), inOrder);
    const present = inOrder.filter((cell) => cell !== null);
    assert.deepEqual(sorted(true), [...present.toReversed(), ...inOrder.filter((cell) => cell === null)]);
  });
}

const pod = (
  status: Record<string, unknown>,
  metadata: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
): KubeObject => ({ metadata: { name: 'p', ...metadata }, spec, status });
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

for (const [what, of, word, text] of [
  [
    'running',
    pod({ phase: 'Running', ...ready, containerStatuses: [{ ready: true, state: { running: {} } }] }),
    'Running',
    'Running',
  ],
  [
    'not ready',
    pod({
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [{ state: { running: {} } }],
    }),
    'Pending',
    'Running',
  ],
  [
    'crashing',
    pod({ phase: 'Running', containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] }),
    'Failed',
    'CrashLoopBackOff',
  ],
  [
    'creating',
    pod({ phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }),
    'Pending',
    'ContainerCreating',
  ],
  [
    'done',
    pod({
      phase: 'Succeeded',
      containerStatuses: [{ state: { terminated: { reason: 'Completed', exitCode: 0 } } }],
    }),
    'Stopped',
    'Completed',
  ],
  [
    'killed by a signal',
    pod({ phase: 'Failed', containerStatuses: [{ state: { terminated: { signal: 9, exitCode: 137 } } }] }),
    'Failed',
    'Signal:9',
  ],
  [
    'failed without a reason',
    pod({ phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] }),
    'Failed',
    'ExitCode:3',
  ],
  ['going', pod({ phase: 'Running' }, { deletionTimestamp: created }), 'Pending', 'Terminating'],
  [
    'in its first init container',
    pod({
      phase: 'Pending',
      initContainerStatuses: [
        { state: { running: {} } },
        { state: { waiting: { reason: 'PodInitializing' } } },
      ],
    }),
    'Pending',
    'Init:0/2',
  ],
  [
    'with a failing init container',
    pod({
      phase: 'Pending',
      initContainerStatuses: [{ state: { terminated: { reason: 'Error', exitCode: 1 } } }],
    }),
    'Failed',
    'Init:Error',
  ],
  [
    'past a sidecar',
    pod(
      {
        phase: 'Running',
        ...ready,
        initContainerStatuses: [{ name: 's', started: true, state: { running: {} } }],
        containerStatuses: [{ ready: true, state: { running: {} } }],
      },
      {},
      { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
    ),
    'Running',
    'Running',
  ],
  [
    'gated',
    pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
    }),
    'Pending',
    'SchedulingGated',
  ],
  ['evicted', pod({ phase: 'Failed', reason: 'Evicted' }), 'Failed', 'Evicted'],
  ['unheard of', pod({}), 'Unknown', 'Unknown'],
] as const) {
  test(`[WC3] a pod that is ${what} is ${text} (${word})`, () =>
    assert.deepEqual(podStatus(of), { word, text }));
}

test('[WC5] a custom kind’s Status is a status, worst first, here and after the wire', () => {
  const kind = { group: 'vm.example', resource: 'machines', namespaced: true };
  const printer: PrinterColumn[] = [
    { name: 'Status', type: 'string', jsonPath: '.status.word' },
    { name: 'Statuses', type: 'string', jsonPath: '.status.word' },
  ];
  const columns = columnsOf(kind, printer);
  const bound = bindColumns(kind, columns.map(columnInfo));
  const shown = (word: unknown): CellValue =>
    cells(bound, object('Machine', { status: { word } }))['status'] ?? null;
  assert.deepEqual(shown('CrashLoopBackOff'), { word: 'Failed', text: 'CrashLoopBackOff' });
  assert.deepEqual(shown('ErrorUnschedulable'), { word: 'Failed', text: 'ErrorUnschedulable' });
  assert.deepEqual(shown('Migrating'), { word: 'Pending', text: 'Migrating' });
  assert.deepEqual(shown('Running'), { word: 'Running', text: 'Running' });
  assert.deepEqual(shown('Stopped'), { word: 'Stopped', text: 'Stopped' });
  assert.deepEqual(shown('Blue'), { word: 'Unknown', text: 'Blue' });
  assert.deepEqual(shown({ odd: 1 }), { word: 'Unknown', text: '{"odd":1}' });
  assert.equal(shown(undefined), null);
  assert.deepEqual(
    columns.map(({ type }) => type),
    ['text', 'text', 'status', 'text', 'date'],
  );
  const keys = ['Stopped', 'Running', 'Failed'].map((word) => sortKeyOf('status', shown(word)));
  assert.deepEqual(
    keys.toSorted((a, b) => compareSortKeys(a, b, false)),
    [keys[2], keys[1], keys[0]],
  );
});
