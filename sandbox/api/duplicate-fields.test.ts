import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, json, property } from 'fast-check';
import { duplicateFields } from './duplicate-fields.ts';

test('[SB20] fields that stand twice are told by path', () => {
  assert.deepEqual(duplicateFields('{"a":1,"a":2}'), ['a']);
  assert.deepEqual(
    duplicateFields('{"spec":{"list":[{"x":1},{"x":1,"y":{},"x":2}]},"data":{"a":"a","b":"a"}}'),
    ['spec.list[1].x'],
  );
  assert.deepEqual(duplicateFields('{"a":"{\\"a\\":1,\\"a\\":2}","b":["a","a"]}'), []);
});

test('[SB20] whatever JSON.stringify writes has none', () => {
  check(property(json(), (text) => duplicateFields(JSON.stringify(JSON.parse(text))).length === 0));
});
