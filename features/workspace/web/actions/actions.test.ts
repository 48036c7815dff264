import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { countOf, eachOf } from './alike-targets.ts';
import { blockedBecause, fittingActions, neededRights } from './action-rights.ts';
import { diffHunks, diffLines } from './line-diff.ts';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import { readPairs } from './pairs.ts';

const target = (name: string, namespace = 'a'): ActionTarget => ({
  kind: { path: 'pods', group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true },
  key: `${namespace}/${name}`,
  object: { metadata: { name, namespace } },
});

const action = (more: Partial<ObjectAction> = {}): ObjectAction => ({
  id: 'x',
  label: 'X',
  icon: 'close',
  group: 'change',
  fits: () => true,
  right: ({ object }) => ({
    verb: 'delete',
    group: '',
    resource: 'pods',
    namespace: object.metadata.namespace,
    name: object.metadata.name,
  }),
  many: true,
  run: () => {},
  ...more,
});

test('[AC14] one object is asked about by name, several by namespace, each once', () => {
  assert.deepEqual(
    neededRights(action(), [target('p')]).map(({ name }) => name),
    ['p'],
  );
  const several = neededRights(action(), [target('p'), target('q'), target('p', 'b')]);
  assert.deepEqual(
    several.map(({ namespace, name }) => [namespace, name]),
    [
      ['a', undefined],
      ['b', undefined],
    ],
  );
});

const merged = (name: string, total: number, names: readonly string[]): ActionTarget => ({
  ...target(name),
  object: {
    ...target(name).object,
    message: 'again',
    alike: { total, items: names.map((one) => ({ name: one, uid: `uid of ${one}` })) },
  },
});

test('[EX9] what is done to a row that stands for several is done to each, and to too many not at all', () => {
  const row = merged('p', 2, ['p', 'q']);
  const each = eachOf([row, target('r')]);
  assert.deepEqual(
    each.map(({ key, row: from, object }) => [key, from, object.metadata.uid, object['alike']]),
    [
      ['a/p', 'a/p', 'uid of p', undefined],
      ['a/q', 'a/p', 'uid of q', undefined],
      ['a/r', undefined, undefined, undefined],
    ],
  );
  assert.equal(countOf([row, target('r')]), 3);
  assert.deepEqual(
    neededRights(action(), [row]).map(({ name }) => name),
    [undefined],
    'no name stands for several',
  );
  assert.equal(blockedBecause(action(), [row, target('r')], []), undefined);
  const many = [merged('p', 499, ['p']), merged('q', 2, ['q'])];
  assert.match(blockedBecause(action(), many, []) ?? '', /stand for 501 events; 500 is the most/);
  assert.equal(blockedBecause(action({ many: false }), many.slice(0, 1), []), undefined);
});

test('[AC14] what fits all is offered, what takes one only for one, and why not is said', () => {
  const single = action({ id: 'one', many: false });
  const picky = action({ id: 'picky', fits: ({ key }) => key === 'a/p' });
  const all = [single, picky, action()];
  const ids = (...targets: ActionTarget[]) => fittingActions(all, targets).map(({ id }) => id);
  assert.deepEqual(ids(target('p')), ['one', 'picky', 'x']);
  assert.deepEqual(ids(target('p'), target('q')), ['x']);
  assert.deepEqual(ids(), []);
  const blocked = action({ blocked: ({ key }) => (key === 'a/q' ? 'it is paused' : undefined) });
  assert.equal(blockedBecause(blocked, [target('p'), target('q')], []), 'a/q: it is paused');
  const refused = [{ state: 'allowed' }, { state: 'refused', reason: 'no' }] as const;
  assert.equal(blockedBecause(action(), [target('p')], refused), 'no');
  assert.equal(blockedBecause(action(), [target('p')], [{ state: 'unknown' }]), undefined);
});

test('[AC15] a diff turns one text into the other, with no more lines than needed', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (old, now) => {
      const diff = diffLines(old.join('\n'), now.join('\n'));
      const side = (op: '-' | '+') =>
        diff.filter((one) => one.op === ' ' || one.op === op).map(({ text }) => text);
      const whole = (all: readonly string[]) => {
        const text = all.join('\n').replace(/\n$/, '');
        return all.join('\n') === '' ? [] : text.split('\n');
      };
      assert.deepEqual([side('-'), side('+')], [whole(old), whole(now)]);
    }),
  );
  assert.deepEqual(
    diffLines('a\nb\nc\n', 'a\nx\nc\n').map(({ op, text }) => op + text),
    [' a', '-b', '+x', ' c'],
  );
  const long = Array.from({ length: 20 }, (_, at) => `l${at}`);
  const hunks = diffHunks(diffLines(long.join('\n'), long.with(10, 'new').join('\n')), 1);
  assert.deepEqual(
    hunks.map((line) => line && line.op + line.text),
    [null, ' l9', '-l10', '+new', ' l11', null],
  );
});

test('[AC15] labels are read a line each, and what is none is named', () => {
  assert.deepEqual(readPairs('a=b\n\n example.com/c = d=e \nf='), {
    set: { a: 'b', 'example.com/c': 'd=e', f: '' },
  });
  assert.equal(readPairs('a=b\nnonsense').bad, 'nonsense');
  assert.equal(readPairs('=x').bad, '=x');
  assert.equal(readPairs('a b=c').bad, 'a b=c');
});
