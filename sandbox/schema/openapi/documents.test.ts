import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALL_VERBS, type ResourceDefinition } from '../../api/resource-definition.ts';
import { builtinSchema } from '../builtin-schemas.ts';
import type { JsonObject } from '../schema-node.ts';
import { OpenApiDocuments } from './documents.ts';

const base = {
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: ALL_VERBS,
  selectableFields: [],
  hasGeneration: true,
  hasStatus: true,
};

const deployments: ResourceDefinition = {
  ...base,
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
  kind: 'Deployment',
  singular: 'deployment',
  storageKey: 'deployments.apps',
  subresources: [
    { name: 'status', kind: 'Deployment', verbs: ['get', 'update', 'patch'] },
    { name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch'] },
  ],
  schema: builtinSchema({ group: 'apps', version: 'v1', kind: 'Deployment' })!,
};

const gadgets: ResourceDefinition = {
  ...deployments,
  group: 'example.com',
  resource: 'gadgets',
  kind: 'Gadget',
  singular: 'gadget',
  subresources: [],
  custom: {
    crdName: 'gadgets.example.com',
    columns: [],
    openApiSchema: {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { size: { type: 'integer', nullable: true, default: 1 } } },
      },
    },
  },
};

const documents = new OpenApiDocuments([deployments, gadgets]);
const at = (document: unknown, ...path: string[]): JsonObject =>
  path.reduce<unknown>((value, key) => (value as JsonObject)[key], document) as JsonObject;

/** Every `$ref` in a document. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$ref' ? [String(item)] : references(item)));
}

test('[SS9] the index names one document a group version, by a hash of its content', () => {
  const { paths } = documents.index() as { paths: Record<string, { serverRelativeURL: string }> };
  assert.deepEqual(Object.keys(paths), ['apis/apps/v1', 'apis/example.com/v1']);
  assert.match(
    paths['apis/apps/v1']!.serverRelativeURL,
    /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{64}$/,
  );
  const changed = new OpenApiDocuments([
    deployments,
    { ...gadgets, custom: { ...gadgets.custom!, openApiSchema: { type: 'object' } } },
  ]).index() as { paths: typeof paths };
  assert.equal(changed.paths['apis/apps/v1']!.serverRelativeURL, paths['apis/apps/v1']!.serverRelativeURL);
  assert.notEqual(
    changed.paths['apis/example.com/v1']!.serverRelativeURL,
    paths['apis/example.com/v1']!.serverRelativeURL,
  );
  assert.equal(documents.v3('apis/none/v1'), undefined);
});

test('[SS9] a patch says that it validates fields, as kubectl asks', () => {
  const patch = at(
    documents.v3('apis/apps/v1'),
    'paths',
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}',
    'patch',
  );
  assert.deepEqual(patch['x-kubernetes-group-version-kind'], {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
  });
  const names = new Set((patch['parameters'] as { name: string }[]).map(({ name }) => name));
  assert.ok(['fieldValidation', 'dryRun', 'force'].every((name) => names.has(name)));
});

test('[SS9] types tell what strategic merge and apply need', () => {
  const schemas = at(documents.v3('apis/apps/v1'), 'components', 'schemas');
  const containers = at(schemas, 'io.k8s.api.core.v1.PodSpec', 'properties', 'containers');
  assert.deepEqual(
    [
      containers['x-kubernetes-patch-merge-key'],
      containers['x-kubernetes-patch-strategy'],
      containers['x-kubernetes-list-type'],
      containers['x-kubernetes-list-map-keys'],
    ],
    ['name', 'merge', 'map', ['name']],
  );
  assert.equal(
    at(schemas, 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector')['x-kubernetes-map-type'],
    'atomic',
  );
  assert.ok(at(schemas, 'io.k8s.api.autoscaling.v1.Scale'));
});

test('[SS9] a custom resource stands in both, without what version 2 does not know', () => {
  const name = 'com.example.v1.Gadget';
  const size = (document: unknown, ...path: string[]): JsonObject =>
    at(document, ...path, name, 'properties', 'spec', 'properties', 'size');
  assert.deepEqual(size(documents.v3('apis/example.com/v1'), 'components', 'schemas'), {
    type: 'integer',
    nullable: true,
    default: 1,
  });
  assert.deepEqual(size(documents.v2(), 'definitions'), { type: 'integer' });
  assert.deepEqual(at(documents.v2(), 'definitions', name)['x-kubernetes-group-version-kind'], [
    { group: 'example.com', version: 'v1', kind: 'Gadget' },
  ]);
});

test('[SS9] every reference leads somewhere', () => {
  for (const path of ['apis/apps/v1', 'apis/example.com/v1']) {
    const document = documents.v3(path);
    const schemas = at(document, 'components', 'schemas');
    for (const reference of new Set(references(document)))
      assert.ok(Object.hasOwn(schemas, reference.slice('#/components/schemas/'.length)), reference);
  }
  const definitions = at(documents.v2(), 'definitions');
  for (const reference of new Set(references(documents.v2())))
    assert.ok(Object.hasOwn(definitions, reference.slice('#/definitions/'.length)), reference);
});
