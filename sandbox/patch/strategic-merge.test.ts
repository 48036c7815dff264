import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { KubeObject } from '@krateyard/kube/meta/object';
import { reasonOf } from '@krateyard/status/status-error';

import { builtinSchema } from '../schema/builtin-schemas.ts';
import { schemaFromCrd } from '../schema/crd-schema.ts';

const deployments = builtinSchema({ group: 'apps', version: 'v1', kind: 'Deployment' })!;

const deployment = (podSpec: object, more: object = {}): KubeObject => ({
  metadata: { name: 'x' },
  spec: { template: { spec: podSpec }, ...more },
});

const podSpecAfter = (podSpec: object, patch: object): unknown => {
  const merged = deployments.strategicMerge(deployment(podSpec), { spec: { template: { spec: patch } } });
  return (merged['spec'] as { template: { spec: unknown } }).template.spec;
};

const a = { name: 'a', image: 'i:1', args: ['x'] };
const b = { name: 'b', image: 'i:1' };

test('[SP4] containers are merged by name, their scalar lists replaced', () => {
  assert.deepEqual(podSpecAfter({ containers: [a, b] }, { containers: [{ name: 'a', args: ['y'] }] }), {
    containers: [{ name: 'a', image: 'i:1', args: ['y'] }, b],
  });
});

test('[SP4] a new item comes before those that the patch does not name', () => {
  assert.deepEqual(podSpecAfter({ containers: [a] }, { containers: [b] }), { containers: [b, a] });
});

test('[SP4] lists without a merge key are replaced, scalar ones with one united', () => {
  assert.deepEqual(podSpecAfter({ tolerations: [{ key: 'a' }] }, { tolerations: [{ key: 'b' }] }), {
    tolerations: [{ key: 'b' }],
  });
  const merged = deployments.strategicMerge(
    { metadata: { finalizers: ['a/b'] } },
    { metadata: { finalizers: ['c/d'] } },
  );
  assert.deepEqual(merged.metadata.finalizers?.toSorted(), ['a/b', 'c/d']);
});

test('[SP4] null takes a field away and neither argument changes', () => {
  const before = deployment({ containers: [a] }, { replicas: 3 });
  const copy = structuredClone(before);
  const merged = deployments.strategicMerge(before, { spec: { replicas: null } });
  assert.equal('replicas' in (merged['spec'] as object), false);
  assert.deepEqual(before, copy);
});

test('[SP5] $patch deletes and replaces items and lists', () => {
  assert.deepEqual(podSpecAfter({ containers: [a, b] }, { containers: [{ name: 'a', $patch: 'delete' }] }), {
    containers: [b],
  });
  assert.deepEqual(podSpecAfter({ containers: [a, b] }, { containers: [{ $patch: 'replace' }, b] }), {
    containers: [b],
  });
  assert.deepEqual(
    podSpecAfter({ nodeSelector: { x: 'y' } }, { nodeSelector: { $patch: 'replace', z: 'w' } }),
    {
      nodeSelector: { z: 'w' },
    },
  );
});

test('[SP5] $setElementOrder puts items in order', () => {
  const patch = { containers: [{ name: 'b', image: 'i:2' }] };
  assert.deepEqual(
    podSpecAfter(
      { containers: [a, b] },
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], ...patch },
    ),
    { containers: [{ name: 'b', image: 'i:2' }, a] },
  );
  const server = { name: 's', image: 'i:1' };
  assert.deepEqual(
    podSpecAfter(
      { containers: [a, server, b] },
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] },
    ),
    { containers: [server, b, a] },
  );
});

test('[SP5] $retainKeys keeps only the named fields', () => {
  const merged = deployments.strategicMerge(
    deployment({}, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } }),
    { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
  );
  assert.deepEqual((merged['spec'] as { strategy: unknown }).strategy, { type: 'Recreate' });
});

test('[SP5] $deleteFromPrimitiveList takes scalars away', () => {
  const merged = deployments.strategicMerge(
    { metadata: { finalizers: ['a/b', 'c/d'] } },
    {
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['a/b'],
        '$setElementOrder/finalizers': ['c/d'],
      },
    },
  );
  assert.deepEqual(merged.metadata.finalizers, ['c/d']);
});

test('[SP5] malformed directives are a BadRequest', () => {
  const patches: object[] = [
    { containers: [{ image: 'x' }] },
    { containers: [{ name: 'a', $patch: 'frob' }] },
    { $patch: 'frob' },
    { '$setElementOrder/containers': 'a' },
    { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'q' }] },
    { $retainKeys: 'x' },
    { $retainKeys: ['x'], dnsPolicy: 'y' },
  ];
  for (const patch of patches)
    assert.throws(
      () => podSpecAfter({ containers: [a] }, patch),
      (error) => reasonOf(error) === 'BadRequest',
      JSON.stringify(patch),
    );
});

test('[SP6] custom resources have no strategic merge', () => {
  const schema = schemaFromCrd({ metadata: {}, spec: { versions: [{ name: 'v1' }] } }, 'v1');
  assert.throws(
    () => schema.strategicMerge({ metadata: {} }, {}),
    (error) => reasonOf(error) === 'UnsupportedMediaType',
  );
});
