import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { APPLY_PATCH, MERGE_PATCH, STRATEGIC_PATCH, type Reply } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';
import { widget, widgetCrd } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('custom');

/** Makes the CRD of a group of its own and waits until its first version answers. */
async function served(crd: Wire): Promise<Wire> {
  const made = await target.make(CRDS, crd);
  const { group, versions } = crd.spec;
  await pollUntil(
    'the resource to be served',
    async () =>
      (await admin.get(`/apis/${group}/${versions[0].name}/namespaces/${ns}/widgets`)).status === 200,
  );
  return made;
}

const group = `${target.unique('g')}.example.com`;
await served(widgetCrd(group));
const widgets = `/apis/${group}/v1/namespaces/${ns}/widgets`;
const older = `/apis/${group}/v1beta1/namespaces/${ns}/widgets`;
const make = (name: string, spec: Wire, query?: Record<string, string>): Promise<Reply> =>
  admin.post(widgets, widget(group, name, spec), query);

cases('custom resource definitions', target, (it) => {
  it('become Established with accepted names', async () => {
    const { body } = await admin.get(`${CRDS}/widgets.${group}`);
    const conditions = new Map(body.status.conditions.map((c: Wire) => [c.type, c.status]));
    assert.equal(conditions.get('Established'), 'True');
    assert.equal(conditions.get('NamesAccepted'), 'True');
    assert.deepEqual(body.status.acceptedNames.shortNames, ['wd']);
    assert.deepEqual(body.status.storedVersions, ['v1']);
    assert.deepEqual(body.spec.conversion, { strategy: 'None' });
  });

  it('appear in discovery, preferred version first', async () => {
    const one = await pollUntil('the group', async () => {
      const reply = await admin.get(`/apis/${group}`);
      return reply.status === 200 && reply.body;
    });
    assert.deepEqual(
      one.versions.map((v: Wire) => v.version),
      ['v1', 'v1beta1'],
    );
    const { body } = await admin.get(`/apis/${group}/v1`);
    const names = new Map<string, Wire>(body.resources.map((r: Wire) => [r.name, r]));
    assert.deepEqual(names.get('widgets').categories, ['toys']);
    assert.deepEqual(names.get('widgets').shortNames, ['wd']);
    assert.ok(names.has('widgets/status'));
    assert.equal(names.get('widgets/scale').kind, 'Scale');
  });

  it('appear in OpenAPI v3', async () => {
    const { body } = await pollUntil('the document', async () => {
      const reply = await admin.get(`/openapi/v3/apis/${group}/v1`);
      return reply.status === 200 && reply;
    });
    const schema = Object.entries<Wire>(body.components.schemas).find(([name]) =>
      name.endsWith('.v1.Widget'),
    )?.[1];
    assert.equal(schema.properties.spec.properties.size.maximum, 10);
  });

  it('a name that is not PLURAL.GROUP is 422', async () => {
    const crd = widgetCrd(group);
    crd.metadata.name = 'wrong';
    assertStatus(
      await admin.post(CRDS, crd, { dryRun: 'All' }),
      422,
      'Invalid',
      /metadata\.name: Invalid value: "wrong": must be spec\.names\.plural\+"\."\+spec\.group/,
    );
  });

  it('without a schema is 422', async () => {
    const crd = widgetCrd(`${target.unique('n')}.example.com`, { v1: { schema: undefined } });
    assertStatus(
      await admin.post(CRDS, crd, { dryRun: 'All' }),
      422,
      'Invalid',
      /spec\.versions\[0\]\.schema\.openAPIV3Schema: Required value/,
    );
  });

  it('with two storage versions is 422', async () => {
    const crd = widgetCrd(`${target.unique('n')}.example.com`);
    crd.spec.versions[1].storage = true;
    assertStatus(
      await admin.post(CRDS, crd, { dryRun: 'All' }),
      422,
      'Invalid',
      /must have exactly one version marked as storage version/,
    );
  });

  it('a deleted CRD takes its objects and its endpoint along', async () => {
    const gone = `${target.unique('gone')}.example.com`;
    await served(widgetCrd(gone));
    await admin.post(`/apis/${gone}/v1/namespaces/${ns}/widgets`, widget(gone, 'w', { size: 1 }));
    assertCode(await admin.delete(`${CRDS}/widgets.${gone}`), 200);
    await pollUntil('the CRD to go', async () => (await admin.get(`${CRDS}/widgets.${gone}`)).status === 404);
    await pollUntil(
      'the endpoint to go',
      async () => (await admin.get(`/apis/${gone}/v1/namespaces/${ns}/widgets`)).status === 404,
    );
    await served(widgetCrd(gone));
    assert.deepEqual(namesOf((await admin.get(`/apis/${gone}/v1/namespaces/${ns}/widgets`)).body), []);
  });

  it('a change of the schema holds for the next write', async () => {
    const grown = `${target.unique('grown')}.example.com`;
    await served(widgetCrd(grown));
    const path = `/apis/${grown}/v1/namespaces/${ns}/widgets`;
    assertCode(await admin.post(path, widget(grown, 'big', { size: 11 })), 422);
    const schema = (await admin.get(`${CRDS}/widgets.${grown}`)).body.spec.versions;
    schema[0].schema.openAPIV3Schema.properties.spec.properties.size.maximum = 20;
    assertCode(
      await admin.patch(`${CRDS}/widgets.${grown}`, MERGE_PATCH, { spec: { versions: schema } }),
      200,
    );
    await pollUntil(
      'the new schema',
      async () => (await admin.post(path, widget(grown, 'big', { size: 11 }))).status === 201,
    );
  });
});

cases('custom resources: schema', target, (it) => {
  it('defaults are filled in', async () => {
    const reply = await make('defaults', { size: 1, parts: [{ id: 'a' }] });
    assertCode(reply, 201);
    assert.equal(reply.body.spec.colour, 'red');
    assert.deepEqual(reply.body.spec.parts, [{ id: 'a', weight: 7 }]);
    assert.equal(reply.body.metadata.generation, 1);
  });

  it('unknown fields are pruned, but kept where the schema says so', async () => {
    const reply = await make('pruned', { size: 1, nonsense: true, free: { any: { thing: [1] } } });
    assertCode(reply, 201);
    assert.deepEqual(reply.body.spec, { size: 1, colour: 'red', free: { any: { thing: [1] } } });
    assert.match(String(reply.headers['warning']), /unknown field \\"spec\.nonsense\\"/);
  });

  it('under Strict an unknown field is 400', async () => {
    const reply = await make('strict', { size: 1, nonsense: true }, { fieldValidation: 'Strict' });
    assertStatus(reply, 400, 'BadRequest', /strict decoding error: unknown field "spec\.nonsense"/);
  });

  for (const [what, spec, message] of [
    [
      'a number below the minimum',
      { size: 0 },
      /spec\.size: Invalid value: 0: spec\.size in body should be greater than or equal to 1/,
    ],
    [
      'a number above the maximum',
      { size: 11 },
      /spec\.size: Invalid value: 11: spec\.size in body should be less than or equal to 10/,
    ],
    [
      'a wrong type',
      { size: 'big' },
      /spec\.size: Invalid value: "string": spec\.size in body must be of type integer: "string"/,
    ],
    [
      'a value outside of the enum',
      { size: 1, colour: 'pink' },
      /spec\.colour: Unsupported value: "pink": supported values: "red", "green", "blue"/,
    ],
    [
      'a text that breaks the pattern',
      { size: 1, name: 'ABC' },
      /spec\.name: Invalid value: "ABC": spec\.name in body should match '\^\[a-z\]\+\$'/,
    ],
    [
      'a text that is too long',
      { size: 1, name: 'abcdefghij' },
      /spec\.name: Too long: may not be more than 8 bytes/,
    ],
    ['a missing required field', { colour: 'red' }, /spec\.size: Required value/],
    [
      'too many items',
      { size: 1, parts: [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }] },
      /spec\.parts: Too many: 4: must have at most 3 items/,
    ],
    [
      'a doubled key in a list of maps',
      { size: 1, parts: [{ id: 'a' }, { id: 'a' }] },
      /spec\.parts\[1\]: Duplicate value/,
    ],
    ['a doubled value in a set', { size: 1, tags: ['x', 'x'] }, /spec\.tags\[1\]: Duplicate value: "x"/],
  ] as const) {
    it(`${what} is 422`, async () => {
      assertStatus(await make('bad', spec), 422, 'Invalid', message);
    });
  }

  it('several errors are all told', async () => {
    const reply = await make('bad', { size: 0, colour: 'pink' });
    assertStatus(reply, 422, 'Invalid', /^Widget\.[^ ]+ "bad" is invalid: \[/);
    assert.equal(reply.body.details.causes.length, 2);
    assert.equal(reply.body.details.group, group);
  });

  it('int-or-string takes both and nullable takes null', async () => {
    assertCode(await make('either-1', { size: 1, either: 5 }), 201);
    const reply = await make('either-2', { size: 1, either: '5%', maybe: null });
    assertCode(reply, 201);
    assert.equal(reply.body.spec.maybe, null);
  });

  it('a strategic patch is 415', async () => {
    await make('strategic', { size: 1 });
    const reply = await admin.patch(`${widgets}/strategic`, STRATEGIC_PATCH, { spec: { size: 2 } });
    assertStatus(reply, 415, 'UnsupportedMediaType');
  });

  it('patches are validated too', async () => {
    await make('patched', { size: 1 });
    assertStatus(
      await admin.patch(`${widgets}/patched`, MERGE_PATCH, { spec: { size: 99 } }),
      422,
      'Invalid',
    );
    const reply = await admin.patch(`${widgets}/patched`, MERGE_PATCH, { spec: { size: 2 } });
    assertCode(reply, 200);
    assert.equal(reply.body.metadata.generation, 2);
  });

  it('an update needs a resourceVersion', async () => {
    await make('put', { size: 1 });
    const reply = await admin.put(`${widgets}/put`, widget(group, 'put', { size: 2 }));
    assertStatus(
      reply,
      422,
      'Invalid',
      /metadata\.resourceVersion: Invalid value: 0: must be specified for an update/,
    );
  });

  it('server-side apply merges lists of maps by their keys', async () => {
    const path = `${widgets}/applied`;
    const apply = (manager: string, spec: Wire): Promise<Reply> =>
      admin.patch(path, APPLY_PATCH, widget(group, 'applied', spec), { fieldManager: manager });
    assertCode(await apply('one', { size: 1, parts: [{ id: 'a', weight: 1 }] }), 201);
    const two = await apply('two', { size: 1, parts: [{ id: 'b', weight: 2 }] });
    assert.deepEqual(two.body.spec.parts, [
      { id: 'a', weight: 1 },
      { id: 'b', weight: 2 },
    ]);
    const conflict = await apply('two', { size: 1, parts: [{ id: 'a', weight: 9 }] });
    assertStatus(conflict, 409, 'Conflict', /conflict with "one": \.spec\.parts\[id="a"\]\.weight/);
  });

  it('a watch tells of custom resources', async () => {
    const from = (await admin.get(widgets)).body.metadata.resourceVersion;
    using watch = await admin.watch(widgets, {
      resourceVersion: from,
      fieldSelector: 'metadata.name=watched',
    });
    await make('watched', { size: 1 });
    const event = await watch.next();
    assert.equal(event.type, 'ADDED');
    assert.equal(event.object.kind, 'Widget');
  });
});

cases('custom resources: subresources, versions, selectable fields', target, (it) => {
  it('status is written by its subresource only', async () => {
    const object = widget(group, 'st', { size: 1 });
    const made = await admin.post(widgets, { ...object, status: { phase: 'Invented' } });
    assert.equal('status' in made.body, false);
    const status = await admin.patch(`${widgets}/st/status`, MERGE_PATCH, {
      status: { phase: 'Ready' },
      spec: { size: 9 },
    });
    assertCode(status, 200);
    assert.equal(status.body.status.phase, 'Ready');
    assert.equal(status.body.spec.size, 1);
    assert.equal(status.body.metadata.generation, 1);
    const main = await admin.patch(`${widgets}/st`, MERGE_PATCH, { status: { phase: 'Broken' } });
    assert.equal(main.body.status.phase, 'Ready');
  });

  it('status is validated', async () => {
    await make('st-bad', { size: 1 });
    assertStatus(
      await admin.patch(`${widgets}/st-bad/status`, MERGE_PATCH, { status: { phase: 5 } }),
      422,
      'Invalid',
      /status\.phase/,
    );
  });

  it('scale reads and writes the replicas', async () => {
    await make('sc', { size: 1, replicas: 3 });
    await admin.patch(`${widgets}/sc/status`, MERGE_PATCH, { status: { replicas: 2, selector: 'a=b' } });
    const { body } = await admin.get(`${widgets}/sc/scale`);
    assert.equal(body.kind, 'Scale');
    assert.equal(body.apiVersion, 'autoscaling/v1');
    assert.deepEqual(body.spec, { replicas: 3 });
    assert.deepEqual(body.status, { replicas: 2, selector: 'a=b' });
    assertCode(await admin.patch(`${widgets}/sc/scale`, MERGE_PATCH, { spec: { replicas: 5 } }), 200);
    assert.equal((await admin.get(`${widgets}/sc`)).body.spec.replicas, 5);
  });

  it('an object is served in every version', async () => {
    await make('versions', { size: 4 });
    const { body } = await admin.get(`${older}/versions`);
    assert.equal(body.apiVersion, `${group}/v1beta1`);
    assert.equal(body.spec.size, 4);
    const made = await admin.post(older, widget(group, 'from-older', { size: 5 }, 'v1beta1'));
    assertCode(made, 201);
    assert.equal((await admin.get(`${widgets}/from-older`)).body.apiVersion, `${group}/v1`);
  });

  it('an object of another version than the path is 400', async () => {
    const reply = await admin.post(widgets, widget(group, 'mismatch', { size: 1 }, 'v1beta1'));
    assertStatus(
      reply,
      400,
      'BadRequest',
      /the API version in the data \([^)]+v1beta1\) does not match the expected API version/,
    );
  });

  it('selectable fields select', async () => {
    await make('blue', { size: 1, colour: 'blue' });
    await make('green', { size: 1, colour: 'green' });
    assert.deepEqual(namesOf((await admin.get(widgets, { fieldSelector: 'spec.colour=blue' })).body), [
      'blue',
    ]);
    assertStatus(
      await admin.get(widgets, { fieldSelector: 'spec.size=1' }),
      400,
      'BadRequest',
      /field label not supported: spec\.size/,
    );
  });

  it('a version that is not served is 404', async () => {
    assertCode(await admin.get(`/apis/${group}/v2/namespaces/${ns}/widgets`), 404);
  });

  it('printer columns make the table', async () => {
    await make('tabled', { size: 7, colour: 'green' });
    await admin.patch(`${widgets}/tabled/status`, MERGE_PATCH, { status: { phase: 'Ready' } });
    const { body } = await admin.get(
      `${widgets}/tabled`,
      {},
      { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    );
    assert.deepEqual(
      body.columnDefinitions.map((c: Wire) => c.name),
      ['Name', 'Size', 'Phase', 'Colour', 'Age'],
    );
    assert.equal(body.columnDefinitions[3].priority, 1);
    assert.deepEqual(body.rows[0].cells.slice(0, 4), ['tabled', 7, 'Ready', 'green']);
    assert.match(body.rows[0].cells[4], /^\d+s$/);
  });

  it('a cluster-scoped custom resource has no namespace', async () => {
    const scoped = `${target.unique('cs')}.example.com`;
    await target.make(CRDS, widgetCrd(scoped, { spec: { scope: 'Cluster' } }));
    const path = `/apis/${scoped}/v1/widgets`;
    await pollUntil('the resource', async () => (await admin.get(path)).status === 200);
    const reply = await admin.post(path, widget(scoped, 'global', { size: 1 }));
    assertCode(reply, 201);
    assert.equal(reply.body.metadata.namespace, undefined);
    assertCode(await admin.get(`/apis/${scoped}/v1/namespaces/${ns}/widgets`), 404);
  });
});
