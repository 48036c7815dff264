import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movedBy, typedTo } from './menu-keys.ts';

const items = ['Logs', 'Shell', 'Scale', 'Restart', 'Delete'].map((label) => ({ label }));

test('[UF2] arrows go around the ends, Home and End to them', () => {
  assert.equal(movedBy('ArrowDown', 4, 5), 0);
  assert.equal(movedBy('ArrowUp', 0, 5), 4);
  assert.equal(movedBy('Home', 3, 5), 0);
  assert.equal(movedBy('End', 0, 5), 4);
  assert.equal(movedBy('x', 0, 5), undefined);
  assert.equal(movedBy('ArrowDown', 0, 0), undefined);
});

test('[UF2] typing leads to what begins so; the same letter again walks on', () => {
  assert.equal(typedTo(items, 's', 0), 1);
  assert.equal(typedTo(items, 'ss', 1), 2);
  assert.equal(typedTo(items, 'sss', 2), 1);
  assert.equal(typedTo(items, 'sc', 1), 2);
  assert.equal(typedTo(items, 'del', 4), 4);
  assert.equal(typedTo(items, 'x', 0), undefined);
  assert.equal(typedTo([], 'x', 0), undefined);
});
