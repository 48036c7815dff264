import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { KubeObject } from '@krateyard/kube/meta/object';

import { builtinSchema } from './builtin-schemas.ts';
import { schemaFromCrd } from './crd-schema.ts';

const definitions = builtinSchema({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
})!;

const definition = (spec: object, more: object = {}): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Thing', plural: 'things' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      },
    ],
    ...more,
  },
});

const thing = (spec: unknown): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'x' },
  spec,
});

/** What becomes of `spec` under a schema: the spec, what was pruned, the errors. */
function outcome(schema: object, spec: unknown): { spec: unknown; pruned: string[]; errors: string[] } {
  const type = schemaFromCrd(definition(schema), 'v1');
  const object = thing(structuredClone(spec));
  const pruned = type.prune(object);
  type.applyDefaults(object);
  const errors = type.validate(object).map(({ field, message }) => `${field}: ${message}`);
  return { spec: object['spec'], pruned, errors };
}

const fields = (properties: object): object => ({ type: 'object', properties });

test('[SS6] unknown fields are pruned, but for those that the schema says to keep', () => {
  const schema = fields({
    a: { type: 'string' },
    free: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { known: fields({ a: { type: 'string' } }) },
    },
    map: { type: 'object', additionalProperties: fields({ a: { type: 'string' } }) },
    list: { type: 'array', items: fields({ a: { type: 'string' } }) },
    object: { type: 'object', 'x-kubernetes-embedded-resource': true },
  });
  const { spec, pruned } = outcome(schema, {
    a: 'x',
    b: 1,
    free: { any: 1, known: { a: 'x', b: 1 } },
    map: { k: { a: 'x', b: 1 } },
    list: [{ a: 'x' }, { b: 1 }],
    object: { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, spec: {} },
  });
  assert.deepEqual(pruned, [
    'spec.b',
    'spec.free.known.b',
    'spec.map.k.b',
    'spec.list[1].b',
    'spec.object.spec',
  ]);
  assert.deepEqual(spec, {
    a: 'x',
    free: { any: 1, known: { a: 'x' } },
    map: { k: { a: 'x' } },
    list: [{ a: 'x' }, {}],
    object: { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } },
  });
});

test('[SS6] the metadata of an object within an object must be metadata', () => {
  const schema = fields({ object: { type: 'object', 'x-kubernetes-embedded-resource': true } });
  const spec = { object: { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', foo: 1 } } };
  assert.deepEqual(outcome(schema, spec).pruned, ['spec.object.metadata.foo']);
  const wrong = { object: { apiVersion: 'v1', kind: 'X', metadata: { labels: 'x' } } };
  assert.throws(
    () => outcome(schema, wrong),
    /^StatusError: Thing in version "v1" cannot be handled as a Thing: spec\.object\.metadata: Invalid value: \{"labels":"x"\}: json: cannot unmarshal string into Go struct field ObjectMeta\.labels of type map\[string\]string$/,
  );
});

test('[SS6] defaults are filled in all the way down; a null that may not be makes room for one', () => {
  const schema = fields({
    size: { type: 'integer', default: 1 },
    inner: {
      type: 'object',
      default: { a: 1 },
      properties: { a: { type: 'integer' }, b: { type: 'string', default: 'x' } },
    },
    nullable: { type: 'string', nullable: true, default: 'x' },
    plain: { type: 'string' },
  });
  assert.deepEqual(outcome(schema, {}).spec, { size: 1, inner: { a: 1, b: 'x' }, nullable: 'x' });
  const { spec, errors } = outcome(schema, { size: null, inner: null, nullable: null, plain: null });
  assert.deepEqual(spec, { size: 1, inner: { a: 1, b: 'x' }, nullable: null });
  assert.deepEqual(errors, []);
});

const WRONG: [object, unknown, string][] = [
  [
    { type: 'integer' },
    'x',
    'spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"',
  ],
  [
    { type: 'string', minLength: 2 },
    'x',
    'spec.a: Invalid value: "x": spec.a in body should be at least 2 chars long',
  ],
  [{ type: 'string', maxLength: 1 }, 'xx', 'spec.a: Too long: may not be more than 1 bytes'],
  [
    { type: 'string', pattern: '^a+$' },
    'b',
    'spec.a: Invalid value: "b": spec.a in body should match \'^a+$\'',
  ],
  [{ type: 'string', enum: ['a', 'b'] }, 'c', 'spec.a: Unsupported value: "c": supported values: "a", "b"'],
  [
    { type: 'integer', minimum: 1 },
    0,
    'spec.a: Invalid value: 0: spec.a in body should be greater than or equal to 1',
  ],
  [
    { type: 'integer', maximum: 1 },
    2,
    'spec.a: Invalid value: 2: spec.a in body should be less than or equal to 1',
  ],
  [
    { type: 'array', items: { type: 'string' }, maxItems: 1 },
    ['a', 'b'],
    'spec.a: Too many: 2: must have at most 1 item',
  ],
  [
    { type: 'array', items: { type: 'string' }, minItems: 1 },
    [],
    'spec.a: Invalid value: 0: spec.a in body should have at least 1 items',
  ],
  [
    { type: 'string', format: 'date-time' },
    'x',
    'spec.a: Invalid value: "x": spec.a in body must be of type date-time: "x"',
  ],
  [
    { 'x-kubernetes-int-or-string': true },
    true,
    'spec.a: Invalid value: "boolean": spec.a in body must be of type integer,string: "boolean"',
  ],
  [
    { type: 'string', not: { enum: ['x'] } },
    'x',
    '<nil>: Invalid value: "": "spec.a" must not validate the schema (not)',
  ],
  [
    { type: 'object', properties: { p: { type: 'string' } }, anyOf: [{ required: ['p'] }] },
    {},
    '<nil>: Invalid value: "": "spec.a" must validate at least one schema (anyOf)',
  ],
];

for (const [schema, value, message] of WRONG)
  test(`[SS6] ${message}`, () => {
    assert.equal(outcome(fields({ a: schema }), { a: value }).errors[0], message);
  });

test('[SS6] a missing required field is told', () => {
  assert.deepEqual(outcome({ ...fields({ a: { type: 'string' } }), required: ['a'] }, {}).errors, [
    'spec.a: Required value',
  ]);
});

test('[SS7] sets hold a value once, maps a key', () => {
  const set = { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } };
  const map = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['k'],
    items: fields({ k: { type: 'string' } }),
  };
  const { errors } = outcome(fields({ set, map }), { set: ['a', 'a'], map: [{ k: 'a' }, { k: 'a' }] });
  assert.deepEqual(errors, ['spec.set[1]: Duplicate value: "a"', 'spec.map[1]: Duplicate value: {"k":"a"}']);
});

const errorsOf = (crd: KubeObject, old?: KubeObject): string[] => {
  const copy = structuredClone(crd);
  definitions.prune(copy);
  definitions.applyDefaults(copy);
  return definitions.validate(copy, old).map(({ field, message }) => `${field}: ${message}`);
};

const SCHEMA = 'spec.validation.openAPIV3Schema.properties[spec]';

const MALFORMED: [KubeObject, string][] = [
  [definition({}), `${SCHEMA}.type: Required value: must not be empty for specified object fields`],
  [definition({ type: 'array' }), `${SCHEMA}.items: Required value: must be specified`],
  [
    definition({ type: 'foo' }),
    `${SCHEMA}.type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"`,
  ],
  [
    definition({
      type: 'object',
      properties: { a: { type: 'string' } },
      additionalProperties: { type: 'string' },
    }),
    `${SCHEMA}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
  ],
  [
    definition({ type: 'object', anyOf: [{ type: 'object' }] }),
    `${SCHEMA}.anyOf[0].type: Forbidden: must be empty to be structural`,
  ],
  [
    definition({ type: 'string', default: 1 }),
    `${SCHEMA}.default: Invalid value: "integer": ${SCHEMA}.default in body must be of type string: "integer"`,
  ],
  [
    definition({ type: 'object' }, { names: { kind: 'Thing', plural: 'stuff' } }),
    'metadata.name: Invalid value: "things.example.com": must be spec.names.plural+"."+spec.group',
  ],
  [
    definition({ type: 'object' }, { scope: 'World' }),
    'spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"',
  ],
  [
    definition({ type: 'object' }, { versions: [] }),
    'spec.versions: Invalid value: []: must have exactly one version marked as storage version',
  ],
];

for (const [crd, message] of MALFORMED)
  test(`[SS8] ${message}`, () => {
    assert.ok(errorsOf(crd).includes(message), errorsOf(crd).join('\n'));
  });

test('[SS8] a definition that is right has no errors, and its scope stays', () => {
  const right = definition(fields({ a: { type: 'string' } }));
  assert.deepEqual(errorsOf(right), []);
  assert.deepEqual(errorsOf(definition(fields({}), { scope: 'Cluster' }), right), [
    'spec.scope: Invalid value: "Cluster": field is immutable',
  ]);
});
