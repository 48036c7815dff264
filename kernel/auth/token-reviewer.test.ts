import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRetriable } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createAuthenticatorChain } from './authenticator-chain.ts';
import { createBearerAuthenticator } from './bearer-authenticator.ts';
import { ReviewServer } from './testing/review-server.ts';
import { createTokenReviewer } from './token-reviewer.ts';

const signal = AbortSignal.timeout(10_000);
const alice = { username: 'alice', uid: 'u1', groups: ['team-a', 'system:authenticated'] };

test('[AU2] a token is whom the API server says it is', async () => {
  await using server = await ReviewServer.start();
  server.users.set('t1', alice);
  const bearer = createBearerAuthenticator(createTokenReviewer({ client: server.client }));
  const found = await bearer.authenticate({ headers: { authorization: 'Bearer t1' }, url: '/' }, signal);
  assert.deepEqual(found?.principal, {
    id: 'kubernetes:alice',
    username: 'alice',
    uid: 'u1',
    groups: alice.groups,
    via: 'impersonate',
  });
  assert.equal(await bearer.authenticate({ headers: {}, url: '/' }, signal), undefined);
});

test('[AU2] a token that does not hold is refused, whatever else the request carries', async () => {
  await using server = await ReviewServer.start();
  const bearer = createBearerAuthenticator(createTokenReviewer({ client: server.client }));
  const anybody = {
    name: 'anybody',
    authenticate: () => Promise.reject(new Error('must not be asked')),
  };
  const chain = createAuthenticatorChain([bearer, anybody]);
  for (const authorization of ['Bearer wrong', 'Bearer', 'Bearer a b']) {
    await assert.rejects(chain.authenticate({ headers: { authorization }, url: '/' }, signal), {
      reason: 'Unauthorized',
    });
  }
  assert.equal(server.count('tokenreviews'), 1);
});

test('[AU3] equal questions at once are one; an answer serves for the cache time', async () => {
  await using server = await ReviewServer.start();
  server.users.set('t1', alice);
  const clock = new ManualClock();
  const reviewer = createTokenReviewer({ client: server.client, clock, cacheMs: 1_000 });
  await Promise.all([reviewer.review('t1'), reviewer.review('t1'), reviewer.review('t1')]);
  assert.equal(server.count('tokenreviews'), 1);
  await clock.advance(1_000);
  await reviewer.review('t1');
  assert.equal(server.count('tokenreviews'), 1);
  await clock.advance(1);
  server.users.delete('t1');
  assert.equal(await reviewer.review('t1'), undefined);
  assert.equal(server.count('tokenreviews'), 2);
});

test('[AU3] a fresher answer than the remembered one is asked for', async () => {
  await using server = await ReviewServer.start();
  server.users.set('t1', alice);
  const clock = new ManualClock();
  const reviewer = createTokenReviewer({ client: server.client, clock, cacheMs: 60_000 });
  assert.equal((await reviewer.review('t1'))?.username, 'alice');
  server.users.delete('t1');
  await clock.advance(300);
  assert.equal(await reviewer.review('t1', { maxAgeMs: 200 }), undefined);
});

test('[AU3] fingerprints are equal for equal tokens and tell nothing of them', async () => {
  await using server = await ReviewServer.start();
  const one = createTokenReviewer({ client: server.client });
  const other = createTokenReviewer({ client: server.client });
  assert.equal(one.fingerprint('t1'), one.fingerprint('t1'));
  assert.notEqual(one.fingerprint('t1'), one.fingerprint('t2'));
  assert.notEqual(one.fingerprint('t1'), other.fingerprint('t1'));
});

test('[AU4] when the API server cannot tell, the failure is passed on and forgotten', async () => {
  await using server = await ReviewServer.start();
  server.users.set('t1', alice);
  const reviewer = createTokenReviewer({ client: server.client });
  server.broken = 500;
  await assert.rejects(reviewer.review('t1'), { name: 'StatusError', reason: 'InternalError' });
  server.broken = undefined;
  assert.equal((await reviewer.review('t1'))?.username, 'alice');
});

test('[AU2] no token is remembered without bound', async () => {
  await using server = await ReviewServer.start();
  const reviewer = createTokenReviewer({ client: server.client, maxEntries: 2 });
  for (const token of ['a', 'b', 'c', 'a']) await reviewer.review(token);
  assert.equal(server.count('tokenreviews'), 4);
});

test('[AU6] a flood of unknown tokens is bounded', async () => {
  await using server = await ReviewServer.start();
  const reviewer = createTokenReviewer({ client: server.client });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 1_200 }, (_, index) => reviewer.review(`guess-${index}`)),
  );
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 1_200 - 1_000 - 16);
  assert.ok(refused.every((one) => one.status === 'rejected' && isRetriable(one.reason)));
  assert.ok(server.mostAtOnce <= 16);
});

test('[AU7] the token of a service account ends with the account, however long the API server believes it', async () => {
  await using server = await ReviewServer.start();
  const robot = { username: 'system:serviceaccount:ci:robot', uid: 'u7' };
  server.users.set('t1', robot);
  const path = '/api/v1/namespaces/ci/serviceaccounts/robot';
  const review = (): ReturnType<ReturnType<typeof createTokenReviewer>['review']> =>
    createTokenReviewer({ client: server.client }).review('t1');
  server.documents.set(path, { metadata: { name: 'robot', uid: 'u7' } });
  assert.equal((await review())?.username, robot.username);
  server.documents.set(path, { metadata: { name: 'robot', uid: 'another' } });
  assert.equal(await review(), undefined);
  server.missing.add(path);
  assert.equal(await review(), undefined);
  server.forbidden = (asked) => asked === path;
  assert.equal((await review())?.username, robot.username);
});
