import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wallMove } from './wall-moves.ts';

test('[SW11] arrows move in the grid and stop at its edges', () => {
  const move = (key: string, at: number): number | undefined => wallMove(key, at, 3, 8);
  assert.deepEqual([move('ArrowRight', 0), move('j', 2), move('ArrowRight', 7)], [1, 3, undefined]);
  assert.deepEqual([move('ArrowLeft', 3), move('k', 0)], [2, undefined]);
  assert.deepEqual([move('ArrowDown', 1), move('ArrowDown', 5), move('ArrowDown', 7)], [4, 7, undefined]);
  assert.deepEqual([move('ArrowUp', 4), move('ArrowUp', 2)], [1, undefined]);
  assert.deepEqual([move('Home', 5), move('End', 5), move('Home', 0)], [0, 7, undefined]);
  assert.deepEqual([move('PageDown', 0), move('PageUp', 7), move('x', 1)], [7, 0, undefined]);
  assert.equal(wallMove('End', 0, 0, 0), undefined);
});
