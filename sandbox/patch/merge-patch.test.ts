import assert from 'node:assert/strict';
import { test } from 'node:test';

import { reasonOf } from '@krateyard/status/status-error';
import * as fc from 'fast-check';

import { applyMergePatch } from './merge-patch.ts';

/** The examples of RFC 7386, appendix A, whose documents and patches are objects. */
const CASES: [object, object, object][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

for (const [document, patch, expected] of CASES)
  test(`[SP3] merge patch ${JSON.stringify(document)} with ${JSON.stringify(patch)}`, () => {
    assert.deepEqual(applyMergePatch(document, patch), expected);
  });

test('[SP3] a merge patch is idempotent and changes neither argument', () => {
  const json = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.jsonValue(),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(json, json, (document, patch) => {
      const copies = JSON.stringify([document, patch]);
      const once = applyMergePatch(document, patch);
      assert.deepEqual(applyMergePatch(once, patch), once);
      assert.equal(JSON.stringify([document, patch]), copies);
    }),
    { numRuns: 200 },
  );
});

test('[SP3] a merge patch that is no object is a BadRequest; a prototype cannot be set', () => {
  for (const patch of [[], 'x', 1, null])
    assert.throws(
      () => applyMergePatch({}, patch),
      (error) => reasonOf(error) === 'BadRequest',
    );
  const patched = applyMergePatch({}, JSON.parse('{"__proto__":{"admin":true}}')) as { admin?: boolean };
  assert.equal(patched.admin, undefined);
});
