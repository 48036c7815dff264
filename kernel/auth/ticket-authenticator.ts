import { StatusError } from '@krateyard/status/status-error';
import type { Authenticator } from './authenticator.ts';
import type { Tickets } from './tickets.ts';

/** `?ticket=` on a socket's URL, for clients that can neither send headers nor cookies. */
export function createTicketAuthenticator(tickets: Tickets): Authenticator {
  return {
    name: 'ticket',
    async authenticate({ url }) {
      const ticket = ticketOf(url);
      if (ticket === undefined) return undefined;
      const grant = tickets.redeem(ticket, 'socket');
      if (!grant) throw new StatusError('Unauthorized', 'The ticket is unknown, expired or was used before.');
      return grant.authentication;
    },
  };
}

function ticketOf(url: string): string | undefined {
  const query = url.indexOf('?');
  if (query === -1) return undefined;
  return new URLSearchParams(url.slice(query + 1)).get('ticket') ?? undefined;
}
