import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebSocket } from 'ws';
import { createSandbox } from '@krateyard/sandbox/sandbox';
import { GatewayBench, closeCode, cookieOf, statusOf } from './testing/gateway-bench.ts';

const deadline = { timeout: 30_000 };

interface SessionAnswer {
  readonly authenticated: boolean;
  readonly user?: { readonly username: string };
  readonly people: readonly { readonly name: string }[];
}

async function whoAmI(bench: GatewayBench, headers: Record<string, string>): Promise<string | undefined> {
  const answer = (await (await bench.ask('/api/session', { headers })).json()) as SessionAnswer;
  return answer.user?.username;
}

async function watching(
  bench: GatewayBench,
  headers: Record<string, string>,
  path = '/ws/watch',
): Promise<WebSocket> {
  const ws = await bench.socket(path, headers);
  assert.ok(typeof ws === 'object', 'refused');
  return ws;
}

test('the printed URL signs in once, with a cookie that pages cannot read', deadline, async () => {
  await using bench = await GatewayBench.start();
  const response = await fetch(bench.signInUrl, { redirect: 'manual' });
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), '/');
  const cookie = response.headers.get('set-cookie') ?? '';
  assert.match(cookie, /^krateyard-[0-9a-f]{8}=/);
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(attribute));
  assert.equal(await whoAmI(bench, { cookie: cookieOf(response) }), 'admin');
  const again = await fetch(bench.signInUrl, { redirect: 'manual' });
  assert.equal(again.status, 401);
  assert.match(await again.text(), /used before/);
  const signedIn = await fetch(bench.signInUrl, {
    redirect: 'manual',
    headers: { cookie: cookieOf(response) },
  });
  assert.equal(signedIn.status, 303);
});

test('behind a proxy that speaks HTTPS the cookie is Secure and bound to the host', deadline, async () => {
  await using bench = await GatewayBench.start({ flags: ['--trust-proxy'] });
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'yard.example' };
  const ours = { ...forwarded, origin: 'https://yard.example' };
  const response = await bench.post('/api/session', { person: 'alice' }, ours);
  assert.match(response.headers.get('set-cookie') ?? '', /^__Host-krateyard-.*; Secure$/);
  const cookie = cookieOf(response);
  assert.equal(await whoAmI(bench, { cookie }), 'alice');
  const foreign = { ...forwarded, origin: 'https://evil.example' };
  assert.equal((await bench.post('/api/session', { person: 'alice' }, foreign)).status, 403);
  await using direct = await GatewayBench.start();
  const believed = await direct.post('/api/session', { person: 'alice' }, forwarded);
  assert.match(believed.headers.get('set-cookie') ?? '', /^krateyard-[^;]*;(?!.*Secure)/);
});

test('people of the sandbox are offered and sign in by name', deadline, async () => {
  await using bench = await GatewayBench.start();
  const stranger = (await (await bench.ask('/api/session')).json()) as SessionAnswer;
  assert.equal(stranger.authenticated, false);
  assert.deepEqual(
    stranger.people.map(({ name }) => name),
    ['admin', 'alice', 'bob', 'carol'],
  );
  assert.equal(await whoAmI(bench, { cookie: await bench.signIn('alice') }), 'alice');
  assert.equal((await bench.post('/api/session', { person: 'mallory' })).status, 401);
});

test('a token of the cluster signs in, and also works by itself', deadline, async () => {
  await using bench = await GatewayBench.start();
  const token = bench.sandbox.people.tokenOf('bob') ?? '';
  assert.equal(await whoAmI(bench, { authorization: `Bearer ${token}` }), 'bob');
  const started = await bench.post('/api/session', { token });
  assert.equal(await whoAmI(bench, { cookie: cookieOf(started) }), 'bob');
  const refused = await bench.ask('/api/features', { headers: { authorization: 'Bearer wrong' } });
  assert.equal(refused.status, 401);
  assert.equal((await statusOf(refused)).reason, 'Unauthorized');
});

test('the plain page signs in without any script', deadline, async () => {
  await using bench = await GatewayBench.start();
  const page = await bench.ask('/sign-in');
  assert.equal(page.status, 200);
  const html = await page.text();
  assert.match(html, /value="alice"/);
  assert.ok(!html.includes('<script'));
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    bench.ask('/sign-in', { method: 'POST', body: new URLSearchParams(fields), headers });
  const done = await form({ person: 'alice' });
  assert.equal(done.status, 303);
  assert.equal(await whoAmI(bench, { cookie: cookieOf(done) }), 'alice');
  assert.equal((await form({ token: 'wrong' })).status, 401);
  assert.equal((await form({})).status, 400);
  assert.equal((await form({ person: 'alice' }, { origin: 'http://evil.example' })).status, 403);
});

test('guessing is slowed down', deadline, async () => {
  await using bench = await GatewayBench.start();
  for (let tries = 0; tries < 20; tries += 1) {
    assert.equal((await bench.post('/api/session', { token: `guess-${tries}` })).status, 401);
  }
  const slowed = await bench.post('/api/session', { token: 'guess' });
  assert.equal(slowed.status, 429);
  assert.ok(Number(slowed.headers.get('retry-after')) > 0);
});

test('[AU13, AU25] signing out ends the session and its sockets, not those of others', deadline, async () => {
  await using bench = await GatewayBench.start();
  const [cookie, other, bob] = await Promise.all(['alice', 'alice', 'bob'].map((name) => bench.signIn(name)));
  const ws = await watching(bench, { cookie: cookie ?? '' });
  const others = [
    await watching(bench, { cookie: other ?? '' }),
    await watching(bench, { cookie: bob ?? '' }),
  ];
  const closed = closeCode(ws);
  const done = await bench.ask('/api/session', { method: 'DELETE', headers: { cookie: cookie ?? '' } });
  assert.equal(done.status, 204);
  assert.match(done.headers.get('set-cookie') ?? '', /Max-Age=0/);
  assert.equal(await closed, 4501);
  assert.equal(await whoAmI(bench, { cookie: cookie ?? '' }), undefined);
  assert.ok(others.every(({ readyState }) => readyState === 1));
  const everywhere = closeCode(others[0]!);
  const again = await bench.signIn('alice');
  await bench.ask('/api/session?everywhere=true', { method: 'DELETE', headers: { cookie: again } });
  assert.equal(await everywhere, 4501);
  assert.equal(await whoAmI(bench, { cookie: other ?? '' }), undefined);
  assert.equal(await whoAmI(bench, { cookie: bob ?? '' }), 'bob');
  assert.equal(others[1]?.readyState, 1);
});

test('[AU14, AU20] a revoked token ends sessions and sockets that rest on it', deadline, async () => {
  await using bench = await GatewayBench.start();
  const token = bench.sandbox.people.tokenOf('bob') ?? '';
  const session = cookieOf(await bench.post('/api/session', { token }));
  const person = await bench.signIn('bob');
  const sockets = [
    await watching(bench, { authorization: `Bearer ${token}` }),
    await watching(bench, { cookie: session }),
    await watching(bench, { cookie: person }),
  ];
  const alice = await watching(bench, { cookie: await bench.signIn('alice') });
  const closed = Promise.all(sockets.map(closeCode));
  bench.sandbox.people.revoke('bob');
  assert.deepEqual(await closed, [4501, 4501, 4501]);
  assert.equal(alice.readyState, 1);
  assert.equal(await bench.socket('/ws/watch', { cookie: session }), 401);
});

test('[AU10] sessions outlive a restart of the gateway', deadline, async () => {
  const sandbox = await createSandbox();
  try {
    await using first = await GatewayBench.start({ sandbox });
    const cookie = await first.signIn('alice');
    await using second = await GatewayBench.start({ sandbox, stateDir: first.stateDir });
    assert.equal(await whoAmI(second, { cookie }), 'alice');
    await using elsewhere = await GatewayBench.start({ sandbox });
    assert.equal(await whoAmI(elsewhere, { cookie }), undefined);
  } finally {
    await sandbox.stop();
  }
});

test('[AU5] a ticket opens one socket', deadline, async () => {
  await using bench = await GatewayBench.start();
  const cookie = await bench.signIn('alice');
  const issued = (await (await bench.post('/api/tickets', {}, { cookie })).json()) as { ticket: string };
  const path = `/ws/watch?ticket=${issued.ticket}`;
  const ws = await watching(bench, {}, path);
  assert.equal(await bench.socket(path), 401);
  const closed = closeCode(ws);
  await bench.ask('/api/session', { method: 'DELETE', headers: { cookie } });
  assert.equal(await closed, 4501);
});

test('[AU15] renewing the token keeps the session and its sockets', deadline, async () => {
  await using bench = await GatewayBench.start();
  const token = bench.sandbox.people.tokenOf('bob') ?? '';
  const cookie = cookieOf(await bench.post('/api/session', { token }));
  const ws = await watching(bench, { cookie });
  const renewed = await bench.post('/api/session', { person: 'bob' }, { cookie });
  assert.equal(renewed.status, 200);
  assert.equal(await whoAmI(bench, { cookie: cookieOf(renewed) }), 'bob');
  assert.equal(ws.readyState, 1);
});

test('[RT4, RT5, RT7] bad input to every endpoint of the gateway is a Status', deadline, async () => {
  await using bench = await GatewayBench.start();
  const cookie = await bench.signIn('alice');
  const json = { 'content-type': 'application/json' };
  const foreign = { cookie, origin: 'http://evil.example' };
  const cases: { path: string; init: RequestInit; code: number }[] = [
    { path: '/api/session', init: { method: 'POST', headers: json, body: '{}' }, code: 422 },
    { path: '/api/session', init: { method: 'POST', headers: json, body: '{"person":7}' }, code: 422 },
    { path: '/api/session', init: { method: 'POST', headers: json, body: '{"token":""}' }, code: 422 },
    {
      path: '/api/session',
      init: { method: 'POST', headers: json, body: '{"person":"a","token":"b"}' },
      code: 422,
    },
    { path: '/api/session', init: { method: 'POST', headers: json, body: 'null' }, code: 422 },
    { path: '/api/session', init: { method: 'POST', headers: json, body: '{' }, code: 400 },
    { path: '/api/session', init: { method: 'POST', body: 'person=alice' }, code: 415 },
    {
      path: '/api/session',
      init: { method: 'POST', headers: json, body: `"${'x'.repeat(4 << 20)}"` },
      code: 413,
    },
    {
      path: '/api/session',
      init: {
        method: 'POST',
        headers: { ...json, origin: 'http://evil.example' },
        body: '{"person":"admin"}',
      },
      code: 403,
    },
    { path: '/api/session', init: { method: 'PATCH', headers: { cookie } }, code: 405 },
    { path: '/api/session', init: { method: 'DELETE' }, code: 401 },
    { path: '/api/session', init: { method: 'DELETE', headers: foreign }, code: 403 },
    { path: '/api/session?everywhere=perhaps', init: { method: 'DELETE', headers: { cookie } }, code: 400 },
    { path: '/api/tickets', init: { method: 'POST' }, code: 401 },
    { path: '/api/tickets', init: { method: 'POST', headers: foreign }, code: 403 },
    { path: '/api/features', init: {}, code: 401 },
    { path: '/api/health', init: { method: 'PUT' }, code: 405 },
    { path: '/api/nothing', init: { headers: { cookie } }, code: 404 },
    { path: '/api/%00', init: { headers: { cookie } }, code: 404 },
    { path: '/api/%ff', init: { headers: { cookie } }, code: 400 },
    { path: '/ws/watch', init: { headers: { cookie } }, code: 404 },
  ];
  for (const { path, init, code } of cases) {
    const response = await bench.ask(path, init);
    const text = await response.text();
    assert.equal(response.status, code, `${init.method ?? 'GET'} ${path}: ${text}`);
    const status = JSON.parse(text) as Awaited<ReturnType<typeof statusOf>>;
    assert.equal(status.kind, 'Status');
    assert.equal(status.code, code);
    assert.equal(status.details?.requestId, response.headers.get('x-request-id'));
  }
});

test('[RT10, RT60] description, health and metrics are there for anybody', deadline, async () => {
  await using bench = await GatewayBench.start();
  const description = (await (await bench.ask('/api/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, unknown>;
  };
  assert.equal(description.openapi, '3.1.0');
  for (const path of ['/api/session', '/api/tickets', '/api/health', '/api/features'])
    assert.ok(description.paths[path], path);
  assert.equal((await bench.ask('/readyz')).status, 200);
  const metrics = await (await bench.ask('/metrics')).text();
  for (const name of [
    'krateyard_http_request_seconds_bucket',
    'krateyard_resident_bytes',
    'krateyard_hub_sessions',
  ]) {
    assert.ok(metrics.includes(`\n${name}`), name);
  }
});
