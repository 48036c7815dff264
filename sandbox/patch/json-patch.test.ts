import assert from 'node:assert/strict';
import { test } from 'node:test';

import { reasonOf, type StatusError } from '@krateyard/status/status-error';
import * as fc from 'fast-check';
import jsonPatch from 'fast-json-patch';

import { applyJsonPatch, MAX_OPERATIONS } from './json-patch.ts';

function failure(document: object, patch: unknown): StatusError {
  try {
    applyJsonPatch(document, patch);
  } catch (error) {
    return error as StatusError;
  }
  throw new Error('the patch was applied');
}

test('[SP1] a JSON patch makes a new document and leaves the old one', () => {
  const before = { a: 1, list: [1, 2] };
  const after = applyJsonPatch(before, [
    { op: 'test', path: '/a', value: 1 },
    { op: 'add', path: '/list/-', value: 3 },
    { op: 'remove', path: '/a' },
  ]);
  assert.deepEqual(after, { list: [1, 2, 3] });
  assert.deepEqual(before, { a: 1, list: [1, 2] });
});

test('[SP1] the difference of two documents, applied to the first, gives the second', () => {
  const json = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(json, json, (before, after) => {
      const [a, b] = [JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(after))];
      assert.deepEqual(applyJsonPatch(a, jsonPatch.compare(a, b)), b);
    }),
    { numRuns: 100 },
  );
});

test('[SP2] a patch that cannot be applied is Invalid and tells nothing of the document', () => {
  const error = failure({ token: 's3cret' }, [{ op: 'test', path: '/token', value: 'x' }]);
  assert.equal(reasonOf(error), 'Invalid');
  assert.equal(error.message.includes('s3cret'), false);
  for (const op of [
    { op: 'remove', path: '/none' },
    { op: 'add', path: '/none/deeper', value: 1 },
    { op: 'frob', path: '/token' },
    { op: 'add', path: '/__proto__/x', value: 1 },
  ])
    assert.equal(reasonOf(failure({ token: 's3cret' }, [op])), 'Invalid');
});

test('[SP2] a body that is no patch is a BadRequest, an endless one is too large', () => {
  assert.equal(reasonOf(failure({}, { op: 'add' })), 'BadRequest');
  const many = Array.from({ length: MAX_OPERATIONS + 1 }, () => ({ op: 'test', path: '', value: {} }));
  assert.equal(reasonOf(failure({}, many)), 'RequestEntityTooLarge');
});
