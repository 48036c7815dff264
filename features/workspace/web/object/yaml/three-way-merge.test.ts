import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { sameValue } from './field-path.ts';
import { ownersOf } from './field-owners.ts';
import { changesBetween, mergePatchOf } from './merge-patch.ts';
import { mergeThreeWays } from './three-way-merge.ts';

const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b'), fc.boolean());
const field = fc.constantFrom('image', 'replicas', 'labels', '__proto__', 'x');
const named = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('web', 'db', 'log'), image: fc.constantFrom('1', '2') }),
  { selector: ({ name }) => name, maxLength: 3 },
);
const { value } = fc.letrec<{ value: unknown; fields: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(scalar, { maxLength: 3 }), named, tie('fields')),
  fields: fc.dictionary(field, tie('value'), { maxKeys: 4 }),
}));

/** RFC 7396, as it is written there. */
function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const fields = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result = new Map(Object.entries(fields));
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) result.delete(name);
    else result.set(name, applyMergePatch(result.get(name), change));
  }
  return Object.fromEntries(result);
}

test('[YE4] what only one side changed is taken, whatever it is', () => {
  fc.assert(
    fc.property(value, value, (base, changed) => {
      for (const [mine, theirs] of [
        [changed, base],
        [base, changed],
        [changed, changed],
      ]) {
        const merge = mergeThreeWays(base, mine, theirs);
        assert.deepEqual(merge.conflicts, []);
        assert.ok(sameValue(merge.value, changed));
      }
    }),
  );
});

test('[YE4] both sides see the same conflicts, and choosing one side for all gives what that side wrote there', () => {
  fc.assert(
    fc.property(value, value, value, (base, mine, theirs) => {
      const merge = mergeThreeWays(base, mine, theirs, () => 'mine');
      const mirrored = mergeThreeWays(base, theirs, mine, () => 'theirs');
      assert.deepEqual(
        merge.conflicts.map(({ id }) => id).toSorted(),
        mirrored.conflicts.map(({ id }) => id).toSorted(),
      );
      // Nothing is a conflict that one side left alone or both wrote alike.
      for (const one of merge.conflicts) {
        assert.ok(!sameValue(one.mine, one.theirs));
        assert.ok(!sameValue(one.base, one.mine));
        assert.ok(!sameValue(one.base, one.theirs));
      }
      // What was decided for mine is no conflict when it is merged again over what they have.
      const again = mergeThreeWays(theirs, merge.value, theirs);
      assert.deepEqual(again.conflicts, []);
    }),
  );
});

test('[YE4] changes of different fields, and of different containers, join without a question', () => {
  const pod = (web: string, log: string, replicas: number) => ({
    replicas,
    containers: [
      { name: 'web', image: web },
      { name: 'log', image: log },
    ],
  });
  const merge = mergeThreeWays(pod('1', '1', 2), pod('2', '1', 2), pod('1', '3', 5));
  assert.deepEqual(merge, { conflicts: [], value: pod('2', '3', 5) });
  const both = mergeThreeWays(pod('1', '1', 2), pod('2', '1', 3), pod('4', '1', 2), () => 'mine');
  assert.deepEqual(
    both.conflicts.map(({ id, base, mine, theirs }) => [id, base, mine, theirs]),
    [['containers[name=web].image', '1', '2', '4']],
  );
  assert.deepEqual(both.value, pod('2', '1', 3));
});

test('[YE4] an item that one side takes away while the other changes it is a conflict', () => {
  const list = (...images: [string, string][]) => ({
    items: images.map(([name, image]) => ({ name, image })),
  });
  const base = list(['a', '1'], ['b', '1']);
  const merge = mergeThreeWays(base, list(['a', '1']), list(['a', '1'], ['b', '2']), () => 'mine');
  assert.deepEqual(
    merge.conflicts.map(({ id, mine }) => [id, mine]),
    [['items[name=b]', undefined]],
  );
  assert.deepEqual(merge.value, list(['a', '1']));
});

test('[YE3] the patch of two objects turns the one into the other', () => {
  const fields = fc.dictionary(field, value, { maxKeys: 4 });
  fc.assert(
    fc.property(fields, fields, (from, to) => {
      const patch = mergePatchOf(from, to);
      assert.ok(sameValue(patch === undefined ? from : applyMergePatch(from, patch), to));
      assert.equal(changesBetween(from, to).length > 0, patch !== undefined);
    }),
  );
});

test('[YE5] owners of fields are found by path, in lists by key, and above what is owned as one', () => {
  const managed = [
    {
      manager: 'argocd',
      operation: 'Apply' as const,
      time: '2026-01-02T03:04:05Z',
      fieldsV1: {
        'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } }, 'f:selector': {} },
      },
    },
    { manager: 'odd', fieldsV1: { 'f:spec': { 'k:nonsense': {} } } },
    { manager: 'none' },
  ];
  const who = (...path: Parameters<typeof ownersOf>[1]) =>
    ownersOf(managed, path).map(({ manager }) => manager);
  assert.deepEqual(who('spec', 'containers', { by: 'name', value: 'web' }, 'image'), ['argocd']);
  assert.deepEqual(who('spec', 'containers', { by: 'name', value: 'db' }, 'image'), []);
  assert.deepEqual(who('spec', 'selector', 'matchLabels', 'app'), ['argocd']);
  assert.deepEqual(who('spec', 'replicas'), []);
  assert.deepEqual(ownersOf(undefined, ['spec']), []);
});
