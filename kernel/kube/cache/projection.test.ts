import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../meta/object.ts';
import { createEncodedObjects } from './encoded.ts';
import { Projector } from './projection.ts';
import { StringPool } from './string-pool.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const SECRETS = { group: '', version: 'v1', resource: 'secrets' };

/** A fresh copy, as parsing gives it: equal strings are not the same string. */
function pod(name: string, resourceVersion = '1', phase = 'Running'): KubeObject {
  return JSON.parse(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        resourceVersion,
        ownerReferences: [{ uid: 'owner', name: 'set' }],
        labels: { app: 'web' },
      },
      spec: { containers: [{ name: 'main', args: ['a', 'b'], env: [] }], tolerations: [{ key: 'x' }] },
      status: { phase },
    }),
  ) as KubeObject;
}

function frozenThroughout(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozenThroughout))
  );
}

test('[KX9] a projection lacks the bulk and is frozen throughout', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' };
  const full = {
    ...pod('a'),
    metadata: { ...pod('a').metadata, annotations, managedFields: [{ manager: 'x' }] },
  };
  const { object } = new Projector(PODS).project<KubeObject>(full);
  const { managedFields: _, ...metadata } = full.metadata;
  assert.deepEqual(object, { ...pod('a'), metadata: { ...metadata, annotations: { kept: 'yes' } } });
  assert.ok(!('managedFields' in object.metadata));
  assert.ok(frozenThroughout(object));
});

test('[KX9] of a Secret only the sizes of values are kept', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name: 's',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"aHVudGVy"}' },
    },
    data: { password: Buffer.from('hunter2').toString('base64'), empty: '', two: 'YWI=', one: 'YQ==' },
    stringData: { text: 'ü' },
  };
  const { object } = new Projector(SECRETS).project<KubeObject>(secret);
  assert.deepEqual(object['dataSizes'], { password: 7, empty: 0, two: 2, one: 1, text: 2 });
  assert.equal(object['type'], 'Opaque');
  assert.doesNotMatch(JSON.stringify(object), /aHVudGVy|hunter/);
  assert.ok(!('data' in object) && !('stringData' in object));
  assert.ok(frozenThroughout(object));
});

test('[KX10] what equals the previous version or the last of the same owner is the same object', () => {
  const projector = new Projector(PODS);
  const first = projector.project(pod('a')).object;
  const sibling = projector.project(pod('b'));
  assert.equal(sibling.object['spec'], first['spec']);
  assert.equal(sibling.object.metadata.labels, first.metadata.labels);
  assert.equal(sibling.object.metadata.name, 'b');
  const next = projector.project(pod('a', '2', 'Failed'), first).object;
  assert.equal(next['spec'], first['spec']);
  assert.notEqual(next['status'], first['status']);
  assert.deepEqual(next, pod('a', '2', 'Failed'));
  const { bytes } = new Projector(PODS).project(pod('a'));
  assert.ok(sibling.bytes < bytes / 2, `${sibling.bytes} of ${bytes} bytes`);
});

test('[KX10] what only looks alike is not shared', () => {
  const projector = new Projector(PODS);
  const shape = (spec: unknown): KubeObject => ({ metadata: { name: 'a' }, spec });
  const specs = [
    { a: 1, b: undefined },
    { a: 1 },
    {},
    [],
    [1],
    [1, 2],
    { 0: 1 },
    null,
    'x',
    { a: { b: [] } },
    { a: { b: {} } },
    { a: { b: [null] } },
  ];
  let previous: KubeObject | undefined;
  for (const spec of [...specs, ...specs.toReversed()]) {
    previous = projector.project(shape(structuredClone(spec)), previous).object;
    assert.deepEqual(previous['spec'], spec);
  }
});

test('[KX10] strings have one copy, and the pool is bounded', () => {
  const pool = new StringPool(3);
  for (const text of ['a', 'b', 'a', 'c', 'd']) assert.equal(pool.intern(text), text);
  assert.equal(pool.size, 1);
  assert.equal(pool.misses, 4);
});

test('[KX17] an object is encoded once, and what is held is bounded', () => {
  const encoded = createEncodedObjects(1000);
  const objects = Array.from({ length: 100 }, (_, index) => Object.freeze({ index, text: 'x'.repeat(50) }));
  assert.equal(encoded.encode(objects[0]!), encoded.encode(objects[0]!));
  assert.deepEqual(JSON.parse(encoded.encode(objects[1]!).toString()), objects[1]);
  for (const object of objects) {
    encoded.encode(object);
    assert.ok(encoded.bytes <= 1000);
  }
  const last = encoded.encode(objects[99]!);
  encoded.encode(objects[98]!);
  assert.equal(encoded.encode(objects[99]!), last);
});
