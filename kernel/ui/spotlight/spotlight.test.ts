import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpotlightEntry } from '../room.ts';
import { readRecents } from './recents.ts';
import { groupEntries, rankEntry } from './spotlight-rank.ts';

const entry = (title: string, group: string, more: Partial<SpotlightEntry> = {}): SpotlightEntry => ({
  id: `${group} ${title}`,
  title,
  group,
  icon: 'boxes',
  run: () => {},
  ...more,
});

test('[UF8] what fits stands under headings, the one with the best first', () => {
  const entries = [
    entry('web-settings', 'Objects', { rank: 800 }),
    entry('Settings', 'Go to'),
    entry('Show all keys', 'Actions'),
  ];
  assert.deepEqual(
    groupEntries(entries, 'settings').map(({ title, entries }) => [title, entries.length]),
    [
      ['Go to', 1],
      ['Objects', 1],
    ],
  );
  assert.deepEqual(groupEntries(entries, 'nothing of this'), [{ title: 'Objects', entries: [entries[0]!] }]);
});

test('[UF8] the same address stands once, where it fits best; a group is short', () => {
  const twice = [
    entry('web', 'Recent', { path: '/x', rank: 10 }),
    entry('web', 'Objects', { path: '/x', rank: 1000 }),
  ];
  assert.deepEqual(
    groupEntries(twice, 'web').map(({ title }) => title),
    ['Objects'],
  );
  const many = Array.from({ length: 40 }, (_, index) => entry(`web-${index}`, 'Objects'));
  assert.equal(groupEntries(many, 'web')[0]!.entries.length, 8);
});

test('[UF8] titles, other words and hints are looked at, hints least', () => {
  assert.equal(rankEntry(entry('Pod', 'Kinds', { also: ['pods', 'po'] }), 'po'), 1000);
  assert.ok(rankEntry(entry('web', 'x', { hint: 'Pod · shop' }), 'shop') > 0);
  assert.ok(rankEntry(entry('shop', 'x'), 'shop') > rankEntry(entry('web', 'x', { hint: 'shop' }), 'shop'));
  assert.equal(rankEntry(entry('web', 'x'), ''), 0);
});

test('[UF9] recent ones are read back; what is broken or leads out of the console is left out', () => {
  const good = { title: 'web', hint: 'pods · shop', icon: 'boxes', path: '/resource/pods/web?ns=shop' };
  const saved = [
    good,
    null,
    7,
    { ...good, icon: 7 },
    { ...good, path: '//evil.example' },
    { ...good, path: 'https://evil.example' },
    { ...good, path: 'javascript:alert(1)' },
    { ...good, title: '' },
    { ...good, hint: 7 },
  ];
  assert.deepEqual(readRecents(JSON.stringify({ version: 1, recents: saved })), [good]);
  for (const text of [null, '', '{', '[]', '{"version":2,"recents":[]}', '{"version":1,"recents":{}}'])
    assert.deepEqual(readRecents(text), []);
  const many = { version: 1, recents: Array.from({ length: 99 }, () => good) };
  assert.equal(readRecents(JSON.stringify(many)).length, 24);
});
