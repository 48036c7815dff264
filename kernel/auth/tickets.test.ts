import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { Authentication } from './authenticator.ts';
import { createTicketAuthenticator } from './ticket-authenticator.ts';
import { Tickets } from './tickets.ts';

const authentication: Authentication = {
  principal: { id: 'kubernetes:alice', username: 'alice', groups: [], via: 'impersonate' },
  credentialId: 'session:1',
  stillValid: () => Promise.resolve(true),
};
const signal = AbortSignal.timeout(10_000);

test('[AU5] a ticket works once', () => {
  const tickets = new Tickets({ clock: new ManualClock() });
  const ticket = tickets.issue({ for: 'sign-in', proof: { kind: 'own' } }, 1_000);
  assert.deepEqual(tickets.redeem(ticket, 'sign-in')?.proof, { kind: 'own' });
  assert.equal(tickets.redeem(ticket, 'sign-in'), undefined);
});

test('[AU5] a ticket is void after its time and for anything else', async () => {
  const clock = new ManualClock();
  const tickets = new Tickets({ clock });
  const late = tickets.issue({ for: 'sign-in', proof: { kind: 'own' } }, 1_000);
  const other = tickets.issue({ for: 'socket', authentication }, 60_000);
  assert.equal(tickets.redeem(other, 'sign-in'), undefined);
  assert.equal(tickets.redeem(other, 'socket'), undefined);
  await clock.advance(1_000);
  assert.equal(tickets.redeem(late, 'sign-in'), undefined);
});

test('[AU5] of too many open tickets the oldest go', () => {
  const tickets = new Tickets({ clock: new ManualClock(), max: 2 });
  const [first, second, third] = [1, 2, 3].map(() =>
    tickets.issue({ for: 'sign-in', proof: { kind: 'own' } }, 1_000),
  );
  assert.equal(tickets.redeem(first ?? '', 'sign-in'), undefined);
  assert.ok(tickets.redeem(second ?? '', 'sign-in'));
  assert.ok(tickets.redeem(third ?? '', 'sign-in'));
});

test('[AU5] a socket is opened by a ticket in its URL, once', async () => {
  const tickets = new Tickets({ clock: new ManualClock() });
  const authenticator = createTicketAuthenticator(tickets);
  const url = `/ws/watch?ticket=${tickets.issue({ for: 'socket', authentication }, 1_000)}`;
  assert.equal((await authenticator.authenticate({ headers: {}, url }, signal))?.credentialId, 'session:1');
  await assert.rejects(authenticator.authenticate({ headers: {}, url }, signal), { reason: 'Unauthorized' });
  assert.equal(await authenticator.authenticate({ headers: {}, url: '/ws/watch?x=1' }, signal), undefined);
});

test('[AU5] a ticket is spent by success and by refusal, not by what passes by itself', async () => {
  const tickets = new Tickets({ clock: new ManualClock() });
  const ticket = tickets.issue({ for: 'sign-in', proof: { kind: 'own' } }, 1_000);
  const fail = (reason: 'ServiceUnavailable' | 'Unauthorized'): Promise<unknown> =>
    tickets.use(ticket, 'sign-in', () => Promise.reject(new StatusError(reason, 'No.')));
  await assert.rejects(fail('ServiceUnavailable'));
  await assert.rejects(fail('Unauthorized'));
  assert.equal(await tickets.use(ticket, 'sign-in', () => Promise.resolve(1)), undefined);
  const other = tickets.issue({ for: 'sign-in', proof: { kind: 'own' } }, 1_000);
  assert.equal(await tickets.use(other, 'sign-in', () => Promise.resolve(1)), 1);
  assert.equal(await tickets.use(other, 'sign-in', () => Promise.resolve(1)), undefined);
});

test('[AU5] a ticket for one address is void at another, and spent there', async () => {
  const tickets = new Tickets({ clock: new ManualClock() });
  const authenticator = createTicketAuthenticator(tickets);
  const address = '/api/vms/web/vnc?namespace=a&viewOnly=true';
  const at = (url: string, ticket: string) =>
    authenticator.authenticate({ headers: {}, url: `${url}&ticket=${ticket}` }, signal);
  const issue = (): string => tickets.issue({ for: 'socket', authentication, address }, 1_000);
  assert.equal(await at('/api/vms/web/vnc?viewOnly=true&namespace=a', issue()), authentication);
  for (const other of [
    '/api/vms/web/vnc?namespace=a',
    '/api/vms/web/vnc?namespace=a&viewOnly=true&share=off',
    '/api/vms/db/vnc?namespace=a&viewOnly=true',
    '/api/vms/web/vnc?namespace=b&viewOnly=true',
  ]) {
    const ticket = issue();
    await assert.rejects(at(other, ticket), { reason: 'Unauthorized' });
    await assert.rejects(at(address, ticket), { reason: 'Unauthorized' });
  }
});
