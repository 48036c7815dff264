import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, type Reply } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { configMap, container, deployment } from '../harness/objects.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('patch');
const maps = `/api/v1/namespaces/${ns}/configmaps`;
const deployments = `/apis/apps/v1/namespaces/${ns}/deployments`;

/** A paused deployment without pods: no controller writes to its spec. */
const quiet = (name: string): Wire => deployment(name, 0, { paused: true });

cases('JSON patch', target, (it) => {
  it('adds, replaces, moves, copies, removes and tests', async () => {
    await admin.post(maps, configMap('json', { a: '1', b: '2' }));
    const reply = await admin.patch(`${maps}/json`, JSON_PATCH, [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'replace', path: '/data/a', value: '9' },
      { op: 'add', path: '/data/c', value: '3' },
      { op: 'move', from: '/data/b', path: '/data/d' },
      { op: 'copy', from: '/data/c', path: '/data/e' },
      { op: 'remove', path: '/data/c' },
    ]);
    assertCode(reply, 200);
    assert.deepEqual(reply.body.data, { a: '9', d: '2', e: '3' });
  });

  it('escapes ~1 and ~0 in paths', async () => {
    await admin.post(maps, configMap('escaped', {}, { annotations: { 'a/b': '1' } }));
    const reply = await admin.patch(`${maps}/escaped`, JSON_PATCH, [
      { op: 'replace', path: '/metadata/annotations/a~1b', value: '2' },
    ]);
    assert.deepEqual(reply.body.metadata.annotations, { 'a/b': '2' });
  });

  it('a failed test is 422 and changes nothing', async () => {
    await admin.post(maps, configMap('tested', { a: '1' }));
    const reply = await admin.patch(`${maps}/tested`, JSON_PATCH, [
      { op: 'replace', path: '/data/a', value: '2' },
      { op: 'test', path: '/data/a', value: '1' },
    ]);
    assertStatus(reply, 422, 'Invalid', /test|rejected our request/i);
    assert.deepEqual((await admin.get(`${maps}/tested`)).body.data, { a: '1' });
  });

  it('a path that is not there is 422', async () => {
    await admin.post(maps, configMap('pathless'));
    const reply = await admin.patch(`${maps}/pathless`, JSON_PATCH, [
      { op: 'replace', path: '/data/x/y', value: '2' },
    ]);
    assertStatus(reply, 422, 'Invalid');
  });

  it('a body that is no patch is 400', async () => {
    await admin.post(maps, configMap('bodyless'));
    assertStatus(await admin.patch(`${maps}/bodyless`, JSON_PATCH, '{"op":"add"}'), 400, 'BadRequest');
    assertStatus(await admin.patch(`${maps}/bodyless`, JSON_PATCH, '{nonsense'), 400, 'BadRequest');
  });

  it('works on arrays by index and -', async () => {
    await admin.post(deployments, quiet('array'));
    const reply = await admin.patch(`${deployments}/array`, JSON_PATCH, [
      { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'second', image: 'x' } },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'first' },
    ]);
    assertCode(reply, 200);
    assert.deepEqual(
      reply.body.spec.template.spec.containers.map((c: Wire) => c.image),
      ['first', 'x'],
    );
  });
});

cases('merge patch', target, (it) => {
  it('merges maps, null removes', async () => {
    await admin.post(maps, configMap('merge', { a: '1', b: '2' }));
    const reply = await admin.patch(`${maps}/merge`, MERGE_PATCH, { data: { a: null, c: '3' } });
    assert.deepEqual(reply.body.data, { b: '2', c: '3' });
  });

  it('replaces whole lists', async () => {
    await admin.post(deployments, quiet('merge-list'));
    const reply = await admin.patch(`${deployments}/merge-list`, MERGE_PATCH, {
      spec: { template: { spec: { containers: [{ name: 'only', image: 'y' }] } } },
    });
    assertCode(reply, 200);
    assert.deepEqual(
      reply.body.spec.template.spec.containers.map((c: Wire) => c.name),
      ['only'],
    );
  });

  it('with a resourceVersion it is conditional', async () => {
    const { body } = await admin.post(maps, configMap('conditional'));
    assertCode(await admin.patch(`${maps}/conditional`, MERGE_PATCH, { data: { a: '1' } }), 200);
    const reply = await admin.patch(`${maps}/conditional`, MERGE_PATCH, {
      metadata: { resourceVersion: body.metadata.resourceVersion },
      data: { a: '2' },
    });
    assertStatus(reply, 409, 'Conflict', /the object has been modified/);
  });

  it('a patch that changes nothing keeps the resourceVersion', async () => {
    const { body } = await admin.post(maps, configMap('noop', { a: '1' }));
    const reply = await admin.patch(`${maps}/noop`, MERGE_PATCH, { data: { a: '1' } });
    assertCode(reply, 200);
    assert.equal(reply.body.metadata.resourceVersion, body.metadata.resourceVersion);
  });

  it('cannot change the name', async () => {
    await admin.post(maps, configMap('named'));
    assertStatus(
      await admin.patch(`${maps}/named`, MERGE_PATCH, { metadata: { name: 'other' } }),
      400,
      'BadRequest',
      /name/,
    );
  });

  it('of what is not there is 404', async () => {
    assertStatus(await admin.patch(`${maps}/missing`, MERGE_PATCH, {}), 404, 'NotFound');
  });

  it('cannot change an immutable field', async () => {
    await admin.post(deployments, quiet('immutable'));
    const reply = await admin.patch(`${deployments}/immutable`, MERGE_PATCH, {
      spec: {
        selector: { matchLabels: { app: 'other' } },
        template: { metadata: { labels: { app: 'other' } } },
      },
    });
    assertStatus(reply, 422, 'Invalid', /spec\.selector: Invalid value: .*: field is immutable/);
  });
});

cases('strategic merge patch', target, (it) => {
  const containers = (reply: Reply): Wire[] => reply.body.spec.template.spec.containers;
  const patched = (name: string, template: Wire): Promise<Reply> =>
    admin.patch(`${deployments}/${name}`, STRATEGIC_PATCH, { spec: { template: { spec: template } } });

  it('merges lists by their key', async () => {
    await admin.post(deployments, quiet('smp'));
    const reply = await patched('smp', {
      containers: [
        { name: 'main', image: 'new' },
        { name: 'side', image: 's' },
      ],
    });
    assertCode(reply, 200);
    assert.deepEqual(
      new Map(containers(reply).map((c) => [c.name, c.image])),
      new Map([
        ['main', 'new'],
        ['side', 's'],
      ]),
    );
    assert.ok(containers(reply).find((c) => c.name === 'main').command);
  });

  it('$patch: delete takes an entry out', async () => {
    const object = quiet('smp-delete');
    object.spec.template.spec.containers.push(container('true', { name: 'side' }));
    await admin.post(deployments, object);
    const reply = await patched('smp-delete', { containers: [{ name: 'side', $patch: 'delete' }] });
    assert.deepEqual(
      containers(reply).map((c) => c.name),
      ['main'],
    );
  });

  it('$patch: replace takes the given list', async () => {
    await admin.post(deployments, quiet('smp-replace'));
    const reply = await patched('smp-replace', {
      containers: [{ name: 'fresh', image: 'f' }, { $patch: 'replace' }],
    });
    assertCode(reply, 200);
    assert.deepEqual(
      containers(reply).map((c) => c.name),
      ['fresh'],
    );
  });

  it('$retainKeys drops the other keys', async () => {
    await admin.post(deployments, quiet('smp-retain'));
    const reply = await admin.patch(`${deployments}/smp-retain`, STRATEGIC_PATCH, {
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    });
    assertCode(reply, 200);
    assert.deepEqual(reply.body.spec.strategy, { type: 'Recreate' });
  });

  it('$setElementOrder orders a merged list', async () => {
    await admin.post(deployments, quiet('smp-order'));
    const reply = await patched('smp-order', {
      $setElementOrder$containers: undefined,
      '$setElementOrder/containers': [{ name: 'first' }, { name: 'main' }],
      containers: [{ name: 'first', image: 'f' }],
    });
    assertCode(reply, 200);
    assert.deepEqual(
      containers(reply).map((c) => c.name),
      ['first', 'main'],
    );
  });

  it('$deleteFromPrimitiveList takes values out of a list of values', async () => {
    await admin.post(
      maps,
      configMap('smp-primitive', {}, { finalizers: ['example.com/a', 'example.com/b'] }),
    );
    const reply = await admin.patch(`${maps}/smp-primitive`, STRATEGIC_PATCH, {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
    });
    assertCode(reply, 200);
    assert.deepEqual(reply.body.metadata.finalizers, ['example.com/b']);
    await admin.patch(`${maps}/smp-primitive`, MERGE_PATCH, { metadata: { finalizers: null } });
  });

  it('env merges by name and ports by containerPort', async () => {
    const object = quiet('smp-env');
    Object.assign(object.spec.template.spec.containers[0], {
      env: [{ name: 'A', value: '1' }],
      ports: [{ containerPort: 80 }],
    });
    await admin.post(deployments, object);
    const reply = await patched('smp-env', {
      containers: [{ name: 'main', env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 81 }] }],
    });
    const [main] = containers(reply);
    assert.deepEqual(main.env.map((e: Wire) => e.name).toSorted(), ['A', 'B']);
    assert.deepEqual(main.ports.map((p: Wire) => p.containerPort).toSorted(), [80, 81]);
  });

  it('null removes a field', async () => {
    await admin.post(maps, configMap('smp-null', { a: '1', b: '2' }));
    const reply = await admin.patch(`${maps}/smp-null`, STRATEGIC_PATCH, { data: { a: null } });
    assert.deepEqual(reply.body.data, { b: '2' });
  });
});

cases('patch content types', target, (it) => {
  it('an unknown type is 415', async () => {
    await admin.post(maps, configMap('typed'));
    const reply = await admin.patch(`${maps}/typed`, 'application/json', { data: {} });
    assertStatus(reply, 415, 'UnsupportedMediaType');
  });
});

const applied = (
  name: string,
  manager: string,
  data: Wire,
  query: Record<string, string | boolean> = {},
): Promise<Reply> =>
  admin.patch(`${maps}/${name}`, APPLY_PATCH, configMap(name, data), { fieldManager: manager, ...query });
const managers = (reply: Reply): string[] =>
  reply.body.metadata.managedFields.map((m: Wire) => `${m.manager}/${m.operation}`).toSorted();

cases('server-side apply', target, (it) => {
  it('creates with 201 and records the manager', async () => {
    const reply = await applied('ssa', 'one', { a: '1' });
    assertCode(reply, 201);
    const [entry] = reply.body.metadata.managedFields;
    assert.equal(entry.manager, 'one');
    assert.equal(entry.operation, 'Apply');
    assert.equal(entry.apiVersion, 'v1');
    assert.equal(entry.fieldsType, 'FieldsV1');
    assert.deepEqual(entry.fieldsV1, { 'f:data': { 'f:a': {} } });
    assert.match(entry.time, /^\d{4}-/);
  });

  it('needs a fieldManager', async () => {
    const reply = await admin.patch(`${maps}/x`, APPLY_PATCH, configMap('x'));
    assertStatus(reply, 422, 'Invalid', /fieldManager: Required value: is required for apply patch/);
  });

  it('again with the same intent changes nothing', async () => {
    const first = await applied('idem', 'one', { a: '1' });
    const second = await applied('idem', 'one', { a: '1' });
    assertCode(second, 200);
    assert.equal(second.body.metadata.resourceVersion, first.body.metadata.resourceVersion);
  });

  it('a field that is no longer applied is removed', async () => {
    await applied('drop', 'one', { a: '1', b: '2' });
    assert.deepEqual((await applied('drop', 'one', { a: '1' })).body.data, { a: '1' });
  });

  it('a field that another manager owns too stays', async () => {
    await applied('shared', 'one', { a: '1', b: '2' });
    await applied('shared', 'two', { b: '2' });
    const reply = await applied('shared', 'one', { a: '1' });
    assert.deepEqual(reply.body.data, { a: '1', b: '2' });
  });

  it('a different value of another manager is a 409 that names field and manager', async () => {
    await applied('clash', 'one', { a: '1' });
    const reply = await applied('clash', 'two', { a: '2' });
    assertStatus(reply, 409, 'Conflict', 'Apply failed with 1 conflict: conflict with "one": .data.a');
    assert.deepEqual(reply.body.details.causes, [
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' },
    ]);
  });

  it('force takes the field over', async () => {
    await applied('forced', 'one', { a: '1', b: '1' });
    const reply = await applied('forced', 'two', { a: '2' }, { force: true });
    assertCode(reply, 200);
    assert.deepEqual(reply.body.data, { a: '2', b: '1' });
    const one = reply.body.metadata.managedFields.find((m: Wire) => m.manager === 'one');
    assert.deepEqual(one.fieldsV1, { 'f:data': { 'f:b': {} } });
  });

  it('the same value makes both owners', async () => {
    await applied('both', 'one', { a: '1' });
    const reply = await applied('both', 'two', { a: '1' });
    assertCode(reply, 200);
    assert.deepEqual(managers(reply), ['one/Apply', 'two/Apply']);
  });

  it('an update takes ownership from an applier, who then conflicts', async () => {
    await applied('taken', 'one', { a: '1' });
    const patched = await admin.patch(
      `${maps}/taken`,
      MERGE_PATCH,
      { data: { a: '5' } },
      { fieldManager: 'editor' },
    );
    assert.deepEqual(managers(patched), ['editor/Update'], 'the applier owns nothing more');
    assertStatus(
      await applied('taken', 'one', { a: '1' }),
      409,
      'Conflict',
      /conflict with "editor" using v1: \.data\.a/,
    );
  });

  it('several conflicts are all listed', async () => {
    await applied('many', 'one', { a: '1', b: '1' });
    const reply = await applied('many', 'two', { a: '2', b: '2' });
    assertStatus(
      reply,
      409,
      'Conflict',
      /Apply failed with 2 conflicts: conflicts with "one":\n- \.data\.a\n- \.data\.b/,
    );
    assert.equal(reply.body.details.causes.length, 2);
  });

  it('merges lists of maps by their key', async () => {
    const intent = (containers: Wire[]): Wire => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'ssa-list' },
      spec: {
        paused: true,
        replicas: 0,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers } },
      },
    });
    assertCode(
      await admin.patch(`${deployments}/ssa-list`, APPLY_PATCH, intent([{ name: 'a', image: '1' }]), {
        fieldManager: 'one',
      }),
      201,
    );
    const reply = await admin.patch(
      `${deployments}/ssa-list`,
      APPLY_PATCH,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'ssa-list' },
        spec: { template: { spec: { containers: [{ name: 'b', image: '2' }] } } },
      },
      { fieldManager: 'two' },
    );
    assertCode(reply, 200);
    assert.deepEqual(
      reply.body.spec.template.spec.containers.map((c: Wire) => c.name),
      ['a', 'b'],
    );
    const two = reply.body.metadata.managedFields.find((m: Wire) => m.manager === 'two');
    const owned = two.fieldsV1['f:spec']['f:template']['f:spec']['f:containers'];
    assert.deepEqual(owned, { 'k:{"name":"b"}': { '.': {}, 'f:image': {}, 'f:name': {} } });
  });

  it('takes entries out of a list when they are no longer applied', async () => {
    const service = (ports: Wire[]): Wire => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ssa-ports' },
      spec: { ports },
    });
    const path = `/api/v1/namespaces/${ns}/services/ssa-ports`;
    await admin.patch(
      path,
      APPLY_PATCH,
      service([
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ]),
      { fieldManager: 'one' },
    );
    const reply = await admin.patch(path, APPLY_PATCH, service([{ name: 'b', port: 81 }]), {
      fieldManager: 'one',
    });
    assertCode(reply, 200);
    assert.deepEqual(
      reply.body.spec.ports.map((p: Wire) => p.port),
      [81],
    );
  });

  it('accepts YAML', async () => {
    const reply = await admin.patch(
      `${maps}/ssa-yaml`,
      APPLY_PATCH,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ssa-yaml}\ndata:\n  a: "1"\n',
      { fieldManager: 'one' },
    );
    assertCode(reply, 201);
    assert.deepEqual(reply.body.data, { a: '1' });
  });

  it('refuses managedFields in the intent', async () => {
    const reply = await admin.patch(
      `${maps}/ssa-managed`,
      APPLY_PATCH,
      { ...configMap('ssa-managed'), metadata: { name: 'ssa-managed', managedFields: [{ manager: 'x' }] } },
      { fieldManager: 'one' },
    );
    assertStatus(reply, 400, 'BadRequest', /metadata\.managedFields must be nil/);
  });

  it('an unknown field is refused under Strict', async () => {
    const reply = await admin.patch(
      `${maps}/ssa-strict`,
      APPLY_PATCH,
      { ...configMap('ssa-strict'), dada: 1 },
      { fieldManager: 'one', fieldValidation: 'Strict' },
    );
    assert.ok(reply.status === 400 || reply.status === 422 || reply.status === 500, reply.text);
    assert.match(reply.body.message, /dada/);
  });

  it('works in a dry run', async () => {
    assertCode(await applied('ssa-dry', 'one', { a: '1' }, { dryRun: 'All' }), 201);
    assertCode(await admin.get(`${maps}/ssa-dry`), 404);
  });

  it('of the status subresource is recorded with it', async () => {
    await admin.post(deployments, quiet('ssa-status'));
    const reply = await admin.patch(
      `${deployments}/ssa-status/status`,
      APPLY_PATCH,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'ssa-status' },
        status: { conditions: [{ type: 'Custom', status: 'True', reason: 'R', message: 'm' }] },
      },
      { fieldManager: 'me' },
    );
    assertCode(reply, 200);
    const entry = reply.body.metadata.managedFields.find((m: Wire) => m.manager === 'me');
    assert.equal(entry.subresource, 'status');
    assert.equal(entry.operation, 'Apply');
  });
});

cases('managed fields', target, (it) => {
  it('create records the manager of the query', async () => {
    const reply = await admin.post(maps, configMap('mf', { a: '1' }), { fieldManager: 'maker' });
    assert.deepEqual(managers(reply), ['maker/Update']);
    assert.deepEqual(reply.body.metadata.managedFields[0].fieldsV1, { 'f:data': { '.': {}, 'f:a': {} } });
  });

  it('or the first word of the user agent', async () => {
    const reply = await admin.ask('POST', maps, {
      body: configMap('mf-agent', { a: '1' }),
      headers: { 'user-agent': 'robot/1.0 (linux)' },
    });
    assert.deepEqual(managers(reply), ['robot/Update']);
  });

  it('an update by another manager splits ownership', async () => {
    await admin.post(maps, configMap('mf-split', { a: '1', b: '1' }), { fieldManager: 'one' });
    const reply = await admin.patch(
      `${maps}/mf-split`,
      MERGE_PATCH,
      { data: { b: '2', c: '3' } },
      { fieldManager: 'two' },
    );
    const fields = new Map<string, Wire>(
      reply.body.metadata.managedFields.map((m: Wire) => [m.manager, m.fieldsV1['f:data']]),
    );
    assert.deepEqual(fields.get('one'), { '.': {}, 'f:a': {} });
    assert.deepEqual(fields.get('two'), { 'f:b': {}, 'f:c': {} });
  });

  it('an empty list resets them', async () => {
    await admin.post(maps, configMap('mf-reset', { a: '1' }), { fieldManager: 'one' });
    const reply = await admin.patch(`${maps}/mf-reset`, MERGE_PATCH, { metadata: { managedFields: [{}] } });
    assertCode(reply, 200);
    assert.equal(reply.body.metadata.managedFields, undefined);
  });

  it('a fieldManager that is too long is 422', async () => {
    const reply = await admin.post(maps, configMap('mf-long'), { fieldManager: 'x'.repeat(129) });
    assertStatus(reply, 422, 'Invalid', /fieldManager: Too long: may not be more than 128 bytes/);
  });
});
