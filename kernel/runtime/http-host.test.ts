import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { StatusError } from '@krateyard/status/status-error';
import { authenticationOf } from './request-authentication.ts';
import { HostBench } from './testing/host-bench.ts';

const alice = { authorization: 'Bearer alice' };
const json = { ...alice, 'content-type': 'application/json' };

function routes(app: FastifyInstance): void {
  app.get('/api/me', (request) => ({ name: authenticationOf(request).principal.username }));
  app.get('/api/open', { config: { public: true } }, () => ({ open: true }));
  app.get('/api/bug', () => {
    throw new TypeError('password=hunter2 in a stack');
  });
  app.get('/api/gone', () => {
    throw new StatusError('NotFound', 'pods "web" not found', { details: { name: 'web', kind: 'pods' } });
  });
  app.get('/api/busy', () => {
    throw new StatusError('TooManyRequests', 'Later.', { details: { retryAfterSeconds: 7 } });
  });
  app.get(
    '/api/list/:kind',
    {
      schema: {
        params: Type.Object({ kind: Type.String({ pattern: '^[a-z]+$' }) }),
        querystring: Type.Object(
          { limit: Type.Optional(Type.Integer({ minimum: 1 })) },
          { additionalProperties: false },
        ),
      },
    },
    () => ({ big: 'x'.repeat(4_000) }),
  );
  app.post(
    '/api/scale',
    {
      schema: {
        body: Type.Object(
          { spec: Type.Object({ replicas: Type.Integer({ minimum: 0 }) }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ ok: Type.Boolean() }) },
      },
    },
    () => ({ ok: true }),
  );
}

test('[RT1] every answer has an id: the given one when it is harmless', async () => {
  await using host = await HostBench.start({ routes });
  const given = await host.ask('/api/open', { headers: { 'x-request-id': 'abc-1' } });
  assert.equal(given.headers['x-request-id'], 'abc-1');
  const bad = await host.ask('/api/open', { headers: { 'x-request-id': 'a"},{"b' } });
  assert.match(String(bad.headers['x-request-id']), /^[\w-]{16}$/);
});

test('[RT2] a StatusError is the answer, with the id of the request', async () => {
  await using host = await HostBench.start({ routes });
  const { code, status, headers } = await host.ask('/api/gone', { headers: alice });
  assert.equal(code, 404);
  assert.deepEqual(status, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'pods "web" not found',
    reason: 'NotFound',
    details: { name: 'web', kind: 'pods', requestId: headers['x-request-id'] },
    code: 404,
  });
});

test('[RT2, RT3] what nobody foresaw is told without its text, and logged under the id', async () => {
  await using host = await HostBench.start({ routes });
  const { code, status, text } = await host.ask('/api/bug', { headers: alice });
  assert.equal(code, 500);
  assert.equal(status.reason, 'InternalError');
  assert.ok(!text.includes('hunter2'));
  const logged = host.log.find((line) => line.includes(status.details?.requestId ?? 'none'));
  assert.match(logged ?? '', /TypeError/);
});

test('[RT4] a wrong body is Invalid and names the field', async () => {
  await using host = await HostBench.start({ routes });
  const cases = [
    { body: '{"spec":{"replicas":-1}}', field: 'spec.replicas' },
    { body: '{"spec":{"replicas":"many"}}', field: 'spec.replicas' },
    { body: '{"spec":{}}', field: 'spec.replicas' },
    { body: '{"spec":{"replicas":1},"sepc":1}', field: 'sepc' },
    { body: '[]', field: 'body' },
  ];
  for (const { body, field } of cases) {
    const { code, status } = await host.ask('/api/scale', { method: 'POST', headers: json, body });
    assert.equal(code, 422, body);
    assert.equal(status.reason, 'Invalid');
    assert.equal(status.details?.causes?.[0]?.field, field);
  }
});

test('[RT4] wrong parameters are a BadRequest and name the field', async () => {
  await using host = await HostBench.start({ routes });
  const cases = [
    { path: '/api/list/pods?limit=0', field: 'limit' },
    { path: '/api/list/pods?limit=x', field: 'limit' },
    { path: '/api/list/pods?limti=1', field: 'limti' },
    { path: '/api/list/PODS', field: 'kind' },
  ];
  for (const { path, field } of cases) {
    const { code, status } = await host.ask(path, { headers: alice });
    assert.equal(code, 400, path);
    assert.equal(status.reason, 'BadRequest');
    assert.equal(status.details?.causes?.[0]?.field, field);
  }
});

test('[RT5] a client that is still sending a body that is too large gets the answer, not a reset', async () => {
  await using host = await HostBench.start({ routes });
  const body = JSON.stringify({ spec: 'x'.repeat(8_000_000) });
  for (let round = 0; round < 10; round += 1) {
    const reply = await host.ask('/api/scale', { method: 'POST', headers: { ...alice, ...json }, body });
    assert.equal(reply.code, 413);
  }
});

test('[RT5] each kind of bad request has its reason', async () => {
  await using host = await HostBench.start({ routes });
  const post = (headers: Record<string, string>, body: string): ReturnType<HostBench['ask']> =>
    host.ask('/api/scale', { method: 'POST', headers: { ...alice, ...headers }, body });
  assert.equal((await host.ask('/api/nothing', { headers: alice })).status.reason, 'NotFound');
  const wrongMethod = await host.ask('/api/me', { method: 'PUT', headers: alice });
  assert.equal(wrongMethod.status.reason, 'MethodNotAllowed');
  assert.equal(wrongMethod.code, 405);
  assert.match(String(wrongMethod.headers.allow), /GET/);
  const large = await post(json, JSON.stringify({ spec: 'x'.repeat(5_000) }));
  assert.equal(large.status.reason, 'RequestEntityTooLarge');
  assert.equal((await post({ 'content-type': 'text/csv' }, 'a,b')).status.reason, 'UnsupportedMediaType');
  assert.equal((await post(json, '{"a":')).status.reason, 'BadRequest');
  assert.equal((await post(json, '')).status.reason, 'BadRequest');
  assert.equal((await post(json, '{"__proto__":{"a":1}}')).status.reason, 'BadRequest');
  assert.equal((await host.ask('/api/%E0%A4%A', { headers: alice })).status.reason, 'BadRequest');
  const busy = await host.ask('/api/busy', { headers: alice });
  assert.equal(busy.code, 429);
  assert.equal(busy.headers['retry-after'], '7');
});

test('[RT6] nobody comes in without a proof, except where it is public', async () => {
  await using host = await HostBench.start({ routes });
  const stranger = await host.ask('/api/me');
  assert.equal(stranger.code, 401);
  assert.equal(stranger.status.reason, 'Unauthorized');
  assert.ok(stranger.headers['www-authenticate']);
  assert.equal((await host.ask('/api/me', { headers: { authorization: 'Bearer wrong' } })).code, 401);
  assert.equal((await host.ask('/api/open')).code, 200);
  assert.match((await host.ask('/api/me', { headers: alice })).text, /alice/);
});

test('[RT7] a cookie changes something only from our own origin', async () => {
  await using host = await HostBench.start({ routes, origins: { allowedOrigins: ['https://yard.example'] } });
  const cookie = { cookie: 'who=alice', 'content-type': 'application/json' };
  const post = async (headers: Record<string, string>): Promise<number> => {
    const body = '{"spec":{"replicas":1}}';
    return (await host.ask('/api/scale', { method: 'POST', headers: { ...cookie, ...headers }, body })).code;
  };
  assert.equal(await post({ origin: 'http://evil.example' }), 403);
  assert.equal(await post({ origin: 'null' }), 403);
  assert.equal(await post({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await post({ 'sec-fetch-site': 'same-site' }), 403);
  assert.equal(await post({ origin: `http://127.0.0.1:${host.port}` }), 200);
  assert.equal(await post({ origin: 'https://yard.example' }), 200);
  assert.equal(await post({ 'sec-fetch-site': 'same-origin' }), 200);
  const read = await host.ask('/api/me', { headers: { cookie: 'who=alice', origin: 'http://evil.example' } });
  assert.equal(read.code, 200);
  const bearer = { ...json, origin: 'http://evil.example' };
  const body = '{"spec":{"replicas":1}}';
  assert.equal((await host.ask('/api/scale', { method: 'POST', headers: bearer, body })).code, 200);
});

test('[RT8] a gateway on loopback answers to loopback names only', async () => {
  await using host = await HostBench.start({ routes });
  assert.equal((await host.ask('/api/open', { headers: { host: 'rebound.example' } })).code, 403);
  assert.equal((await host.ask('/api/open', { headers: { host: `localhost:${host.port}` } })).code, 200);
  assert.equal((await host.ask('/api/open', { headers: { host: `[::1]:${host.port}` } })).code, 200);
  await using open = await HostBench.start({ routes, origins: { loopbackOnly: false } });
  assert.equal((await open.ask('/api/open', { headers: { host: 'yard.example' } })).code, 200);
});

test('[RT9] every answer carries the security headers', async () => {
  await using host = await HostBench.start({ routes });
  for (const path of ['/api/open', '/api/nothing', '/api/me', '/%']) {
    const { headers } = await host.ask(path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /script-src 'self';/, path);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  }
});

test('[RT10] the description is made from the schemas that validate', async () => {
  await using host = await HostBench.start({ routes });
  const description = host.app.swagger() as {
    openapi: string;
    paths: Record<string, Record<string, { requestBody?: unknown }>>;
  };
  assert.equal(description.openapi, '3.1.0');
  const body = JSON.stringify(description.paths['/api/scale']?.['post']?.requestBody);
  assert.match(body, /"replicas":\{"type":"integer","minimum":0\}/);
  assert.ok(description.paths['/api/list/{kind}']);
});

test('[RT11] a client that goes away aborts what is asked for it', { timeout: 10_000 }, async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  await using host = await HostBench.start({
    routes: (app) => {
      app.get('/api/slow', (request) => {
        asked.resolve(request.gone);
        return once(request.gone, 'abort');
      });
    },
  });
  const request = httpRequest({ host: '127.0.0.1', port: host.port, path: '/api/slow', headers: alice });
  request.on('error', () => {});
  request.end();
  const gone = await asked.promise;
  assert.equal(gone.aborted, false);
  const aborted = once(gone, 'abort');
  request.destroy();
  await aborted;
});

test('[RT13] a deadline that passes is a Timeout, not a fault of ours', async () => {
  await using host = await HostBench.start({
    routes: (app) => {
      app.get('/api/late', () => Promise.reject(new DOMException('late', 'TimeoutError')));
    },
  });
  const reply = await host.ask('/api/late', { headers: alice });
  assert.equal(reply.code, 504);
  assert.equal(reply.status.reason, 'Timeout');
});

test('[RT12] requests in flight are bounded for each person', { timeout: 10_000 }, async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  await using host = await HostBench.start({
    limits: { requests: { perUser: 1 } },
    routes: (app) => {
      routes(app);
      app.get('/api/slow', async () => {
        arrived.resolve();
        await release.promise;
        return {};
      });
    },
  });
  const slow = host.ask('/api/slow', { headers: alice });
  await arrived.promise;
  const refused = await host.ask('/api/me', { headers: alice });
  assert.equal(refused.code, 429);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assert.equal((await host.ask('/api/me', { headers: { authorization: 'Bearer bob' } })).code, 200);
  release.resolve();
  assert.equal((await slow).code, 200);
  assert.equal((await host.ask('/api/me', { headers: alice })).code, 200);
  assert.equal(host.limits.held('requests'), 0);
});

test('[RT5] latency and errors are counted by route, not by path', async () => {
  await using host = await HostBench.start({ routes });
  await host.ask('/api/list/pods', { headers: alice });
  await host.ask('/api/list/services?limit=0', { headers: alice });
  const text = await host.metrics.expose();
  assert.match(
    text,
    /krateyard_http_request_seconds_count\{method="GET",route="\/api\/list\/:kind",code="200"\} 1/,
  );
  assert.match(text, /krateyard_http_errors_total\{route="\/api\/list\/:kind",code="400"\} 1/);
});
