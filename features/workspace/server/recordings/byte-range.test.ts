import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteRange } from './byte-range.ts';

test('[RC6] one range of bytes is understood, one behind the end is refused', () => {
  assert.equal(byteRange(undefined, 10), undefined);
  assert.equal(byteRange('bytes=0-1,4-5', 10), undefined);
  assert.deepEqual(byteRange('bytes=2-', 10), { from: 2, to: 9 });
  assert.deepEqual(byteRange('bytes=2-100', 10), { from: 2, to: 9 });
  assert.deepEqual(byteRange('bytes=-3', 10), { from: 7, to: 9 });
  assert.throws(() => byteRange('bytes=10-', 10), { code: 416 });
  assert.throws(() => byteRange('bytes=5-2', 10), { code: 416 });
});
