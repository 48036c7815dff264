import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts, MAX_DRAFTS, type DraftStorage } from './drafts.ts';

/** A tab's storage with room for so many characters. */
function storage(room = 1e6): DraftStorage & { readonly map: Map<string, string> } {
  const map = new Map<string, string>();
  return {
    map,
    get length() {
      return map.size;
    },
    getItem: (key) => map.get(key) ?? null,
    removeItem: (key) => void map.delete(key),
    key: (index) => [...map.keys()][index] ?? null,
    setItem: (key, value) => {
      const used = [...map].reduce((sum, [one, text]) => sum + (one === key ? 0 : text.length), 0);
      if (used + value.length > room) throw new DOMException('full', 'QuotaExceededError');
      map.set(key, value);
    },
  };
}

const base = { metadata: { name: 'x' } };
const ann = () => 'ann';

test('[YE6] a draft outlives the page, with what it began from', () => {
  const tab = storage();
  assert.equal(new Drafts(tab, () => 7, ann).write('pods a/x', { text: 'typed', base }), 'stored');
  const reloaded = new Drafts(tab, () => 8, ann);
  assert.deepEqual(reloaded.read('pods a/x'), { text: 'typed', base, savedAt: 7 });
  reloaded.forget('pods a/x');
  assert.equal(new Drafts(tab, () => 9, ann).read('pods a/x'), undefined);
});

test('[YE6] a draft of a Secret is never written to the storage', () => {
  const tab = storage();
  const drafts = new Drafts(tab, () => 0, ann);
  assert.equal(drafts.write('secrets a/x', { text: 'stringData: {p: hidden}' }, true), 'memory');
  assert.equal(drafts.read('secrets a/x')?.text, 'stringData: {p: hidden}');
  assert.equal(tab.map.size, 0);
  assert.equal(drafts.write('create', { text: 'kind: ConfigMap' }), 'stored');
  assert.equal(drafts.write('create', { text: 'kind: Secret' }, true), 'memory');
  assert.equal(tab.map.size, 0);
});

test('[YE6] when there is no room the oldest drafts go, and one that fits nowhere stays in memory and is told', () => {
  const tab = storage(420);
  let now = 0;
  const drafts = new Drafts(tab, () => (now += 1), ann);
  for (const id of ['a', 'b', 'c']) drafts.write(id, { text: 'x'.repeat(150) });
  const left = new Drafts(tab, () => 0, ann);
  assert.deepEqual(
    ['a', 'b', 'c'].filter((id) => left.read(id)),
    ['b', 'c'],
  );
  assert.equal(drafts.write('big', { text: 'x'.repeat(500) }), 'too-large');
  assert.equal(drafts.read('big')?.text.length, 500);
  const many = new Drafts(storage(), () => (now += 1), ann);
  for (let at = 0; at < MAX_DRAFTS + 3; at += 1) many.write(String(at), { text: 'x' });
  assert.equal(many.read('0'), undefined);
  assert.equal(new Drafts(undefined, () => 0, ann).write('a', { text: 'x' }), 'too-large');
});

test('[YE6] a draft is its writer’s: another who signs in to the tab does not find it', () => {
  const tab = storage();
  let who = 'ann';
  const drafts = new Drafts(
    tab,
    () => 0,
    () => who,
  );
  drafts.write('pods a/x', { text: 'hers' });
  drafts.write('secrets a/x', { text: 'hers too' }, true);
  who = 'ben';
  assert.equal(drafts.read('pods a/x'), undefined);
  assert.equal(drafts.read('secrets a/x'), undefined);
  who = 'ann';
  assert.equal(drafts.read('pods a/x')?.text, 'hers');
});
