import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as holds, jsonValue, property } from 'fast-check';
import jsonPatch, { type Operation } from 'fast-json-patch';
import { jsonDiff } from './json-diff.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('[WI1] the patch of any two values turns one into the other', () => {
  const valuesWithoutProto = jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
  holds(
    property(valuesWithoutProto, valuesWithoutProto, (before, after) => {
      const [from, to] = [plain({ v: before }), plain({ v: after })];
      const patch = jsonDiff(from, to) as Operation[];
      assert.deepEqual(jsonPatch.applyPatch(structuredClone(from), patch, true).newDocument, to);
    }),
    { numRuns: 2000 },
  );
});

test('[WI1] shared subtrees are not looked into, and keys are escaped', () => {
  const shared = Object.defineProperty({}, 'trap', {
    enumerable: true,
    get: () => assert.fail('looked into'),
  });
  assert.deepEqual(jsonDiff({ shared, 'a/b~c': 1 }, { shared, 'a/b~c': 2 }), [
    { op: 'replace', path: '/a~1b~0c', value: 2 },
  ]);
});

test('[WI1] equal values have no patch', () => {
  assert.deepEqual(jsonDiff({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), []);
});
