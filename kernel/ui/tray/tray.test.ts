import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ABOVE_PX,
  folded,
  LEAST_PX,
  moved,
  resized,
  shownBeside,
  shownTab,
  unfolded,
  USUAL_PX,
  withoutTab,
} from './tray-changes.ts';
import { emptyTray, keepTray, readTray, type TextStorage } from './tray-storage.ts';
import {
  closeTrayTab,
  markTrayTab,
  MAX_TABS,
  openTrayTab,
  tray,
  updateTrayTab,
  type TrayState,
} from './tray.ts';

const stateOf = (ids: string, shown = '', more: Partial<TrayState> = {}): TrayState => ({
  ...emptyTray(),
  tabs: ids.split('').map((id) => ({ id, type: 'shell', title: id, params: {} })),
  shown: shown.split(''),
  ...more,
});
const idsOf = (state: TrayState): string => state.tabs.map(({ id }) => id).join('');

function storageWith(text: string | null): TextStorage & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_key: string, value: string) {
      this.text = value;
    },
  };
}

test('[UF4] what is opened twice is shown, not doubled; a full tray opens nothing', () => {
  tray.set(emptyTray());
  const first = openTrayTab({ type: 'shell', title: 'a', params: { pod: 'a' } });
  assert.equal(openTrayTab({ type: 'shell', title: 'other title', params: { pod: 'a' } }), first);
  assert.equal(tray.get().tabs.length, 1);
  for (let pod = 1; pod < MAX_TABS; pod += 1)
    assert.ok(openTrayTab({ type: 'shell', title: 'x', params: { pod: String(pod) } }));
  assert.equal(openTrayTab({ type: 'shell', title: 'x', params: { pod: 'more' } }), undefined);
  assert.deepEqual(openTrayTab({ type: 'shell', title: 'a', params: { pod: 'a' } }), first);
  updateTrayTab(first!, { mark: 'bad', title: 'b' });
  assert.equal(tray.get().tabs[0]!.title, 'b');
  closeTrayTab(first!);
  assert.equal(tray.get().tabs.length, MAX_TABS - 1);
  tray.set(emptyTray());
});

test('[UF4] a mark that is said again changes nothing, and of a tab that is gone neither', () => {
  tray.set(stateOf('ab'));
  markTrayTab('a', 'busy');
  const marked = tray.get();
  assert.deepEqual(
    marked.tabs.map(({ mark }) => mark),
    ['busy', undefined],
  );
  markTrayTab('a', 'busy');
  markTrayTab('x', 'bad');
  assert.equal(tray.get(), marked);
  tray.set(emptyTray());
});

test('[UF4] one tab shows, or two beside each other; folding remembers which', () => {
  assert.deepEqual(shownTab(stateOf('abc', 'a'), 'c').shown, ['c']);
  assert.deepEqual(shownTab(stateOf('abc', 'a'), 'x').shown, ['a']);
  assert.deepEqual(shownBeside(stateOf('abc', 'a'), 'c').shown, ['a', 'c']);
  assert.deepEqual(shownBeside(stateOf('abc', 'ab'), 'c').shown, ['b', 'c']);
  assert.deepEqual(shownBeside(stateOf('abc'), 'c').shown, ['c']);
  const down = folded(stateOf('abc', 'ac', { full: true }));
  assert.deepEqual([down.shown, down.full], [[], false]);
  assert.deepEqual(unfolded(down).shown, ['a', 'c']);
  assert.deepEqual(unfolded(withoutTab(down, 'a')).shown, ['c']);
  assert.deepEqual(unfolded(stateOf('ab')).shown, ['b']);
  assert.deepEqual(unfolded(stateOf('')).shown, []);
});

test('[UF4] a closed tab leaves its place to its neighbour; the last one folds the tray', () => {
  assert.deepEqual(withoutTab(stateOf('abc', 'b'), 'b').shown, ['c']);
  assert.deepEqual(withoutTab(stateOf('abc', 'c'), 'c').shown, ['b']);
  assert.deepEqual(withoutTab(stateOf('abc', 'ac'), 'c').shown, ['a']);
  assert.deepEqual(withoutTab(stateOf('abc'), 'c').shown, []);
  const last = withoutTab(stateOf('a', 'a', { full: true }), 'a');
  assert.deepEqual([last.tabs, last.shown, last.full], [[], [], false]);
});

test('[UF4] tabs move among each other, and the edge stays in the window', () => {
  assert.equal(idsOf(moved(stateOf('abc'), 'a', 2)), 'bca');
  assert.equal(idsOf(moved(stateOf('abc'), 'c', -5)), 'cab');
  assert.equal(idsOf(moved(stateOf('abc'), 'x', 0)), 'abc');
  assert.equal(resized(emptyTray(), 10, 900).heightPx, LEAST_PX);
  assert.equal(resized(emptyTray(), 5000, 900).heightPx, 900 - ABOVE_PX);
  assert.equal(resized(emptyTray(), 400.4, 900).heightPx, 400);
});

test('[UF4] what shows is not new', () => {
  const news = stateOf('ab', 'a');
  const marked = { ...news, tabs: news.tabs.map((tab) => ({ ...tab, mark: 'new' as const })) };
  assert.deepEqual(
    shownTab(marked, 'b').tabs.map(({ mark }) => mark),
    ['new', undefined],
  );
});

test('[UF5] the tray comes back as it was left, without marks', () => {
  const storage = storageWith(null);
  const left = stateOf('abc', 'ac', { heightPx: 444, full: true, last: ['b'] });
  keepTray(storage, 'alice', { ...left, tabs: left.tabs.map((tab) => ({ ...tab, mark: 'busy' })) });
  assert.deepEqual(readTray(storage, 'alice'), left);
});

test('[UF5] another person’s tray is never shown', () => {
  const storage = storageWith(null);
  keepTray(storage, 'alice', stateOf('abc', 'a'));
  assert.deepEqual(readTray(storage, 'bob'), emptyTray());
});

test('[UF5] what is broken is left out alone', () => {
  const good = { id: 'a', type: 'shell', title: 'A', params: { pod: 'x', odd: 3 } };
  const saved = {
    version: 1,
    owner: 'alice',
    tabs: [null, 3, {}, good, { ...good, id: 'b', params: [] }, { ...good, title: '' }, { ...good, id: 7 }],
    shown: ['b', 'a', 'a', 5],
    heightPx: 'tall',
    full: 'yes',
    last: 'a',
  };
  const read = readTray(storageWith(JSON.stringify(saved)), 'alice');
  assert.deepEqual(read, {
    tabs: [{ id: 'a', type: 'shell', title: 'A', params: { pod: 'x' } }],
    shown: ['a'],
    heightPx: USUAL_PX,
    full: false,
    last: [],
  });
  for (const text of [null, '', '{', '[]', '"x"', '7', '{"version":2,"owner":"alice"}'])
    assert.deepEqual(readTray(storageWith(text), 'alice'), emptyTray());
});

test('[UF5] without storage the tray lasts as long as the page', () => {
  const broken: TextStorage = {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('full');
    },
  };
  assert.deepEqual(readTray(broken, 'alice'), emptyTray());
  keepTray(broken, 'alice', stateOf('a'));
});
