import { StatusError } from '@krateyard/status/status-error';
import type { Authenticator } from './authenticator.ts';
import type { Tickets } from './tickets.ts';

/** `?ticket=` on a socket's URL, for clients that can neither send headers nor cookies. */
export function createTicketAuthenticator(tickets: Tickets): Authenticator {
  return {
    name: 'ticket',
    async authenticate({ url }) {
      const asked = readAddress(url);
      const ticket = asked.query.get('ticket');
      if (ticket === null) return undefined;
      asked.query.delete('ticket');
      const grant = tickets.redeem(ticket, 'socket');
      if (!grant) throw new StatusError('Unauthorized', 'The ticket is unknown, expired or was used before.');
      if (grant.address !== undefined && !isSame(asked, readAddress(grant.address)))
        throw new StatusError('Unauthorized', 'The ticket is for another address.');
      return grant.authentication;
    },
  };
}

interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

function readAddress(url: string): Address {
  const at = url.indexOf('?');
  const path = at === -1 ? url : url.slice(0, at);
  return { path: decoded(path), query: new URLSearchParams(at === -1 ? '' : url.slice(at + 1)) };
}

/** Written in whatever way: clients encode differently. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isSame(one: Address, other: Address): boolean {
  const sorted = ({ query }: Address): string =>
    [...query]
      .map((pair) => JSON.stringify(pair))
      .toSorted()
      .join();
  return one.path === other.path && sorted(one) === sorted(other);
}
