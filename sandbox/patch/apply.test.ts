import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { KubeObject } from '@krateyard/kube/meta/object';
import { reasonOf, type StatusError } from '@krateyard/status/status-error';
import * as fc from 'fast-check';

import { builtinSchema } from '../schema/builtin-schemas.ts';
import { schemaFromCrd } from '../schema/crd-schema.ts';

const configMaps = builtinSchema({ group: '', version: 'v1', kind: 'ConfigMap' })!;
const deployments = builtinSchema({ group: 'apps', version: 'v1', kind: 'Deployment' })!;
const services = builtinSchema({ group: '', version: 'v1', kind: 'Service' })!;
const gadgets = schemaFromCrd(
  {
    metadata: { name: 'gadgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Gadget', plural: 'gadgets' },
      versions: [
        {
          name: 'v1',
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: {
                    size: { type: 'integer' },
                    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                    parts: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['id'],
                      items: {
                        type: 'object',
                        properties: { id: { type: 'string' }, v: { type: 'integer' } },
                      },
                    },
                    atom: {
                      type: 'object',
                      'x-kubernetes-map-type': 'atomic',
                      additionalProperties: { type: 'string' },
                    },
                    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
                status: { type: 'object', properties: { phase: { type: 'string' } } },
              },
            },
          },
        },
      ],
    },
  },
  'v1',
);

const at = (seconds: number): string => `2026-01-01T00:00:${String(seconds).padStart(2, '0')}Z`;

const config = (data: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', ...metadata },
  data,
});

const gadget = (spec: object): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Gadget',
  metadata: { name: 'x' },
  spec,
});

const by = (manager: string, seconds = 0, force = false) => ({ manager, force, time: at(seconds) });

/** The fields of each manager, by name. */
const owned = (object: KubeObject): Record<string, unknown> =>
  Object.fromEntries((object.metadata.managedFields ?? []).map((entry) => [entry.manager, entry.fieldsV1]));

function failure(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    return error as StatusError;
  }
  throw new Error('it did not fail');
}

test('[SP9] two managers share a field that they want alike', () => {
  const first = configMaps.apply(undefined, config({ x: '1', y: '2' }), by('a'));
  const both = configMaps.apply(first, config({ x: '1' }), by('b', 1));
  assert.deepEqual(owned(both), {
    a: { 'f:data': { 'f:x': {}, 'f:y': {} } },
    b: { 'f:data': { 'f:x': {} } },
  });
});

test('[SP9] a field that another manager wants otherwise is a conflict', () => {
  const live = configMaps.apply(undefined, config({ x: '1', y: '2' }), by('a'));
  const one = failure(() => configMaps.apply(live, config({ x: '2' }), by('b')));
  assert.equal(reasonOf(one), 'Conflict');
  assert.equal(one.message, 'Apply failed with 1 conflict: conflict with "a": .data.x');
  assert.deepEqual(one.details?.causes, [
    { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.data.x' },
  ]);
  const two = failure(() => configMaps.apply(live, config({ x: '2', y: '3' }), by('b')));
  assert.equal(two.message, 'Apply failed with 2 conflicts: conflicts with "a":\n- .data.x\n- .data.y');
});

test('[SP9] force takes a field over', () => {
  const live = configMaps.apply(undefined, config({ x: '1' }), by('a'));
  const taken = configMaps.apply(live, config({ x: '2' }), by('b', 1, true));
  assert.deepEqual(taken['data'], { x: '2' });
  assert.deepEqual(owned(taken), { b: { 'f:data': { 'f:x': {} } } });
});

test('[SP9] the conflict names the manager of an update with its version', () => {
  const container = { name: 'a', image: 'i:1' };
  const deployment = (containers: object[]): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'x' },
    spec: { replicas: 1, template: { spec: { containers } } },
  });
  const live = deployments.apply(undefined, deployment([container]), by('a'));
  const edited = structuredClone(deployment([{ name: 'a', image: 'i:2' }]));
  edited.metadata.managedFields = deployments.trackUpdate(live, edited, {
    manager: 'kubectl-edit',
    time: at(1),
  });
  const error = failure(() => deployments.apply(edited, deployment([container]), by('a')));
  assert.equal(
    error.message,
    'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.template.spec.containers[name="a"].image',
  );
});

test('[SP10] what a manager no longer applies goes, unless another owns it', () => {
  const first = configMaps.apply(undefined, config({ x: '1', y: '2', z: '3' }), by('a'));
  const both = configMaps.apply(first, config({ x: '1' }), by('b'));
  const less = configMaps.apply(both, config({ z: '3' }), by('a', 1));
  assert.deepEqual(less['data'], { x: '1', z: '3' });
});

test('[SP10] lists of type map and set go by item, atomic ones as a whole', () => {
  const first = gadgets.apply(
    undefined,
    gadget({
      tags: ['a', 'b'],
      parts: [{ id: '1', v: 1 }, { id: '2' }],
      atom: { k: 'v' },
      free: { m: { n: 1 }, l: [1] },
    }),
    by('a'),
  );
  assert.deepEqual(owned(first)['a'], {
    'f:spec': {
      'f:atom': {},
      'f:free': { 'f:l': {}, 'f:m': { '.': {}, 'f:n': {} } },
      'f:parts': {
        'k:{"id":"1"}': { '.': {}, 'f:id': {}, 'f:v': {} },
        'k:{"id":"2"}': { '.': {}, 'f:id': {} },
      },
      'f:tags': { 'v:"a"': {}, 'v:"b"': {} },
    },
  });
  const both = gadgets.apply(first, gadget({ tags: ['c', 'a'], parts: [{ id: '3' }] }), by('b'));
  assert.deepEqual(both['spec'], {
    tags: ['c', 'a', 'b'],
    parts: [{ id: '1', v: 1 }, { id: '2' }, { id: '3' }],
    atom: { k: 'v' },
    free: { m: { n: 1 }, l: [1] },
  });
  const less = gadgets.apply(both, gadget({ tags: ['b'], parts: [{ id: '2' }] }), by('a'));
  assert.deepEqual(less['spec'], { tags: ['c', 'a', 'b'], parts: [{ id: '2' }, { id: '3' }] });
});

test('[SP10] a key that a type fills in is part of the item’s name', () => {
  const live = services.apply(
    undefined,
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { ports: [{ port: 80 }] } },
    by('a'),
  );
  assert.deepEqual(owned(live)['a'], {
    'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } } },
  });
});

test('[SP11] an update takes the fields that it changes', () => {
  const live = configMaps.apply(undefined, config({ x: '1', y: '2' }), by('a'));
  const after = config({ x: '9', y: '2' }, { labels: { l: '1' } });
  after.metadata.managedFields = configMaps.trackUpdate(live, after, { manager: 'edit', time: at(1) });
  assert.deepEqual(owned(after), {
    a: { 'f:data': { 'f:y': {} } },
    edit: { 'f:data': { 'f:x': {} }, 'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } } },
  });
});

test('[SP11] a creator does not own what the server gives', () => {
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'x' },
    spec: { ports: [{ port: 80 }], selector: { a: 'b' } },
  };
  services.applyDefaults(service);
  const [entry] = services.trackUpdate(undefined, service, { manager: 'm', time: at(0) });
  assert.deepEqual(entry?.fieldsV1, {
    'f:spec': {
      'f:internalTrafficPolicy': {},
      'f:ports': {
        '.': {},
        'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {}, 'f:targetPort': {} },
      },
      'f:selector': {},
      'f:sessionAffinity': {},
      'f:type': {},
    },
  });
});

test('[SP11] a status write is an entry of its own', () => {
  const live = gadgets.apply(undefined, gadget({ size: 1 }), by('a'));
  const after = { ...live, status: { phase: 'Up' } };
  const entries = gadgets.trackUpdate(live, after, {
    manager: 'a',
    time: at(1),
    subresource: 'status',
  });
  assert.deepEqual(
    entries.map(({ operation, subresource, fieldsV1 }) => ({ operation, subresource, fieldsV1 })),
    [
      { operation: 'Apply', subresource: undefined, fieldsV1: { 'f:spec': { 'f:size': {} } } },
      {
        operation: 'Update',
        subresource: 'status',
        fieldsV1: { 'f:status': { '.': {}, 'f:phase': {} } },
      },
    ],
  );
  const applied = gadgets.apply(
    { ...after, metadata: { ...after.metadata, managedFields: entries } },
    { ...gadget({ size: 7 }), status: { phase: 'Up' } },
    { ...by('s', 2), subresource: 'status' },
  );
  assert.deepEqual(applied['spec'], { size: 1 });
});

test('[SP11] a writer clears managedFields with an empty list', () => {
  const live = configMaps.apply(undefined, config({ x: '1' }), by('a'));
  const after = config({ x: '1' }, { managedFields: [{}] });
  assert.deepEqual(configMaps.trackUpdate(live, after, { manager: 'b', time: at(1) }), []);
});

test('[SP11] more than ten managers of updates are folded', () => {
  let live = config({ x: '0' });
  live.metadata.managedFields = configMaps.trackUpdate(undefined, live, { manager: 'm0', time: at(0) });
  for (let n = 1; n < 15; n += 1) {
    const after = config({ ...(live['data'] as object), [`k${n}`]: '1' });
    after.metadata.managedFields = configMaps.trackUpdate(live, after, { manager: `m${n}`, time: at(n) });
    live = after;
  }
  const entries = live.metadata.managedFields ?? [];
  assert.equal(entries.length, 10);
  assert.equal(entries[0]!.manager, 'ancient-changes');
});

test('[SP12] what was there before the first apply has a manager', () => {
  const live = { ...config({ x: '1' }), metadata: { name: 'x', uid: 'u' } };
  const error = failure(() => configMaps.apply(live, config({ x: '2' }), by('a')));
  assert.equal(
    error.message,
    'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
  );
  const forced = configMaps.apply(live, config({ x: '2' }), by('a', 0, true));
  assert.deepEqual(forced['data'], { x: '2' });
});

test('[SP9] kubectl takes over what its own client-side apply has set', () => {
  const last = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { x: '1' } };
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(last) };
  const live = config({ x: '1' }, { annotations });
  live.metadata.managedFields = configMaps.trackUpdate(undefined, live, {
    manager: 'kubectl-client-side-apply',
    time: at(0),
  });
  const applied = configMaps.apply(live, config({ x: '2' }), by('kubectl', 1));
  assert.deepEqual(applied['data'], { x: '2' });
  assert.throws(() => configMaps.apply(live, config({ x: '2' }), by('other', 1)));
});

test('[SP9] a configuration with managedFields or a doubled key is a BadRequest', () => {
  const managed = config({}, { managedFields: [] });
  assert.equal(reasonOf(failure(() => configMaps.apply(undefined, managed, by('a')))), 'BadRequest');
  const doubled = gadget({ parts: [{ id: '1' }, { id: '1' }] });
  const error = failure(() => gadgets.apply(undefined, doubled, by('a')));
  assert.equal(
    error.message,
    'failed to create typed patch object: .spec.parts: duplicate entries for key [id="1"]',
  );
});

const ids = ['1', '2', '3', '4'];
const specs = fc.record(
  {
    size: fc.integer(),
    tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
    parts: fc.uniqueArray(fc.record({ id: fc.constantFrom(...ids), v: fc.integer() }), {
      selector: (part) => part.id,
    }),
    atom: fc.dictionary(fc.constantFrom('k', 'l'), fc.string(), { noNullPrototype: true }),
    free: fc.dictionary(fc.constantFrom('m', 'n'), fc.jsonValue(), { noNullPrototype: true }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

test('[SP8] applying is idempotent, whoever else has applied before', () => {
  fc.assert(
    fc.property(specs, specs, (theirs, ours) => {
      const live = gadgets.apply(undefined, gadget(theirs), by('a'));
      const once = gadgets.apply(live, gadget(ours), by('b', 1, true));
      const twice = gadgets.apply(once, gadget(ours), by('b', 2, true));
      assert.deepEqual(twice, once);
    }),
    { numRuns: 300 },
  );
});

test('[SP10] a manager that applies nothing any more leaves what the others applied', () => {
  fc.assert(
    fc.property(specs, specs, (theirs, ours) => {
      const alone = gadgets.apply(undefined, gadget(theirs), by('a'));
      const both = gadgets.apply(alone, gadget(ours), by('b', 1, true));
      const left = gadgets.apply(both, gadget({}), by('b', 2, true));
      const again = gadgets.apply(left, gadget(theirs), by('a', 3, true));
      const size = (again['spec'] as { size?: number } | undefined)?.size;
      assert.equal(size, theirs.size);
      assert.deepEqual(owned(again)['a'], owned(alone)['a']);
    }),
    { numRuns: 300 },
  );
});
