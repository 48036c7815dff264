import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applyPatch } from './json-patch.ts';
import type { PatchOperation } from './live-frames.ts';

test('[UI13] a patch changes what it names and shares the rest', () => {
  const before = { spec: { a: 1 }, status: { list: [1, 2, 3], 'x/y~z': 'old' } };
  const after = applyPatch<unknown>(before, [
    { op: 'replace', path: '/status/list/1', value: 9 },
    { op: 'add', path: '/status/list/-', value: 4 },
    { op: 'add', path: '/status/list/0', value: 0 },
    { op: 'remove', path: '/status/list/3' },
    { op: 'replace', path: '/status/x~1y~0z', value: 'new' },
    { op: 'add', path: '/kind', value: 'Pod' },
  ]) as typeof before;
  assert.deepEqual(after, { spec: { a: 1 }, status: { list: [0, 1, 9, 4], 'x/y~z': 'new' }, kind: 'Pod' });
  assert.equal(after.spec, before.spec);
  assert.deepEqual(before.status.list, [1, 2, 3]);
});

test('[UI16] a path that leads nowhere is a RangeError, and no prototype is reached', () => {
  for (const path of ['/status/phase', '/metadata/name/deep', '/list/7', '/list/x', '/list/1/2']) {
    const operation: PatchOperation = { op: 'replace', path, value: 1 };
    assert.throws(() => applyPatch({ metadata: { name: 'a' }, list: [1] }, [operation]), RangeError);
  }
  assert.throws(() => applyPatch({}, [{ op: 'add', path: '/__proto__/polluted', value: 1 }]), RangeError);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('[UI16] whatever the patch, the value before stays as it was', () => {
  const operations = fc.array(
    fc.record({
      op: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
      path: fc.constantFrom('/a', '/a/b', '/a/0', '/l/0', '/l/-', '/l/5', '', '/l/1/x', '/__proto__/x'),
      value: fc.jsonValue(),
    }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(operations, (patch) => {
      const before = { a: { b: 1 }, l: [1, { x: 2 }] };
      try {
        applyPatch<unknown>(before, patch);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
      assert.deepEqual(before, { a: { b: 1 }, l: [1, { x: 2 }] });
    }),
  );
});
