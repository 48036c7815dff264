import { StatusError } from '@krateyard/status/status-error';
import type { UserInfo } from '../api/user.ts';
import type { People } from '../people.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

const ANONYMOUS: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Finds out who holds a token. */
export class Authenticator {
  readonly #people: People;
  readonly #serviceAccounts: ServiceAccountTokens;

  constructor(people: People, serviceAccounts: ServiceAccountTokens) {
    this.#people = people;
    this.#serviceAccounts = serviceAccounts;
  }

  /** The holder of a token; undefined for tokens that are unknown, expired or of somebody who is gone. */
  userOf(token: string): UserInfo | undefined {
    return this.#people.userOf(token) ?? this.#serviceAccounts.userOf(token);
  }

  /** Who makes a request: nobody in particular without credentials, 401 with bad ones. */
  authenticate(token: string | undefined): UserInfo {
    if (token === undefined) return ANONYMOUS;
    const user = this.userOf(token);
    if (!user) throw new StatusError('Unauthorized', 'Unauthorized');
    return user;
  }
}

/** The token of an `Authorization` header, or of the WebSocket subprotocol that browsers use for want of headers. */
export function bearerToken(
  authorization: string | undefined,
  protocols: string | undefined,
): string | undefined {
  const header = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '');
  if (header) return header[1];
  const protocol = /(?:^|,)\s*base64url\.bearer\.authorization\.k8s\.io\.([A-Za-z0-9_-]+)/.exec(
    protocols ?? '',
  );
  return protocol ? Buffer.from(protocol[1]!, 'base64url').toString() : undefined;
}
