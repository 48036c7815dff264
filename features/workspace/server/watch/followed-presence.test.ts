import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessAnswer, LiveAnswer } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import { turn } from '@krateyard/kube/test-servers/until';
import { StatusError } from '@krateyard/status/status-error';
import type { FollowPresent, PresentFrame } from '../../contract/watch-protocol.ts';
import { PresenceBoard } from '../presence/presence-board.ts';
import { PODS_KIND } from '../resources/testing/pods-kind.ts';
import { FollowedPresence } from './followed-presence.ts';

const OPEN: FollowPresent = { type: 'present', on: true, kind: 'pods', namespace: 'a', name: 'web' };
const person = (username: string, ...groups: readonly string[]): Principal => ({
  id: `kubernetes:${username}`,
  username,
  groups,
  via: 'impersonate',
});

/** Everybody in `readers` may; rights that are held are counted. */
class Access {
  held = 0;
  broken = false;
  readonly #listeners = new Set<() => void>();
  revoked = false;

  liveAnswer(who: Principal): Promise<LiveAnswer> {
    if (this.broken) return Promise.reject(new StatusError('ServiceUnavailable', 'no answer'));
    this.held += 1;
    const current = (): AccessAnswer => ({
      allowed: who.groups.includes('readers') && !this.revoked,
      reason: '',
    });
    const listeners = new Set<() => void>();
    return Promise.resolve({
      current,
      onChange: (listener: (answer: AccessAnswer) => void) => {
        const told = (): void => listener(current());
        listeners.add(told);
        this.#listeners.add(told);
        return () => this.#listeners.delete(told);
      },
      [Symbol.dispose]: () => {
        this.held -= 1;
        for (const told of listeners) this.#listeners.delete(told);
      },
    });
  }

  revoke(): void {
    this.revoked = true;
    for (const told of this.#listeners) told();
  }
}

class Session {
  congestedSince: number | undefined;
  readonly told: string[] = [];
  principal: Principal;

  constructor(principal: Principal) {
    this.principal = principal;
  }

  send(text: string | Uint8Array): void {
    const { people } = JSON.parse(String(text)) as PresentFrame;
    this.told.push(people.map(({ name }) => name).join());
  }
}

function setup() {
  const access = new Access();
  const presence = new PresenceBoard();
  const directory = { resolve: () => Promise.resolve(PODS_KIND) };
  const enter = async (username: string, ...groups: readonly string[]) => {
    const session = new Session(person(username, ...groups));
    const followed = new FollowedPresence({ access, directory, presence, now: () => 0 }, session);
    followed.follow(OPEN);
    await turn();
    return { session, followed };
  };
  return { access, presence, enter };
}

test('[WP18] with the right both end: to be told, and to be told of', async () => {
  const { access, presence, enter } = setup();
  const [ann, bob, eve] = [await enter('ann', 'readers'), await enter('bob', 'readers'), await enter('eve')];
  assert.deepEqual([ann.session.told, bob.session.told, eve.session.told], [['', 'bob'], ['ann'], []]);
  access.revoke();
  assert.deepEqual([ann.session.told.at(-1), bob.session.told.at(-1), presence.size], ['', '', 0]);
  for (const one of [ann, bob, eve]) one.followed.close();
  assert.equal(access.held, 0);
});

test('[WP18] who signs in anew is asked about with the groups of then', async () => {
  const { access, presence, enter } = setup();
  const [ann, bob] = [await enter('ann', 'readers'), await enter('bob', 'readers')];
  const before = ann.session.told.length;
  await bob.followed.reauthorize();
  assert.equal(ann.session.told.length, before, 'nobody came or went');
  bob.session.principal = person('bob');
  await bob.followed.reauthorize();
  assert.deepEqual([ann.session.told.at(-1), bob.session.told.at(-1)], ['', '']);
  bob.session.principal = person('bob', 'readers');
  await bob.followed.reauthorize();
  assert.deepEqual([ann.session.told.at(-1), bob.session.told.at(-1), access.held], ['bob', 'ann', 2]);
  for (const one of [ann, bob]) one.followed.close();
  assert.deepEqual([access.held, presence.size], [0, 0]);
});

test('[WP18] what could not be told may be asked for again', async () => {
  const { access, presence, enter } = setup();
  access.broken = true;
  const { session, followed } = await enter('ann', 'readers');
  assert.deepEqual([session.told, presence.size], [[], 0]);
  access.broken = false;
  followed.follow(OPEN);
  await turn();
  assert.deepEqual([session.told, presence.size], [[''], 1]);
  access.broken = true;
  await followed.reauthorize();
  assert.deepEqual([session.told, presence.size, access.held], [['', ''], 0, 0]);
});

test('[WP18] a client that takes nothing owes no more than the latest, and has it when it takes again', async () => {
  const { enter } = setup();
  const { session, followed } = await enter('ann', 'readers');
  session.congestedSince = 0;
  for (let count = 0; count < 10; count += 1) {
    const other = await enter('bob', 'readers');
    other.followed.close();
  }
  const bob = await enter('bob', 'readers');
  followed.catchUp();
  assert.deepEqual(session.told, ['']);
  session.congestedSince = undefined;
  followed.catchUp();
  followed.catchUp();
  assert.deepEqual(session.told, ['', 'bob']);
  for (const one of [followed, bob.followed]) one.close();
});
