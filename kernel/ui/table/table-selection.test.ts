import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveRow } from '../live/live-collection.ts';
import { extended, NOTHING_CHOSEN, refreshed, toggled, toggledAll } from './table-selection.ts';

const row = (key: string, more: Partial<LiveRow> = {}): LiveRow => ({
  key,
  object: { metadata: { name: key } },
  appearedAt: undefined,
  ...more,
});
const rows = ['a', 'b', 'c', 'd'].map((key) => row(key));
const keysOf = (selection: ReadonlyMap<string, LiveRow>): string => [...selection.keys()].toSorted().join('');

test('[EX1] rows are chosen and let go, in ranges both ways, and all that are loaded', () => {
  const one = toggled(NOTHING_CHOSEN, rows[1]!);
  assert.equal(keysOf(one), 'b');
  assert.equal(keysOf(toggled(one, rows[1]!)), '');
  assert.equal(keysOf(extended(one, rows, 3, 2)), 'bcd');
  assert.equal(keysOf(extended(NOTHING_CHOSEN, rows, -5, 1)), 'ab');
  assert.equal(keysOf(toggledAll(one, rows)), 'abcd');
  assert.equal(keysOf(toggledAll(toggledAll(one, rows), rows)), '');
  const elsewhere = toggled(NOTHING_CHOSEN, row('z'));
  assert.equal(keysOf(toggledAll(toggledAll(elsewhere, rows), rows)), 'z');
});

test('[EX1] what has gone is not chosen, and what is acted on is as it is now', () => {
  const gone = [rows[0]!, row('b', { gone: true })];
  assert.equal(keysOf(toggledAll(NOTHING_CHOSEN, gone)), 'a');
  const now = row('a', { object: { metadata: { name: 'a', uid: 'new' } } });
  const present = refreshed(toggledAll(NOTHING_CHOSEN, [rows[0]!, row('far')]), [now]);
  assert.deepEqual(
    present.map(({ key, object }) => [key, object.metadata.uid]),
    [
      ['a', 'new'],
      ['far', undefined],
    ],
  );
});
