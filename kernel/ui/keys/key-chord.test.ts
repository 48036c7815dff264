import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyMatcher, PAIR_MS, type KeyBinding } from './key-chord.ts';

const press = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});
const bind = (keys: string, label = keys, more: object = {}): KeyBinding => ({
  keys,
  label,
  group: 'test',
  run: () => {},
  ...more,
});
const labelOf = (found: KeyBinding | 'pending' | undefined) =>
  typeof found === 'object' ? found.label : found;

test('[UI24] single keys, pairs and the last registered of equals', () => {
  const matcher = new KeyMatcher();
  const bindings = [bind('j'), bind('Escape', 'page'), bind('Escape', 'panel'), bind('g p'), bind('p')];
  assert.equal(labelOf(matcher.match(press('j'), bindings, 0, false)), 'j');
  assert.equal(labelOf(matcher.match(press('Escape'), bindings, 0, false)), 'panel');
  assert.equal(matcher.match(press('g'), bindings, 0, false), 'pending');
  assert.equal(labelOf(matcher.match(press('p'), bindings, PAIR_MS, false)), 'g p');
  assert.equal(labelOf(matcher.match(press('p'), bindings, 0, false)), 'p');
});

test('[UI24] a pair that takes too long is two single keys', () => {
  const matcher = new KeyMatcher();
  const bindings = [bind('g p'), bind('p')];
  matcher.match(press('g'), bindings, 0, false);
  assert.equal(labelOf(matcher.match(press('p'), bindings, PAIR_MS + 1, false)), 'p');
});

test('[UI24] nothing while typing but what says so; Alt is never ours', () => {
  const matcher = new KeyMatcher();
  const bindings = [bind('j'), bind('g p'), bind('Mod+k', 'spotlight', { whileTyping: true })];
  assert.equal(matcher.match(press('j'), bindings, 0, true), undefined);
  assert.equal(matcher.match(press('g'), bindings, 0, true), undefined);
  assert.equal(labelOf(matcher.match(press('K', { metaKey: true }), bindings, 0, true)), 'spotlight');
  assert.equal(matcher.match(press('j', { altKey: true }), bindings, 0, false), undefined);
  assert.equal(matcher.match(press('j', { ctrlKey: true }), bindings, 0, false), undefined);
});
