import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScreenPeople, type Looker } from './screen-people.ts';

const IDLE_MS = 60_000;

function looker(id: string, how: Partial<Looker> = {}): Looker {
  return { id, username: id, plain: false, viewOnly: false, asks: false, watching: true, ...how };
}

function room(...all: readonly Looker[]): ScreenPeople<Looker> {
  const people = new ScreenPeople<Looker>(IDLE_MS);
  for (const one of all) people.add(one);
  return people;
}

test('[SC4] control that is free is taken at once, held control not before its holder is idle', () => {
  const [alice, bob] = [looker('alice'), looker('bob')];
  const people = room(alice, bob);
  assert.deepEqual(people.taking(alice, 0), { is: 'free' });
  assert.ok(people.take(alice, 0));
  assert.ok(people.input(alice, 1_000).counts);
  assert.deepEqual(people.taking(bob, 11_000), { is: 'held', waitMs: 50_000 });
  assert.deepEqual(people.taking(bob, 61_000), { is: 'free' });
  assert.deepEqual(people.input(bob, 61_000), { counts: false, changed: false });
  assert.ok(people.take(bob, 61_000));
  assert.equal(people.controller, bob);
  assert.deepEqual(people.taking(alice, 61_001), { is: 'held', waitMs: 59_999 });
});

test('[SC4] who asked first gets control when it was idle for long enough, and no sooner', () => {
  const [alice, bob, carol] = [looker('alice'), looker('bob'), looker('carol')];
  const people = room(alice, bob, carol);
  people.take(alice, 0);
  assert.equal(people.idleAt(), undefined);
  assert.ok(people.ask(carol, 10));
  assert.ok(people.ask(bob, 20));
  assert.equal(people.ask(bob, 30), false);
  people.input(alice, 40_000);
  assert.equal(people.idleAt(), 100_000);
  assert.equal(people.expire(99_999), false);
  assert.ok(people.expire(100_000));
  assert.equal(people.controller, bob, 'in the order in which they came');
  assert.deepEqual(
    people.told().map(({ asks }) => asks),
    [false, false, true],
  );
});

test('[SC4] only who controls grants, releases and removes; who leaves controls no more', () => {
  const [alice, bob] = [looker('alice'), looker('bob')];
  const people = room(alice, bob);
  for (const act of [
    () => people.grant(bob, 'alice', 0),
    () => people.release(bob),
    () => people.toRemove(bob, 'alice'),
  ])
    assert.throws(act, { reason: 'Forbidden' });
  assert.ok(people.ask(alice, 0), 'nobody controls: who asks has it');
  assert.equal(people.controller, alice);
  assert.throws(() => people.grant(alice, 'nobody', 0), { reason: 'NotFound' });
  assert.throws(() => people.toRemove(alice, 'nobody'), { reason: 'NotFound' });
  assert.throws(() => people.toRemove(alice, 'alice'), { reason: 'BadRequest' });
  assert.equal(people.toRemove(alice, 'bob'), bob);
  assert.ok(people.grant(alice, 'bob', 0));
  people.leave(bob);
  assert.equal(people.controller, undefined);
  assert.deepEqual(people.taking(alice, 1), { is: 'free' });
});

test('[SC5] a plain client controls by its input while nobody else does', () => {
  const [alice, noVnc] = [looker('alice'), looker('novnc', { plain: true })];
  const people = room(alice, noVnc);
  assert.deepEqual(people.input(alice, 0), { counts: false, changed: false });
  assert.deepEqual(people.input(noVnc, 0), { counts: true, changed: true });
  people.take(alice, 0);
  assert.deepEqual(people.input(noVnc, 1), { counts: false, changed: false });
  people.release(alice);
  assert.deepEqual(people.input(noVnc, 2), { counts: true, changed: true });
});

test('[SC5] who may only look does nothing else, also when that is said later', () => {
  const [alice, bob] = [looker('alice'), looker('bob', { viewOnly: true, plain: true })];
  const people = room(alice, bob);
  for (const act of [() => people.ask(bob, 0), () => people.taking(bob, 0)])
    assert.throws(act, { reason: 'Forbidden' });
  assert.deepEqual(people.input(bob, 0), { counts: false, changed: false });
  people.take(alice, 0);
  assert.throws(() => people.grant(alice, 'bob', 0), { reason: 'Forbidden' });
  assert.ok(people.lookOnly(alice));
  assert.equal(people.controller, undefined);
  assert.deepEqual(people.input(alice, 1), { counts: false, changed: false });
});
