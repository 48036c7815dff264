import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersonHere } from '../../contract/watch-protocol.ts';
import { PresenceBoard } from './presence-board.ts';

interface Told {
  people: readonly string[];
  times: number;
}

function enter(board: PresenceBoard, place: string, username: string, since: number) {
  const told: Told = { people: [], times: 0 };
  const tell = (people: readonly PersonHere[]): void => {
    told.people = people.map(({ name }) => name);
    told.times += 1;
  };
  return { told, leave: board.enter(place, { username, since, tell }) };
}

test('[WP18] each is told of the others at the same place, once each, by when they came', () => {
  const board = new PresenceBoard();
  const ann = enter(board, 'a', 'ann', 1);
  assert.deepEqual(ann.told, { people: [], times: 1 });
  const bob = enter(board, 'a', 'bob', 2);
  const cleo = enter(board, 'a', 'cleo', 3);
  const again = enter(board, 'a', 'bob', 4);
  const elsewhere = enter(board, 'b', 'dora', 5);
  assert.deepEqual(ann.told.people, ['bob', 'cleo']);
  assert.deepEqual(again.told.people, ['ann', 'cleo']);
  assert.deepEqual(elsewhere.told.people, []);
  bob.leave();
  assert.deepEqual(cleo.told.people, ['ann', 'bob'], 'one page of two is still open');
  again.leave();
  again.leave();
  assert.deepEqual(cleo.told.people, ['ann']);
  for (const one of [ann, cleo, elsewhere]) one.leave();
  assert.equal(board.size, 0);
});

test('[WP18] of many at most twenty are named', () => {
  const board = new PresenceBoard();
  for (let at = 0; at < 30; at += 1) enter(board, 'a', `p${String(at).padStart(2, '0')}`, at);
  const last = enter(board, 'a', 'zoe', 99);
  assert.equal(last.told.people.length, 20);
  assert.equal(last.told.people[0], 'p00');
});
