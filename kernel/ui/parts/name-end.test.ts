import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameEnd } from './name-end.ts';

test('[UF14] what tells names apart that begin alike stays: their last part, and what is said behind it', () => {
  const halves = (text: string): string[] => [text.slice(0, nameEnd(text)), text.slice(nameEnd(text))];
  assert.deepEqual(halves('cart-api-6c9f8d7b5-x7k2p'), ['cart-api-6c9f8d7b5', '-x7k2p']);
  assert.deepEqual(halves('cart-api-6c9f8d7b5-x7k2p · main'), ['cart-api-6c9f8d7b5', '-x7k2p · main']);
  assert.deepEqual(halves('kafka-broker-cluster-0'), ['kafka-broker-cluster', '-0']);
  assert.deepEqual(halves('team-a-web'), ['team-a-web', '']);
  assert.deepEqual(halves('an-averylongnamewithoutanend'), ['an-averylongnamewi', 'thoutanend']);
  assert.equal(halves('👩‍👩‍👧‍👦'.repeat(4)).join(''), '👩‍👩‍👧‍👦'.repeat(4));
  assert.ok(nameEnd('👩‍👩‍👧‍👦'.repeat(4)) % '👩‍👩‍👧‍👦'.length === 0);
});
