import assert from 'node:assert/strict';
import { assertCode } from '../harness/assert-status.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { configMap, deployment, pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';

const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
const METADATA = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' };
const METADATA_LIST = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('tables');
const maps = `/api/v1/namespaces/${ns}/configmaps`;
const columns = (table: Wire): string[] => table.columnDefinitions.map((column: Wire) => column.name);
const wide = (table: Wire): string[] =>
  table.columnDefinitions.filter((column: Wire) => column.priority > 0).map((column: Wire) => column.name);

cases('tables', target, (it) => {
  it('a list as a table has columns, rows and metadata', async () => {
    await admin.post(maps, configMap('row', { a: '1', b: '2' }, { labels: { row: 'yes' } }));
    const { body, headers } = await admin.get(maps, { labelSelector: 'row=yes' }, TABLE);
    assert.match(String(headers['content-type']), /^application\/json/);
    assert.equal(body.kind, 'Table');
    assert.equal(body.apiVersion, 'meta.k8s.io/v1');
    assert.match(body.metadata.resourceVersion, /^\d+$/);
    assert.deepEqual(columns(body), ['Name', 'Data', 'Age']);
    assert.equal(body.rows.length, 1);
    assert.deepEqual(body.rows[0].cells.slice(0, 2), ['row', 2]);
    assert.match(body.rows[0].cells[2], /^\d+s$/);
    assert.equal(body.rows[0].object.kind, 'PartialObjectMetadata');
    assert.equal(body.rows[0].object.metadata.name, 'row');
    assert.equal('data' in body.rows[0].object, false);
  });

  it('includeObject decides what a row carries', async () => {
    await admin.post(maps, configMap('whole', { a: '1' }));
    const full = await admin.get(`${maps}/whole`, { includeObject: 'Object' }, TABLE);
    assert.deepEqual(full.body.rows[0].object.data, { a: '1' });
    const none = await admin.get(`${maps}/whole`, { includeObject: 'None' }, TABLE);
    assert.equal(none.body.rows[0].object, null);
  });

  for (const [path, expected, priority] of [
    [
      '/api/v1/pods',
      ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates'],
      ['IP', 'Node', 'Nominated Node', 'Readiness Gates'],
    ],
    [
      '/apis/apps/v1/deployments',
      ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector'],
      ['Containers', 'Images', 'Selector'],
    ],
    [
      '/apis/apps/v1/replicasets',
      ['Name', 'Desired', 'Current', 'Ready', 'Age', 'Containers', 'Images', 'Selector'],
      ['Containers', 'Images', 'Selector'],
    ],
    [
      '/apis/apps/v1/statefulsets',
      ['Name', 'Ready', 'Age', 'Containers', 'Images'],
      ['Containers', 'Images'],
    ],
    [
      '/apis/apps/v1/daemonsets',
      [
        'Name',
        'Desired',
        'Current',
        'Ready',
        'Up-to-date',
        'Available',
        'Node Selector',
        'Age',
        'Containers',
        'Images',
        'Selector',
      ],
      ['Containers', 'Images', 'Selector'],
    ],
    [
      '/apis/batch/v1/jobs',
      ['Name', 'Status', 'Completions', 'Duration', 'Age', 'Containers', 'Images', 'Selector'],
      ['Containers', 'Images', 'Selector'],
    ],
    [
      '/apis/batch/v1/cronjobs',
      [
        'Name',
        'Schedule',
        'Timezone',
        'Suspend',
        'Active',
        'Last Schedule',
        'Age',
        'Containers',
        'Images',
        'Selector',
      ],
      ['Containers', 'Images', 'Selector'],
    ],
    [
      '/api/v1/services',
      ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector'],
      ['Selector'],
    ],
    [
      '/api/v1/nodes',
      [
        'Name',
        'Status',
        'Roles',
        'Age',
        'Version',
        'Internal-IP',
        'External-IP',
        'OS-Image',
        'Kernel-Version',
        'Container-Runtime',
      ],
      ['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'],
    ],
    ['/api/v1/namespaces', ['Name', 'Status', 'Age'], []],
    ['/api/v1/secrets', ['Name', 'Type', 'Data', 'Age'], []],
    ['/api/v1/serviceaccounts', ['Name', 'Secrets', 'Age'], []],
    [
      '/api/v1/persistentvolumeclaims',
      [
        'Name',
        'Status',
        'Volume',
        'Capacity',
        'Access Modes',
        'StorageClass',
        'VolumeAttributesClass',
        'Age',
        'VolumeMode',
      ],
      ['VolumeMode'],
    ],
    ['/apis/networking.k8s.io/v1/ingresses', ['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'], []],
    [
      '/api/v1/events',
      [
        'Last Seen',
        'Type',
        'Reason',
        'Object',
        'Subobject',
        'Source',
        'Message',
        'First Seen',
        'Count',
        'Name',
      ],
      ['Subobject', 'Source', 'First Seen', 'Count', 'Name'],
    ],
    [
      '/apis/rbac.authorization.k8s.io/v1/rolebindings',
      ['Name', 'Role', 'Age', 'Users', 'Groups', 'ServiceAccounts'],
      ['Users', 'Groups', 'ServiceAccounts'],
    ],
    ['/apis/rbac.authorization.k8s.io/v1/clusterroles', ['Name', 'Created At'], []],
    ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', ['Name', 'Created At'], []],
    ['/apis/coordination.k8s.io/v1/leases', ['Name', 'Holder', 'Age'], []],
  ] as const) {
    it(`${path} has the columns of kubectl`, async () => {
      const { body } = await admin.get(path, { limit: 1 }, TABLE);
      assert.deepEqual(columns(body), expected);
      assert.deepEqual(wide(body), priority);
    });
  }

  it('a running pod reads 1/1 Running', async () => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    await admin.post(pods, pod('runs'));
    const cells = await pollUntil(
      'the pod to run',
      async () => {
        const { body } = await admin.get(`${pods}/runs`, {}, TABLE);
        return body.rows[0].cells[2] === 'Running' && body.rows[0].cells;
      },
      { deadlineMs: 30_000 },
    );
    assert.equal(cells[1], '1/1');
    assert.equal(cells[3], '0');
    assert.match(cells[5], /^\d+\.\d+\.\d+\.\d+$/);
    await admin.delete(`${pods}/runs`, { gracePeriodSeconds: 0 });
  });

  it('a deployment reads ready of desired', async () => {
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await admin.post(path, deployment('none', 0));
    const { body } = await admin.get(`${path}/none`, {}, TABLE);
    assert.deepEqual(body.rows[0].cells.slice(0, 4), ['none', '0/0', 0, 0]);
    assert.equal(body.rows[0].cells[6], 'local/busybox:1');
    assert.equal(body.rows[0].cells[7], 'app=none');
  });

  it('watch events can be tables, the first one with columns', async () => {
    const from = (await admin.get(maps)).body.metadata.resourceVersion;
    using watch = await admin.watch(maps, { resourceVersion: from, labelSelector: 'watched=yes' }, TABLE);
    await admin.post(maps, configMap('t-1', {}, { labels: { watched: 'yes' } }));
    await admin.post(maps, configMap('t-2', {}, { labels: { watched: 'yes' } }));
    const first = await watch.next();
    assert.equal(first.type, 'ADDED');
    assert.equal(first.object.kind, 'Table');
    assert.deepEqual(columns(first.object), ['Name', 'Data', 'Age']);
    const second = await watch.next();
    assert.equal(second.object.rows[0].cells[0], 't-2');
    assert.equal(second.object.columnDefinitions, null);
  });

  it('an unknown form is 406', async () => {
    const reply = await admin.get(maps, {}, { accept: 'application/json;as=Chair;v=v1;g=meta.k8s.io' });
    assertCode(reply, 406);
    assert.equal(reply.body.reason, 'NotAcceptable');
  });
});

cases('partial metadata', target, (it) => {
  it('of one object', async () => {
    await admin.post(maps, configMap('meta', { a: '1' }, { labels: { x: 'y' } }));
    const { body } = await admin.get(`${maps}/meta`, {}, METADATA);
    assert.equal(body.kind, 'PartialObjectMetadata');
    assert.equal(body.apiVersion, 'meta.k8s.io/v1');
    assert.deepEqual(body.metadata.labels, { x: 'y' });
    assert.equal('data' in body, false);
  });

  it('of a list', async () => {
    await admin.post(maps, configMap('meta-l', { a: '1' }, { labels: { metal: 'y' } }));
    const { body } = await admin.get(maps, { labelSelector: 'metal' }, METADATA_LIST);
    assert.equal(body.kind, 'PartialObjectMetadataList');
    assert.deepEqual(
      body.items.map((item: Wire) => item.metadata.name),
      ['meta-l'],
    );
    assert.equal('data' in body.items[0], false);
  });

  it('of a list that holds nothing, which is null', async () => {
    const { body } = await admin.get(maps, { labelSelector: 'metal=no' }, METADATA_LIST);
    assert.equal(body.kind, 'PartialObjectMetadataList');
    assert.equal(body.items, null);
    const whole = await admin.get(maps, { labelSelector: 'metal=no' });
    assert.deepEqual(whole.body.items, []);
  });

  it('of a watch', async () => {
    const from = (await admin.get(maps)).body.metadata.resourceVersion;
    using watch = await admin.watch(
      maps,
      { resourceVersion: from, fieldSelector: 'metadata.name=meta-w' },
      METADATA,
    );
    await admin.post(maps, configMap('meta-w', { a: '1' }));
    const event = await watch.next();
    assert.equal(event.object.kind, 'PartialObjectMetadata');
    assert.equal('data' in event.object, false);
  });
});
