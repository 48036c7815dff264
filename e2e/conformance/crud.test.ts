import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH } from '../harness/api.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';
import { configMap, pod, widgetCrd } from '../harness/objects.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('crud');
const maps = `/api/v1/namespaces/${ns}/configmaps`;

cases('create, read, update, delete', target, (it) => {
  it('create fills in the server side metadata', async () => {
    const reply = await admin.post(maps, configMap('made', { a: '1' }, { labels: { x: 'y' } }));
    assertCode(reply, 201);
    const { metadata } = reply.body;
    assert.match(metadata.uid, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    assert.match(metadata.resourceVersion, /^[1-9][0-9]*$/);
    assert.match(metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(metadata.namespace, ns);
    assert.deepEqual(metadata.labels, { x: 'y' });
    assert.deepEqual(reply.body.data, { a: '1' });
    assert.equal(metadata.managedFields[0].operation, 'Update');
    assert.equal('generation' in metadata, false);
  });

  it('get returns what create returned', async () => {
    const created = await admin.post(maps, configMap('same', { a: '1' }));
    const got = await admin.get(`${maps}/same`);
    assert.deepEqual(got.body, created.body);
  });

  it('create ignores a uid, resourceVersion of zero length and status sent along', async () => {
    const object = pod('fresh', undefined, { nodeName: undefined });
    object.status = { phase: 'Succeeded' };
    object.metadata.creationTimestamp = '2001-01-01T00:00:00Z';
    object.metadata.uid = 'mine';
    const reply = await admin.post(`/api/v1/namespaces/${ns}/pods`, object, { dryRun: 'All' });
    assertCode(reply, 201);
    assert.equal(reply.body.status.phase, 'Pending');
    assert.notEqual(reply.body.metadata.uid, 'mine');
    assert.notEqual(reply.body.metadata.creationTimestamp, '2001-01-01T00:00:00Z');
  });

  it('a second create of a name is 409 AlreadyExists', async () => {
    await admin.post(maps, configMap('twice'));
    assertStatus(
      await admin.post(maps, configMap('twice')),
      409,
      'AlreadyExists',
      'configmaps "twice" already exists',
    );
  });

  it('create with a resourceVersion is refused', async () => {
    const reply = await admin.post(maps, configMap('versioned', {}, { resourceVersion: '7' }));
    // Kubernetes answers 500 here, without a reason.
    assert.ok(reply.status === 400 || reply.status === 500, reply.text);
    assert.equal(reply.body.message, 'resourceVersion should not be set on objects to be created');
  });

  it('get of what is not there is 404 NotFound with details', async () => {
    const reply = await admin.get(`${maps}/nobody`);
    assertStatus(reply, 404, 'NotFound', 'configmaps "nobody" not found');
    assert.deepEqual(reply.body.details, { name: 'nobody', kind: 'configmaps' });
  });

  it('details name the group', async () => {
    const reply = await admin.get(`/apis/apps/v1/namespaces/${ns}/deployments/nobody`);
    assertStatus(reply, 404, 'NotFound', 'deployments.apps "nobody" not found');
    assert.deepEqual(reply.body.details, { name: 'nobody', group: 'apps', kind: 'deployments' });
  });

  it('generateName makes different names with five characters', async () => {
    const names = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const reply = await admin.post(maps, { ...configMap(''), metadata: { generateName: 'many-' } });
      assertCode(reply, 201);
      assert.match(reply.body.metadata.name, /^many-[a-z0-9]{5}$/);
      assert.equal(reply.body.metadata.generateName, 'many-');
      names.add(reply.body.metadata.name);
    }
    assert.equal(names.size, 3);
  });

  it('create without a name is 422', async () => {
    const reply = await admin.post(maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} });
    assertStatus(reply, 422, 'Invalid', /name or generateName is required/);
    assert.equal(reply.body.details.causes[0].field, 'metadata.name');
  });

  it('an invalid name is 422 with a cause', async () => {
    const reply = await admin.post(maps, configMap('Not_Valid'));
    assertStatus(
      reply,
      422,
      'Invalid',
      /^ConfigMap "Not_Valid" is invalid: metadata\.name: Invalid value: "Not_Valid"/,
    );
    assert.equal(reply.body.details.causes[0].reason, 'FieldValueInvalid');
    assert.equal(reply.body.details.causes[0].field, 'metadata.name');
    assert.equal(reply.body.details.kind, 'ConfigMap');
  });

  it('an invalid label is 422', async () => {
    const reply = await admin.post(maps, configMap('labelled', {}, { labels: { ok: 'not ok!' } }));
    assertStatus(reply, 422, 'Invalid', /metadata\.labels: Invalid value: "not ok!"/);
  });

  it('a namespace in the body that differs from the path is 400', async () => {
    const reply = await admin.post(maps, configMap('elsewhere', {}, { namespace: 'default' }));
    assertStatus(
      reply,
      400,
      'BadRequest',
      /the namespace of the provided object does not match the namespace sent on the request/,
    );
  });

  it('create in a namespace that is not there is 404', async () => {
    const reply = await admin.post('/api/v1/namespaces/not-there-at-all/configmaps', configMap('lost'));
    assertStatus(reply, 404, 'NotFound', 'namespaces "not-there-at-all" not found');
  });

  it('list returns a typed list with a resourceVersion', async () => {
    await admin.post(maps, configMap('listed', {}, { labels: { list: 'me' } }));
    const { body } = await admin.get(maps, { labelSelector: 'list=me' });
    assert.equal(body.kind, 'ConfigMapList');
    assert.equal(body.apiVersion, 'v1');
    assert.match(body.metadata.resourceVersion, /^[1-9][0-9]*$/);
    assert.equal(body.items.length, 1);
    assert.equal('kind' in body.items[0], false);
  });

  it('list over all namespaces contains this one', async () => {
    await admin.post(maps, configMap('wide', {}, { labels: { wide: ns } }));
    const { body } = await admin.get('/api/v1/configmaps', { labelSelector: `wide=${ns}` });
    assert.deepEqual(namesOf(body), ['wide']);
  });

  it('lists are sorted by name', async () => {
    for (const name of ['sort-c', 'sort-a', 'sort-b'])
      await admin.post(maps, configMap(name, {}, { labels: { sort: 'me' } }));
    const { body } = await admin.get(maps, { labelSelector: 'sort=me' });
    assert.deepEqual(namesOf(body), ['sort-a', 'sort-b', 'sort-c']);
  });

  it('update replaces and moves the resourceVersion', async () => {
    const created = (await admin.post(maps, configMap('put', { a: '1', b: '2' }))).body;
    const reply = await admin.put(`${maps}/put`, { ...created, data: { a: '3' } });
    assertCode(reply, 200);
    assert.deepEqual(reply.body.data, { a: '3' });
    assert.equal(reply.body.metadata.uid, created.metadata.uid);
    assert.notEqual(reply.body.metadata.resourceVersion, created.metadata.resourceVersion);
  });

  it('an update that changes nothing keeps the resourceVersion', async () => {
    const created = (await admin.post(maps, configMap('still', { a: '1' }))).body;
    const reply = await admin.put(`${maps}/still`, created);
    assert.equal(reply.body.metadata.resourceVersion, created.metadata.resourceVersion);
  });

  it('an update with an old resourceVersion is 409 Conflict', async () => {
    const created = (await admin.post(maps, configMap('raced'))).body;
    await admin.put(`${maps}/raced`, { ...created, data: { a: '1' } });
    const reply = await admin.put(`${maps}/raced`, { ...created, data: { a: '2' } });
    assertStatus(
      reply,
      409,
      'Conflict',
      /^Operation cannot be fulfilled on configmaps "raced": the object has been modified; please apply your changes to the latest version and try again$/,
    );
  });

  it('an update without a resourceVersion is unconditional', async () => {
    await admin.post(maps, configMap('blind', { a: '1' }));
    assertCode(await admin.put(`${maps}/blind`, configMap('blind', { a: '2' })), 200);
    assert.deepEqual((await admin.get(`${maps}/blind`)).body.data, { a: '2' });
  });

  it('an update with another uid is 409', async () => {
    await admin.post(maps, configMap('other-uid'));
    const reply = await admin.put(
      `${maps}/other-uid`,
      configMap('other-uid', {}, { uid: '00000000-0000-0000-0000-000000000000' }),
    );
    assertStatus(reply, 409, 'Conflict', /Precondition failed: UID in precondition/);
  });

  it('an update whose body has another name is 400', async () => {
    await admin.post(maps, configMap('renamed'));
    const reply = await admin.put(`${maps}/renamed`, configMap('different'));
    assertStatus(
      reply,
      400,
      'BadRequest',
      /the name of the object \(different\) does not match the name on the URL \(renamed\)/,
    );
  });

  it('an update of what is not there is 404', async () => {
    assertStatus(
      await admin.put(`${maps}/absent`, configMap('absent')),
      404,
      'NotFound',
      /configmaps "absent" not found/,
    );
  });

  it('an update of an immutable ConfigMap is 422', async () => {
    await admin.post(maps, { ...configMap('fixed', { a: '1' }), immutable: true });
    const reply = await admin.patch(`${maps}/fixed`, MERGE_PATCH, { data: { a: '2' } });
    assertStatus(reply, 422, 'Invalid', /field is immutable when `immutable` is set/);
  });

  it('delete answers a Success Status with the uid', async () => {
    const created = (await admin.post(maps, configMap('gone'))).body;
    const reply = await admin.delete(`${maps}/gone`);
    assertCode(reply, 200);
    assert.equal(reply.body.kind, 'Status');
    assert.equal(reply.body.status, 'Success');
    assert.deepEqual(reply.body.details, { name: 'gone', kind: 'configmaps', uid: created.metadata.uid });
    assertStatus(await admin.get(`${maps}/gone`), 404, 'NotFound');
    assertStatus(await admin.delete(`${maps}/gone`), 404, 'NotFound', 'configmaps "gone" not found');
  });

  it('delete with a precondition that fails is 409', async () => {
    await admin.post(maps, configMap('guarded'));
    const reply = await admin.delete(`${maps}/guarded`, { preconditions: { uid: 'another' } });
    assertStatus(reply, 409, 'Conflict', /precondition/i);
    const old = await admin.delete(`${maps}/guarded`, { preconditions: { resourceVersion: '1' } });
    assertStatus(old, 409, 'Conflict');
    assertCode(await admin.get(`${maps}/guarded`), 200);
  });

  it('deletecollection deletes what the selector matches and returns the list', async () => {
    for (const name of ['bulk-1', 'bulk-2'])
      await admin.post(maps, configMap(name, {}, { labels: { bulk: 'yes' } }));
    await admin.post(maps, configMap('bulk-3', {}, { labels: { bulk: 'no' } }));
    const reply = await admin.delete(maps, undefined, { labelSelector: 'bulk=yes' });
    assertCode(reply, 200);
    assert.equal(reply.body.items.length, 2);
    const { body } = await admin.get(maps, { labelSelector: 'bulk' });
    assert.deepEqual(namesOf(body), ['bulk-3']);
  });

  it('generation counts changes of spec, not of metadata or status', async () => {
    const path = `/apis/apps/v1/namespaces/${ns}/replicasets`;
    const rs = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'counted' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'none' }] } },
      },
    };
    const created = await admin.post(path, rs);
    assertCode(created, 201);
    assert.equal(created.body.metadata.generation, 1);
    const labelled = await admin.patch(`${path}/counted`, MERGE_PATCH, { metadata: { labels: { x: 'y' } } });
    assert.equal(labelled.body.metadata.generation, 1);
    const changed = await admin.patch(`${path}/counted`, MERGE_PATCH, { spec: { minReadySeconds: 3 } });
    assert.equal(changed.body.metadata.generation, 2);
    const status = await admin.patch(`${path}/counted/status`, MERGE_PATCH, {
      status: { fullyLabeledReplicas: 0 },
    });
    assert.equal(status.body.metadata.generation, 2);
  });

  it('the status subresource changes status only, the main resource spec only', async () => {
    const path = `/api/v1/namespaces/${ns}/pods`;
    // No scheduler of that name: nobody else touches the pod.
    assertCode(await admin.post(path, pod('halves', undefined, { schedulerName: 'nobody' })), 201);
    const main = await admin.patch(`${path}/halves`, MERGE_PATCH, {
      metadata: { labels: { l: '1' } },
      status: { message: 'by main' },
    });
    assert.equal(main.body.metadata.labels.l, '1');
    assert.equal(main.body.status.message, undefined);
    const status = await admin.patch(`${path}/halves/status`, MERGE_PATCH, {
      spec: { activeDeadlineSeconds: 5 },
      status: { message: 'by status' },
    });
    assert.equal(status.body.status.message, 'by status');
    assert.equal('activeDeadlineSeconds' in status.body.spec, false);
  });

  it('a pod gets the defaults of Kubernetes', async () => {
    const { body } = await admin.post(
      `/api/v1/namespaces/${ns}/pods`,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'defaults' },
        spec: { containers: [{ name: 'c', image: 'x' }] },
      },
      { dryRun: 'All' },
    );
    assert.equal(body.spec.restartPolicy, 'Always');
    assert.equal(body.spec.dnsPolicy, 'ClusterFirst');
    assert.equal(body.spec.terminationGracePeriodSeconds, 30);
    assert.equal(body.spec.schedulerName, 'default-scheduler');
    assert.equal(body.spec.serviceAccountName, 'default');
    assert.equal(body.spec.enableServiceLinks, true);
    assert.equal(body.spec.containers[0].imagePullPolicy, 'Always');
    assert.equal(body.spec.containers[0].terminationMessagePath, '/dev/termination-log');
    assert.equal(body.status.qosClass, 'BestEffort');
    assert.equal(body.status.phase, 'Pending');
  });

  it('a deployment gets the defaults of Kubernetes', async () => {
    const { body } = await admin.post(
      `/apis/apps/v1/namespaces/${ns}/deployments`,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'defaults' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'x:1' }] } },
        },
      },
      { dryRun: 'All' },
    );
    assert.equal(body.spec.replicas, 1);
    assert.equal(body.spec.revisionHistoryLimit, 10);
    assert.equal(body.spec.progressDeadlineSeconds, 600);
    assert.deepEqual(body.spec.strategy, {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    });
    assert.equal(body.spec.template.spec.containers[0].imagePullPolicy, 'IfNotPresent');
  });

  it('a service gets a cluster IP, and a headless one none', async () => {
    const path = `/api/v1/namespaces/${ns}/services`;
    const plain = await admin.post(path, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'plain' },
      spec: { selector: { a: 'b' }, ports: [{ port: 80 }] },
    });
    assertCode(plain, 201);
    assert.match(plain.body.spec.clusterIP, /^10\.\d+\.\d+\.\d+$/);
    assert.deepEqual(plain.body.spec.clusterIPs, [plain.body.spec.clusterIP]);
    assert.equal(plain.body.spec.type, 'ClusterIP');
    assert.deepEqual(plain.body.spec.ports, [{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    const headless = await admin.post(path, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'headless' },
      spec: { clusterIP: 'None', ports: [{ port: 80 }] },
    });
    assert.equal(headless.body.spec.clusterIP, 'None');
  });

  it('stringData of a Secret becomes data', async () => {
    const reply = await admin.post(`/api/v1/namespaces/${ns}/secrets`, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'words' },
      stringData: { a: 'hello' },
      data: { b: 'aGk=' },
    });
    assertCode(reply, 201);
    assert.deepEqual(reply.body.data, { a: 'aGVsbG8=', b: 'aGk=' });
    assert.equal('stringData' in reply.body, false);
    assert.equal(reply.body.type, 'Opaque');
  });

  it('an object may be sent as YAML', async () => {
    const reply = await admin.ask('POST', maps, {
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  a: "1"\n',
      contentType: 'application/yaml',
    });
    assertCode(reply, 201);
    assert.deepEqual(reply.body.data, { a: '1' });
  });

  it('an answer may be asked for as YAML', async () => {
    await admin.post(maps, configMap('to-yaml', { a: '1' }));
    const reply = await admin.get(`${maps}/to-yaml`, {}, { accept: 'application/yaml' });
    assertCode(reply, 200);
    assert.match(reply.text, /^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\n/);
  });
});

cases('dry run', target, (it) => {
  it('create answers 201 and stores nothing', async () => {
    const reply = await admin.post(maps, configMap('dry'), { dryRun: 'All' });
    assertCode(reply, 201);
    assert.match(reply.body.metadata.uid, /-/);
    assertCode(await admin.get(`${maps}/dry`), 404);
  });

  it('update, patch and delete change nothing', async () => {
    const created = (await admin.post(maps, configMap('dry-2', { a: '1' }))).body;
    const put = await admin.put(`${maps}/dry-2`, { ...created, data: { a: '2' } }, { dryRun: 'All' });
    assert.deepEqual(put.body.data, { a: '2' });
    const patched = await admin.patch(`${maps}/dry-2`, MERGE_PATCH, { data: { a: '3' } }, { dryRun: 'All' });
    assert.deepEqual(patched.body.data, { a: '3' });
    assertCode(await admin.delete(`${maps}/dry-2`, undefined, { dryRun: 'All' }), 200);
    assertCode(await admin.delete(`${maps}/dry-2`, { dryRun: ['All'] }), 200);
    assert.deepEqual((await admin.get(`${maps}/dry-2`)).body, created);
  });

  it('an unknown value of dryRun is 422', async () => {
    const reply = await admin.post(maps, configMap('dry-3'), { dryRun: 'Some' });
    assertStatus(reply, 422, 'Invalid', /dryRun: Unsupported value: \[?"Some"\]?: supported values: "All"/);
  });

  it('still validates', async () => {
    assertStatus(await admin.post(maps, configMap('Dry!'), { dryRun: 'All' }), 422, 'Invalid');
  });
});

cases('field validation', target, (it) => {
  const odd = (name: string): object => ({ ...configMap(name), dada: { a: 'b' } });

  it('Strict refuses an unknown field', async () => {
    const reply = await admin.post(maps, odd('strict'), { fieldValidation: 'Strict' });
    assertStatus(reply, 400, 'BadRequest', /strict decoding error: unknown field "dada"/);
  });

  it('Warn drops it and warns in a header', async () => {
    const reply = await admin.post(maps, odd('warn'), { fieldValidation: 'Warn' });
    assertCode(reply, 201);
    assert.match(String(reply.headers['warning']), /^299 - "unknown field \\"dada\\""$/);
    assert.equal('dada' in reply.body, false);
  });

  it('Ignore drops it silently', async () => {
    const reply = await admin.post(maps, odd('ignore'), { fieldValidation: 'Ignore' });
    assertCode(reply, 201);
    assert.equal(reply.headers['warning'], undefined);
  });

  it('Warn is the default', async () => {
    const reply = await admin.post(maps, odd('by-default'));
    assert.match(String(reply.headers['warning']), /unknown field/);
  });

  it('names nested fields by their path', async () => {
    const object = pod('nested');
    object.spec.containers[0].imagee = 'x';
    const reply = await admin.post(`/api/v1/namespaces/${ns}/pods`, object, { fieldValidation: 'Strict' });
    assertStatus(reply, 400, 'BadRequest', /unknown field "spec\.containers\[0\]\.imagee"/);
  });

  it('Strict refuses a duplicate field', async () => {
    const reply = await admin.ask('POST', maps, {
      body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"double"},"data":{"a":"1"},"data":{"a":"2"}}',
      query: { fieldValidation: 'Strict' },
    });
    assertStatus(reply, 400, 'BadRequest', /duplicate field "data"/);
  });

  it('Strict holds for patches too', async () => {
    await admin.post(maps, configMap('strict-patch'));
    const reply = await admin.patch(
      `${maps}/strict-patch`,
      MERGE_PATCH,
      { dada: 1 },
      { fieldValidation: 'Strict' },
    );
    assertStatus(reply, 422, 'Invalid', /unknown field "dada"/);
  });

  it('Strict holds for custom resources', async () => {
    const group = `${target.unique('strict')}.example.com`;
    const crd = await admin.post(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      { ...widgetCrd(group), nonsense: 1 },
      { fieldValidation: 'Strict', dryRun: 'All' },
    );
    assertStatus(crd, 400, 'BadRequest', /unknown field "nonsense"/);
  });

  it('a field of the wrong type is 400 or 422 and never stored', async () => {
    const reply = await admin.post(maps, { ...configMap('typed'), data: { a: 1 } });
    assertStatus(
      reply,
      400,
      'BadRequest',
      /cannot unmarshal number into Go struct field .*\.data.* of type string/,
    );
  });

  it('an unknown value of fieldValidation is refused', async () => {
    const reply = await admin.post(maps, configMap('unknown-level'), { fieldValidation: 'Loose' });
    assertStatus(reply, 422, 'Invalid', /fieldValidation: Unsupported value: "Loose"/);
  });
});
