import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { FieldSet, formatFieldPath, fromFieldsV1, toFieldsV1 } from './field-set.ts';

const element = fc.oneof(
  fc.constantFrom('f:a', 'f:b', 'f:metadata', 'i:0'),
  fc.string().map((text) => `v:${JSON.stringify(text)}`),
  fc.string().map((text) => `k:${JSON.stringify({ name: text })}`),
);
const sets = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 8 }).map((paths) => {
  const set = new FieldSet();
  for (const path of paths) set.insert(path);
  return set;
});

test('[SP7] a field set survives being written and read', () => {
  fc.assert(
    fc.property(sets, (set) => {
      const json = JSON.stringify(toFieldsV1(set));
      assert.ok(fromFieldsV1(JSON.parse(json)).equals(set));
      assert.equal(JSON.stringify(toFieldsV1(fromFieldsV1(JSON.parse(json)))), json);
    }),
  );
});

test('[SP7] union, intersection and difference are those of sets of paths', () => {
  const texts = (set: FieldSet): Set<string> => new Set(set.paths().map((path) => JSON.stringify(path)));
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const [left, right] = [texts(a), texts(b)];
      assert.deepEqual(texts(a.union(b)), left.union(right));
      assert.deepEqual(texts(a.intersection(b)), left.intersection(right));
      assert.deepEqual(texts(a.difference(b)), left.difference(right));
    }),
  );
});

test('[SP7] a dot marks a member that has members below', () => {
  const set = new FieldSet();
  set.insert(['f:spec', 'f:parts']);
  set.insert(['f:spec', 'f:parts', 'k:{"id":"1"}']);
  assert.deepEqual(toFieldsV1(set), { 'f:spec': { 'f:parts': { '.': {}, 'k:{"id":"1"}': {} } } });
  assert.equal(
    formatFieldPath(['f:spec', 'f:parts', 'k:{"id":"1","n":2}', 'f:v']),
    '.spec.parts[id="1",n=2].v',
  );
});

test('[SP7] what is no field set reads as an empty one', () => {
  for (const junk of [undefined, null, 1, 'x', [], { x: {} }, { 'f:a': 1 }])
    assert.ok(fromFieldsV1(junk).isEmpty);
});
