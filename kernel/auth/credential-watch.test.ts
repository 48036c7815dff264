import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { Authentication } from './authenticator.ts';
import { CredentialWatch } from './credential-watch.ts';

/** A proof of identity that a test can end, break and count the looks at. */
class Proof {
  looks = 0;
  holds: boolean | 'unknown' = true;
  readonly authentication: Authentication;

  constructor(id: string, options: { user?: string; expiresAt?: number } = {}) {
    const user = options.user ?? 'alice';
    this.authentication = {
      principal: { id: `kubernetes:${user}`, username: user, groups: [], via: 'impersonate' },
      credentialId: id,
      ...(options.expiresAt !== undefined && { expiresAt: options.expiresAt }),
      stillValid: () => {
        this.looks += 1;
        return this.holds === 'unknown' ? Promise.reject(new Error('away')) : Promise.resolve(this.holds);
      },
    };
  }
}

test('[AU20] streams of one credential share a look, and end once each', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  const proof = new Proof('token:1');
  const lost: string[] = [];
  watch.watch(proof.authentication, () => lost.push('a'));
  watch.watch(proof.authentication, () => lost.push('b'));
  await clock.advance(600);
  assert.equal(proof.looks, 1);
  proof.holds = false;
  await clock.advance(600);
  assert.deepEqual(lost, ['a', 'b']);
  await clock.advance(60_000);
  assert.deepEqual(lost, ['a', 'b']);
  assert.equal(clock.pending, 0);
});

test('[AU21] streams stay while nobody can tell', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  const proof = new Proof('token:1');
  const lost: string[] = [];
  watch.watch(proof.authentication, () => lost.push('a'));
  proof.holds = 'unknown';
  await clock.advance(60_000);
  assert.deepEqual(lost, []);
  proof.holds = false;
  await clock.advance(600);
  assert.deepEqual(lost, ['a']);
});

test('[AU22] a proof ends at its expiry, even when its source still believes it', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  const proof = new Proof('token:1', { expiresAt: clock.now() + 5_000 });
  const lost: string[] = [];
  watch.watch(proof.authentication, () => lost.push('a'));
  await clock.advance(4_900);
  assert.deepEqual(lost, []);
  await clock.advance(1_000);
  assert.deepEqual(lost, ['a']);
});

test('[AU23] a stream goes on with a new proof of the same person, not with another person', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  const old = new Proof('token:1');
  const next = new Proof('token:2');
  const lost: string[] = [];
  const stream = watch.watch(old.authentication, () => lost.push('a'));
  assert.equal(stream.renew(new Proof('token:3', { user: 'mallory' }).authentication), false);
  assert.equal(stream.renew(next.authentication), true);
  assert.equal(stream.current().credentialId, 'token:2');
  old.holds = false;
  await clock.advance(2_000);
  assert.deepEqual(lost, []);
  next.holds = false;
  await clock.advance(600);
  assert.deepEqual(lost, ['a']);
});

test('[AU23] a session that signed in again keeps its streams', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  const old = new Proof('session:1');
  const lost: string[] = [];
  watch.watch(old.authentication, () => lost.push('a'));
  watch.renewed(new Proof('session:1').authentication);
  old.holds = false;
  await clock.advance(5_000);
  assert.deepEqual(lost, []);
  watch.close();
});

test('[AU24] many credentials are looked at no more often than the budget allows', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock, maxLooksPerSecond: 10 });
  const proofs = Array.from({ length: 40 }, (_, index) => new Proof(`token:${index}`));
  for (const proof of proofs) watch.watch(proof.authentication, () => {});
  await clock.advance(8_000);
  const before = proofs.reduce((sum, { looks }) => sum + looks, 0);
  await clock.advance(20_000);
  const looks = proofs.reduce((sum, proof) => sum + proof.looks, 0) - before;
  // A tenth more for jitter, and one look of each for where the window begins.
  assert.ok(looks <= 20 * 10 * 1.11 + 40, `${looks} looks in 20 s`);
  assert.ok(proofs.every((proof) => proof.looks >= 4));
  watch.close();
});

test('[AU25] sign-out ends matching streams in the same turn', () => {
  const watch = new CredentialWatch({ clock: new ManualClock() });
  const lost: string[] = [];
  watch.watch(new Proof('session:1').authentication, () => lost.push('one'));
  watch.watch(new Proof('session:2', { user: 'bob' }).authentication, () => lost.push('two'));
  watch.end(({ principal }) => principal.username === 'bob');
  assert.deepEqual(lost, ['two']);
  watch.close();
});

test('[AU26] a credential without streams leaves nothing behind', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  const proof = new Proof('token:1');
  const streams = [1, 2].map(() => watch.watch(proof.authentication, () => assert.fail('must not be told')));
  for (const stream of streams) stream[Symbol.dispose]();
  for (const stream of streams) stream[Symbol.dispose]();
  assert.equal(clock.pending, 0);
  proof.holds = false;
  await clock.advance(5_000);
  assert.equal(proof.looks, 0);
});

test('[AU26] a proof that comes when the stream is gone is not watched', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  const stream = watch.watch(new Proof('token:1').authentication, () => assert.fail('must not be told'));
  stream[Symbol.dispose]();
  assert.equal(stream.renew(new Proof('token:2').authentication), false);
  assert.equal(clock.pending, 0);
});

test('[AU26] closing stops everything', async () => {
  const clock = new ManualClock();
  const watch = new CredentialWatch({ clock });
  watch.watch(new Proof('token:1').authentication, () => assert.fail('must not be told'));
  watch.close();
  assert.equal(clock.pending, 0);
  await clock.advance(5_000);
});
