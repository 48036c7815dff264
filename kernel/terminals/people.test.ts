import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, constantFrom, integer, property, tuple } from 'fast-check';
import { isForbidden, isStatusError } from '@krateyard/status/status-error';
import { People, type Participant } from './people.ts';

function person(id: string, role: Participant['role'] = 'guest'): Participant {
  return { id, username: id, role, connected: true, asks: false, size: undefined };
}

function crowd(owned = true): {
  people: People<Participant>;
  owner: Participant;
  ada: Participant;
  bob: Participant;
} {
  const [owner, ada, bob] = [person('owner', owned ? 'owner' : 'guest'), person('ada'), person('bob')];
  const people = new People<Participant>(owned ? owner : undefined);
  people.add(owner);
  people.add(ada);
  people.add(bob);
  return { people, owner, ada, bob };
}

test('[KT4] the keyboard goes from hand to hand and comes back to the owner', () => {
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
  assert.throws(() => people.take(ada, true), isForbidden);
  people.take(owner, false);
  assert.equal(people.keyboard, owner);
  people.grant(owner, 'ada');
  people.disconnected(ada);
  assert.deepEqual([people.keyboard, ada.connected], [owner, false]);
  assert.throws(() => people.grant(owner, 'ada'), /no such participant here/);
});

test('[KT4] only the owner removes, and nobody removes the owner', () => {
  const { people, owner, ada, bob } = crowd();
  assert.throws(() => people.toRemove(ada, 'bob'), isForbidden);
  assert.throws(() => people.toRemove(owner, 'owner'), /end the session/);
  assert.throws(() => people.toRemove(owner, 'nobody'), /no such participant/);
  people.leave(people.toRemove(owner, 'bob'));
  assert.equal(people.find(bob.id), undefined);
});

test('[KT5] without an owner the keyboard is the first one’s, goes to who asked, and is free when nobody did', () => {
  const people = new People<Participant>(undefined);
  const [ada, bob, cyd] = [person('ada'), person('bob'), person('cyd')];
  for (const one of [ada, bob, cyd]) people.add(one);
  people.connected(ada);
  people.connected(bob);
  assert.equal(people.keyboard, ada);
  assert.throws(() => people.take(bob, false), /ada types; ask for the keyboard/);
  assert.throws(() => people.toRemove(ada, 'bob'), isForbidden);
  people.ask(bob);
  people.disconnected(ada);
  assert.deepEqual([people.keyboard, bob.asks], [bob, false]);
  people.release(bob);
  assert.equal(people.keyboard, undefined);
  assert.throws(() => people.grant(cyd, 'bob'), isForbidden);
  assert.equal(people.ask(cyd), true, 'what nobody has is had by asking');
  assert.equal(people.keyboard, cyd);
  assert.equal(people.take(bob, true), true, 'or taken from who does not type');
  people.leave(bob);
  people.connected(ada);
  assert.equal(people.keyboard, ada);
});

for (const owned of [true, false]) {
  test(`[${owned ? 'KT4' : 'KT5'}] whatever is tried, ${owned ? 'somebody who is there or the owner' : 'nobody, or somebody who is there,'} has the keyboard, and nobody took it who may not`, () => {
    const ids = constantFrom('owner', 'ada', 'bob', 'nobody');
    const acts = constantFrom('ask', 'grant', 'release', 'take', 'remove', 'drop', 'come');
    check(
      property(array(tuple(acts, ids, ids, integer())), (steps) => {
        const { people, owner } = crowd(owned);
        for (const [act, by, on] of steps) {
          const who = people.find(by);
          if (!who || (!who.connected && act !== 'come')) continue;
          const before = people.keyboard;
          try {
            if (act === 'ask') people.ask(who);
            else if (act === 'grant') people.grant(who, on);
            else if (act === 'release') people.release(who);
            else if (act === 'take') people.take(who, false);
            else if (act === 'remove') people.leave(people.toRemove(who, on));
            else if (act === 'come') people.connected(who);
            else if (who !== owner || !owned) people.disconnected(who);
          } catch (error) {
            assert.ok(isStatusError(error));
          }
          const { keyboard } = people;
          if (!keyboard) assert.ok(!owned);
          else
            assert.ok(
              keyboard === people.owner || (keyboard.connected && people.find(keyboard.id) === keyboard),
            );
          const rightful = who === before || who === people.owner || keyboard === people.owner || !before;
          assert.ok(keyboard === before || rightful, `${act} by ${by}`);
        }
      }),
    );
  });
}
