import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, constantFrom, integer, property, tuple } from 'fast-check';
import { isForbidden, isStatusError } from '@krateyard/status/status-error';
import { People, type Participant } from './people.ts';

function person(id: string, role: Participant['role'] = 'guest'): Participant {
  return { id, username: id, role, connected: true, asks: false, size: undefined };
}

function crowd(): { people: People<Participant>; owner: Participant; ada: Participant; bob: Participant } {
  const [owner, ada, bob] = [person('owner', 'owner'), person('ada'), person('bob')];
  const people = new People(owner);
  people.add(ada);
  people.add(bob);
  return { people, owner, ada, bob };
}

test('[SH21] the keyboard goes from hand to hand and comes back to the owner', () => {
  const { people, owner, ada, bob } = crowd();
  assert.equal(people.keyboard, owner);
  assert.equal(people.ask(ada), true);
  assert.equal(people.ask(ada), false, 'once is enough');
  assert.throws(() => people.grant(bob, 'ada'), isForbidden);
  assert.equal(people.grant(owner, 'ada'), true);
  assert.deepEqual([people.keyboard, ada.asks], [ada, false]);
  assert.equal(people.grant(ada, 'bob'), true);
  assert.throws(() => people.release(ada), isForbidden);
  people.release(bob);
  assert.equal(people.keyboard, owner);
  people.grant(owner, 'bob');
  assert.throws(() => people.take(ada), isForbidden);
  people.take(owner);
  assert.equal(people.keyboard, owner);
  people.grant(owner, 'ada');
  people.disconnected(ada);
  assert.deepEqual([people.keyboard, ada.connected], [owner, false]);
  assert.throws(() => people.grant(owner, 'ada'), /no such participant here/);
});

test('[SH21] only the owner removes, and nobody removes the owner', () => {
  const { people, owner, ada, bob } = crowd();
  assert.throws(() => people.toRemove(ada, 'bob'), isForbidden);
  assert.throws(() => people.toRemove(owner, 'owner'), /end the session/);
  assert.throws(() => people.toRemove(owner, 'nobody'), /no such participant/);
  people.leave(people.toRemove(owner, 'bob'));
  assert.equal(people.find(bob.id), undefined);
});

test('[SH21] whatever is tried, somebody who is there or the owner has the keyboard, and nobody took it from the owner', () => {
  const ids = constantFrom('owner', 'ada', 'bob', 'nobody');
  const acts = constantFrom('ask', 'grant', 'release', 'take', 'remove', 'drop');
  check(
    property(array(tuple(acts, ids, ids, integer())), (steps) => {
      const { people, owner } = crowd();
      for (const [act, by, on] of steps) {
        const who = people.find(by);
        if (!who) continue;
        const before = people.keyboard;
        try {
          if (act === 'ask') people.ask(who);
          else if (act === 'grant') people.grant(who, on);
          else if (act === 'release') people.release(who);
          else if (act === 'take') people.take(who);
          else if (act === 'remove') people.leave(people.toRemove(who, on));
          else if (who !== owner) people.disconnected(who);
        } catch (error) {
          assert.ok(isStatusError(error));
        }
        const { keyboard } = people;
        assert.ok(keyboard === owner || (keyboard.connected && people.find(keyboard.id) === keyboard));
        const rightful = who === before || who === owner || keyboard === owner;
        assert.ok(keyboard === before || rightful, `${act} by ${by}`);
      }
    }),
  );
});
