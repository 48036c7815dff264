import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonPathSyntaxError, parseJsonPath, readJsonPath } from './json-path.ts';

const pod = {
  metadata: { name: 'a', annotations: { 'example.com/x': 'y' } },
  spec: {
    containers: [
      { name: 'c1', image: 'i1' },
      { name: 'c2', image: 'i2' },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', age: 3 },
      { type: 'Scheduled', status: 'False', age: 9 },
    ],
  },
};

const CASES: readonly [path: string, found: readonly unknown[]][] = [
  ['.metadata.name', ['a']],
  ['{.metadata.name}', ['a']],
  ['$.metadata.name', ['a']],
  ['metadata.name', ['a']],
  ['.metadata.annotations.example\\.com/x', ['y']],
  ["['metadata']['annotations']['example.com/x']", ['y']],
  ['.spec.containers[0].name', ['c1']],
  ['.spec.containers[-1].name', ['c2']],
  ['.spec.containers[5].name', []],
  ['.spec.containers[*].image', ['i1', 'i2']],
  ['.spec.containers[0:1].image', ['i1']],
  ['.spec.containers[0]["name","image"]', ['c1', 'i1']],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [".status.conditions[?(@.type=='Ready')].status", ['True']],
  ['.status.conditions[?(@.age>5)].type', ['Scheduled']],
  ['.status.conditions[?(@.missing)].type', []],
  ['.status.conditions[?(@.type!="Ready")].type', ['Scheduled']],
  ['..image', ['i1', 'i2']],
  ['.spec.*[0].name', ['c1']],
  ['.no.such.thing', []],
];

for (const [path, found] of CASES) {
  test(`reads ${path}`, () => assert.deepEqual(parseJsonPath(path)(pod), found));
}

for (const path of ['.a[', '.a[?(@.b==)]', '.a[?x]', '.a]', '.a[b c]']) {
  test(`refuses ${path}`, () => assert.throws(() => parseJsonPath(path), JsonPathSyntaxError));
}

test('a bad path reads nothing where a printer column stands', () => {
  assert.deepEqual(readJsonPath('.a[')(pod), []);
});

test('reads nothing of what is no object', () => {
  for (const value of [undefined, null, 3, 'x']) assert.deepEqual(readJsonPath('.a.b')(value), []);
});
