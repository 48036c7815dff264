import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { Authentication } from './authenticator.ts';
import type { Principal } from './principal.ts';
import { createProofResolver } from './proof-resolver.ts';
import { Revocations } from './revocations.ts';
import { loadSessionKey } from './session-key.ts';
import { Sessions } from './sessions.ts';
import { ReviewServer } from './testing/review-server.ts';
import { createTokenReviewer } from './token-reviewer.ts';

const IDLE_MS = 60 * 60_000;
const MAX_MS = 10 * IDLE_MS;
const signal = AbortSignal.timeout(10_000);

const person = (name: string): Principal => ({
  id: `kubernetes:${name}`,
  username: name,
  groups: [],
  via: 'impersonate',
});

interface Desk {
  readonly sessions: Sessions;
  readonly revocations: Revocations;
}

/** A gateway's sessions, for people who are known by name. */
function desk(options: { key?: Uint8Array; clock: ManualClock; file?: string; server: ReviewServer }): Desk {
  const revocations = new Revocations({ file: options.file, lifetimeMs: MAX_MS, clock: options.clock });
  const people = ['alice', 'bob'].map((name) => ({ name, about: '', principal: () => person(name) }));
  const tokens = createTokenReviewer({ client: options.server.client, clock: options.clock });
  const proofs = createProofResolver({ tokens, people, own: options.server.client });
  const key = options.key ?? new Uint8Array(32).fill(7);
  return {
    revocations,
    sessions: new Sessions({
      key,
      proofs,
      revocations,
      clock: options.clock,
      idleMs: IDLE_MS,
      maxMs: MAX_MS,
    }),
  };
}

const header = (sessions: Sessions, cookie: string): { cookie: string } => ({
  cookie: `other=1; ${sessions.cookieName(false)}=${cookie}`,
});

const whoIs = (sessions: Sessions, cookie: string): Promise<Authentication | undefined> =>
  sessions.authenticate({ headers: header(sessions, cookie) }, signal);

function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'krateyard-auth-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('[AU10] a session goes on in another gateway with the same key, in no other', async () => {
  await using server = await ReviewServer.start();
  const clock = new ManualClock();
  const { sessions } = desk({ clock, server });
  const { cookie, authentication } = await sessions.start({ kind: 'person', name: 'alice' });
  const found = await whoIs(desk({ clock, server }).sessions, cookie);
  assert.equal(found?.principal.username, 'alice');
  assert.equal(found.credentialId, authentication.credentialId);
  assert.equal(found.ambient, true);
  const foreign = desk({ clock, server, key: new Uint8Array(32).fill(8) }).sessions;
  assert.notEqual(foreign.cookieName(false), sessions.cookieName(false));
  assert.equal(await whoIs(foreign, cookie), undefined);
});

test('[AU10] the cookie tells nothing', async () => {
  await using server = await ReviewServer.start();
  server.users.set('very-secret-token', { username: 'alice' });
  const { sessions } = desk({ clock: new ManualClock(), server });
  const { cookie } = await sessions.start({ kind: 'token', token: 'very-secret-token' });
  const readable = cookie.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
  assert.ok(!readable.join('').includes('secret'));
  assert.ok(sessions.cookieName(true).startsWith('__Host-'));
});

test('[AU11] a changed cookie is no session and no error', async () => {
  await using server = await ReviewServer.start();
  const { sessions } = desk({ clock: new ManualClock(), server });
  const { cookie } = await sessions.start({ kind: 'person', name: 'alice' });
  await fc.assert(
    fc.asyncProperty(fc.nat(cookie.length - 1), fc.base64String(), async (at, junk) => {
      const changed = cookie.slice(0, at) + junk;
      if (changed === cookie) return;
      assert.equal(await whoIs(sessions, changed), undefined);
    }),
    { numRuns: 50 },
  );
});

test('[AU12] a session ends when idle, and at its end however busy', async () => {
  await using server = await ReviewServer.start();
  const clock = new ManualClock();
  const { sessions } = desk({ clock, server });
  let { cookie } = await sessions.start({ kind: 'person', name: 'alice' });
  const untouched = cookie;
  for (let hour = 0; hour < 19; hour += 1) {
    const found = await whoIs(sessions, cookie);
    assert.ok(found);
    cookie = (await sessions.refreshed(found)) ?? cookie;
    await clock.advance(IDLE_MS / 2);
  }
  assert.equal(await whoIs(sessions, untouched), undefined);
  assert.ok(await whoIs(sessions, cookie));
  await clock.advance(IDLE_MS / 2);
  assert.equal(await whoIs(sessions, cookie), undefined);
});

test('[AU12] a cookie is not sealed anew at every request', async () => {
  await using server = await ReviewServer.start();
  const clock = new ManualClock();
  const { sessions } = desk({ clock, server });
  const { cookie } = await sessions.start({ kind: 'person', name: 'alice' });
  await clock.advance(IDLE_MS / 13);
  const found = await whoIs(sessions, cookie);
  assert.ok(found);
  assert.equal(await sessions.refreshed(found), undefined);
});

test('[AU13] a session that was signed out does not come back, after a restart neither', async (t) => {
  await using server = await ReviewServer.start();
  const clock = new ManualClock();
  const file = join(scratch(t), 'revocations.json');
  const { sessions, revocations } = desk({ clock, server, file });
  const gone = await sessions.start({ kind: 'person', name: 'alice' });
  const stays = await sessions.start({ kind: 'person', name: 'alice' });
  revocations.revoke(gone.authentication.credentialId.replace('session:', ''));
  assert.equal(await gone.authentication.stillValid(signal), false);
  assert.equal(await whoIs(sessions, gone.cookie), undefined);
  const restarted = desk({ clock, server, file }).sessions;
  assert.equal(await whoIs(restarted, gone.cookie), undefined);
  assert.ok(await whoIs(restarted, stays.cookie));
});

test('[AU13] signing out everywhere ends the sessions of one person that are there', async (t) => {
  await using server = await ReviewServer.start();
  const clock = new ManualClock();
  const file = join(scratch(t), 'revocations.json');
  const { sessions, revocations } = desk({ clock, server, file });
  const alice = await sessions.start({ kind: 'person', name: 'alice' });
  const bob = await sessions.start({ kind: 'person', name: 'bob' });
  revocations.revokeAll('kubernetes:alice');
  await clock.advance(1);
  const again = await sessions.start({ kind: 'person', name: 'alice' });
  for (const one of [sessions, desk({ clock, server, file }).sessions]) {
    assert.equal(await whoIs(one, alice.cookie), undefined);
    assert.ok(await whoIs(one, bob.cookie));
    assert.ok(await whoIs(one, again.cookie));
  }
});

test('[AU14] a session whose token ended is none', async () => {
  await using server = await ReviewServer.start();
  server.users.set('t1', { username: 'alice' });
  const clock = new ManualClock();
  const { sessions } = desk({ clock, server });
  const { cookie, authentication } = await sessions.start({ kind: 'token', token: 't1' });
  assert.equal(await authentication.stillValid(signal), true);
  server.users.delete('t1');
  await clock.advance(60_000);
  assert.equal(await authentication.stillValid(signal), false);
  assert.equal(await whoIs(sessions, cookie), undefined);
});

test('[AU14] a proof that does not hold starts no session', async () => {
  await using server = await ReviewServer.start();
  const { sessions } = desk({ clock: new ManualClock(), server });
  await assert.rejects(sessions.start({ kind: 'person', name: 'mallory' }), { reason: 'Unauthorized' });
  await assert.rejects(sessions.start({ kind: 'token', token: 'no' }), { reason: 'Unauthorized' });
  server.users.set('x'.repeat(4_000), { username: 'alice' });
  await assert.rejects(sessions.start({ kind: 'token', token: 'x'.repeat(4_000) }), { reason: 'Invalid' });
});

test('[AU14] the own identity is that of the gateway, and acts without impersonation', async () => {
  await using server = await ReviewServer.start();
  server.self = { username: 'kubernetes-admin', groups: ['system:masters'] };
  const { sessions } = desk({ clock: new ManualClock(), server });
  const { authentication } = await sessions.start({ kind: 'own' });
  assert.deepEqual(authentication.principal, {
    id: 'own:kubernetes-admin',
    username: 'kubernetes-admin',
    groups: ['system:masters'],
    via: 'own',
  });
});

test('[AU15] signing in again as the same person goes on with the session, as another does not', async () => {
  await using server = await ReviewServer.start();
  server.users.set('t1', { username: 'alice' });
  server.users.set('t2', { username: 'alice' });
  const { sessions } = desk({ clock: new ManualClock(), server });
  const first = await sessions.start({ kind: 'token', token: 't1' });
  const facts = await sessions.read(header(sessions, first.cookie));
  assert.ok(facts);
  const renewed = await sessions.renewProof(facts, { kind: 'token', token: 't2' });
  assert.equal(renewed.authentication.credentialId, first.authentication.credentialId);
  const other = await sessions.renewProof(facts, { kind: 'person', name: 'bob' });
  assert.notEqual(other.authentication.credentialId, first.authentication.credentialId);
  await assert.rejects(sessions.renewProof(facts, { kind: 'token', token: 'no' }), {
    reason: 'Unauthorized',
  });
});

test('[AU16] the key comes from the secret, a private file or memory', (t) => {
  const directory = join(scratch(t), 'state');
  const made = loadSessionKey({ stateDir: directory });
  assert.equal(made.source, 'file');
  assert.equal(statSync(join(directory, 'session.key')).mode & 0o777, 0o600);
  assert.deepEqual(loadSessionKey({ stateDir: directory }), made);
  assert.equal(loadSessionKey({ secret: 'x'.repeat(32), stateDir: directory }).source, 'given');
  assert.equal(loadSessionKey({}).source, 'memory');
  chmodSync(directory, 0o700);
  assert.equal(loadSessionKey({ stateDir: join(directory, 'session.key', 'below-a-file') }).source, 'memory');
});
