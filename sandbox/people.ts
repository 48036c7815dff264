import { randomBytes } from 'node:crypto';
import { MASTERS, type UserInfo } from './api/user.ts';

/** Everyone who has a token from the start. `gateway` is the service account as which the gateway talks to the sandbox. */
export const PEOPLE = ['admin', 'alice', 'bob', 'carol'] as const;
export type Person = (typeof PEOPLE)[number];

const AUTHENTICATED = 'system:authenticated';

/** What the gateway's ServiceAccount is called: its rights are bound to this name. */
const GATEWAY_USERNAME = 'system:serviceaccount:krateyard:gateway';

const USERS: Readonly<Record<Person | 'gateway', UserInfo>> = {
  admin: { username: 'admin', uid: 'admin', groups: [MASTERS, AUTHENTICATED] },
  alice: { username: 'alice', uid: 'alice', groups: ['team-a', AUTHENTICATED] },
  bob: { username: 'bob', uid: 'bob', groups: ['team-b', AUTHENTICATED] },
  carol: { username: 'carol', uid: 'carol', groups: [AUTHENTICATED] },
  gateway: {
    username: GATEWAY_USERNAME,
    uid: 'gateway',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:krateyard', AUTHENTICATED],
  },
};

/** The bearer tokens of the sandbox's people. They live in memory only and are new at every start. */
export class People {
  readonly #tokens = new Map<string, string>();
  readonly #users = new Map<string, UserInfo>();

  constructor(given: Readonly<Partial<Record<Person | 'gateway', string>>> = {}) {
    for (const name of [...PEOPLE, 'gateway'] as const) this.#give(name, given[name] ?? newToken());
  }

  /** The person's present token; undefined once it was revoked. */
  tokenOf(name: Person | 'gateway'): string | undefined {
    return this.#tokens.get(name);
  }

  userOf(token: string): UserInfo | undefined {
    return this.#users.get(token);
  }

  /** From now on the person's token is refused. */
  revoke(name: Person | 'gateway'): void {
    const token = this.#tokens.get(name);
    this.#tokens.delete(name);
    if (token !== undefined) this.#users.delete(token);
  }

  /** Gives the person a new token; the old one is refused from now on. */
  rotate(name: Person | 'gateway'): string {
    this.revoke(name);
    const token = newToken();
    this.#give(name, token);
    return token;
  }

  #give(name: Person | 'gateway', token: string): void {
    this.#tokens.set(name, token);
    this.#users.set(token, USERS[name]);
  }
}

const newToken = (): string => randomBytes(24).toString('base64url');
