import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { isStatusError, type StatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createMetrics } from '@krateyard/telemetry/metrics';
import { ScriptedApiServer, type Call, type Script } from '../test-servers/scripted-api-server.ts';
import { until } from '../test-servers/until.ts';
import type { Client } from './client.ts';
import { createClient } from './create-client.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' };
const EMPTY_LIST = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [] };

interface Setup {
  readonly server: ScriptedApiServer;
  readonly client: Client;
}

async function setup(
  t: TestContext,
  script: Script,
  options: Omit<Parameters<typeof createClient>[0], 'config'> & {
    user?: Record<string, unknown>;
    cluster?: Record<string, unknown>;
    mutual?: boolean;
  } = {},
): Promise<Setup> {
  const server = await ScriptedApiServer.start({ clientCertificates: options.mutual ?? false });
  server.answer(script);
  const client = createClient({ ...options, config: server.config(options.user, options.cluster) });
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  return { server, client };
}

async function failure(promise: Promise<unknown>): Promise<StatusError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(isStatusError(error), `a StatusError, not ${String(error)}`);
  return error;
}

test('[KC6] presents its certificate and checks the server by CA and name', async (t) => {
  const { server, client } = await setup(t, (call) => call.json(200, EMPTY_LIST), { mutual: true });
  await client.list(PODS);
  assert.equal(server.calls[0]!.clientName, undefined);
  const pem = (text: string): string => Buffer.from(text).toString('base64');
  const { client: leaf } = server.certificates;
  const certified = createClient({
    config: server.config(
      { 'client-certificate-data': pem(leaf.cert), 'client-key-data': pem(leaf.key) },
      { 'tls-server-name': 'kube.test' },
    ),
  });
  t.after(() => certified.close());
  await certified.list(PODS);
  assert.equal(server.calls[1]!.clientName, 'tester');
  for (const [cluster, why] of [
    [{ 'tls-server-name': 'other.test' }, 'its certificate is for another name'],
    [{ 'certificate-authority-data': pem(leaf.cert) }, 'its certificate is not signed by the configured CA'],
  ] as const) {
    const refusing = createClient({ config: server.config({ token: 's3cret' }, cluster) });
    const error = await failure(refusing.list(PODS));
    assert.equal(error.message, `The API server at 127.0.0.1:${server.port} cannot be reached: ${why}.`);
    await refusing.close();
  }
  assert.equal(server.calls.length, 2, 'nothing was sent to a server that failed the check');
});

test('[KC6] [KC9] a server that cannot be checked is spoken to only when told so', async (t) => {
  const { server, client } = await setup(t, (call) => call.json(200, EMPTY_LIST), {
    cluster: { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true },
  });
  assert.deepEqual((await client.list(PODS)).items, []);
  assert.equal(server.calls.length, 1);
});

test('[KC7] [KC8] acts as somebody else on the same socket', async (t) => {
  const { server, client } = await setup(t, (call) => call.json(200, EMPTY_LIST), {
    user: { token: 'mine', as: 'configured' },
  });
  await client.list(PODS);
  await client
    .as({ username: 'Zoë', uid: '1', groups: ['a,b', 'c'], extra: { 'example.com/Scope%': ['x', 'y'] } })
    .list(PODS);
  const lines = (call: Call): string[] =>
    call.rawHeaders.flatMap((name, index) =>
      index % 2 === 0 && /^impersonate/i.test(name)
        ? [`${name}: ${Buffer.from(call.rawHeaders[index + 1]!, 'latin1').toString()}`]
        : [],
    );
  assert.deepEqual(lines(server.calls[0]!), ['Impersonate-User: configured']);
  assert.deepEqual(lines(server.calls[1]!), [
    'Impersonate-User: Zoë',
    'Impersonate-Uid: 1',
    'Impersonate-Group: a,b',
    'Impersonate-Group: c',
    'Impersonate-Extra-example.com%2FScope%25: x',
    'Impersonate-Extra-example.com%2FScope%25: y',
  ]);
  assert.equal(server.calls[1]!.headers.authorization, 'Bearer mine');
  for (let time = 0; time < 20; time += 1)
    await client.as({ username: `user-${time}`, groups: [] }).list(PODS);
  assert.ok(server.openSockets <= 2, `${server.openSockets} sockets`);
  assert.throws(() => client.as({ username: 'a\r\nX: y', groups: [] }), /control characters/);
});

test('[KC9] a refusal is the API server\u2019s own, and what is no Status is told plainly', async (t) => {
  const { server, client } = await setup(t, (call) => call.status(403, 'Forbidden', 'pods is forbidden'));
  const error = await failure(client.get(PODS, 'x', 'default'));
  assert.deepEqual([error.reason, error.code, error.message], ['Forbidden', 403, 'pods is forbidden']);
  server.answer(({ response }) => response.writeHead(404).end('404 page not found'));
  assert.equal(
    (await failure(client.list(DEPLOYMENTS))).message,
    `The API server at 127.0.0.1:${server.port} does not serve apps/v1/deployments.`,
  );
  server.answer(({ response }) => response.writeHead(500).end('<html>'));
  assert.equal((await failure(client.list(PODS))).reason, 'InternalError');
  server.answer(({ response }) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":['),
  );
  assert.match((await failure(client.list(PODS))).message, /answered with something that is no JSON/);
});

test('[KC9] what cannot be reached is told with host, port and cause', async (t) => {
  const { server, client } = await setup(t, () => {}, { user: { token: 's3cret' } });
  const { port } = server;
  await server.stop();
  const refused = await failure(client.create(PODS, { metadata: { name: 'x' } }));
  assert.deepEqual(
    [refused.reason, refused.message],
    ['ServiceUnavailable', `The API server at 127.0.0.1:${port} cannot be reached: connection refused.`],
  );
  assert.doesNotMatch(JSON.stringify(refused), /s3cret/);
});

test('[KC10] reads come again after broken connections and refusals that pass, writes do not', async (t) => {
  const answers: Script[] = [
    (call) => call.reset(),
    (call) => call.status(503, 'ServiceUnavailable'),
    (call) => call.json(200, EMPTY_LIST),
  ];
  let asked = 0;
  const { server, client } = await setup(t, (call) => answers[asked++]!(call));
  assert.equal((await client.list(PODS)).metadata.resourceVersion, '7');
  assert.equal(server.calls.length, 3);
  asked = 1;
  assert.equal((await failure(client.create(PODS, { metadata: { name: 'x' } }))).code, 503);
  server.answer((call) => call.status(429, 'TooManyRequests'));
  assert.equal((await failure(client.list(PODS))).reason, 'TooManyRequests');
  assert.equal(server.calls.length, 3 + 1 + 3, 'twice more, then the answer stands');
  server.answer((call) => call.status(409, 'Conflict'));
  await failure(client.list(PODS));
  assert.equal(server.calls.length, 8);
});

test('[KC10] Retry-After is waited for', async (t) => {
  const clock = new ManualClock();
  let busy = true;
  const { server, client } = await setup(
    t,
    (call) =>
      busy ? call.status(429, 'TooManyRequests', 'busy', { 'retry-after': '7' }) : call.json(200, EMPTY_LIST),
    { clock, limits: { requestMs: 1e8 } },
  );
  const began = clock.now();
  const listed = client.list(PODS);
  await server.received(1);
  busy = false;
  while (server.calls.length < 2) await clock.advance(50);
  await listed;
  assert.ok(clock.now() - began >= 7000);
  assert.equal(clock.pending, 0);
});

test('[KC11] an answer that does not come in time is a Timeout', async (t) => {
  const clock = new ManualClock();
  const { server, client } = await setup(t, () => {}, { clock, limits: { requestMs: 3000 } });
  const listed = failure(client.list(PODS));
  await server.received(1);
  await clock.advance(3000);
  const error = await listed;
  assert.deepEqual(
    [error.reason, error.message],
    ['Timeout', `The API server at 127.0.0.1:${server.port} did not answer within 3 s.`],
  );
  const stuck = failure(client.list(PODS));
  server.answer(({ response }) => response.writeHead(200).write('{"items":['));
  await server.received(2);
  await clock.advance(3000);
  assert.equal((await stuck).reason, 'Timeout');
});

test('[KC11] a caller who gives up gets its own reason, and the request ends', async (t) => {
  const { server, client } = await setup(t, () => {});
  const gone = new AbortController();
  const listed = client.list(PODS, { signal: gone.signal });
  await server.received(1);
  const closed = once(server.calls[0]!.response, 'close');
  gone.abort(new Error('enough'));
  await assert.rejects(listed, /^Error: enough$/);
  await closed;
  await assert.rejects(client.list(PODS, { signal: gone.signal }), /enough/);
});

test('[KC12] [KC8] the breaker opens for all identities, refuses at once, and closes by a trial', async (t) => {
  const clock = new ManualClock();
  const { server, client } = await setup(t, (call) => call.status(500, 'InternalError'), { clock });
  for (let time = 0; time < 10; time += 1) await failure(client.create(PODS, { metadata: {} }));
  assert.equal(client.connection(), 'closed', '5xx are answers');
  server.answer((call) => call.reset());
  for (let time = 0; time < 5; time += 1) await failure(client.create(PODS, { metadata: {} }));
  assert.equal(client.connection(), 'open');
  const asked = server.calls.length;
  const refused = await failure(client.as({ username: 'bob', groups: [] }).list(PODS));
  assert.match(refused.message, /has not been answering; it is tried again within 1 s/);
  assert.equal(server.calls.length, asked);
  server.answer((call) => call.json(200, EMPTY_LIST));
  await clock.advance(1000);
  assert.equal(client.connection(), 'half-open');
  await client.list(PODS);
  assert.equal(client.connection(), 'closed');
});

test('[KC13] an answer larger than the bound is refused', async (t) => {
  const { client } = await setup(
    t,
    (call) => call.json(200, { ...EMPTY_LIST, filler: 'x'.repeat(100_000) }),
    { limits: { maxResponseBytes: 50_000 } },
  );
  assert.equal((await failure(client.list(PODS))).reason, 'RequestEntityTooLarge');
});

test('[KC14] [KC16] watches never keep requests from a socket, and end with their signal', async (t) => {
  const { server, client } = await setup(
    t,
    (call) =>
      call.query.has('watch') ? call.response.writeHead(200).flushHeaders() : call.json(200, EMPTY_LIST),
    {
      limits: { requestConnections: 1 },
    },
  );
  const stop = new AbortController();
  const opened = Array.from({ length: 20 }, () => Promise.withResolvers<void>());
  const watching = opened.map(async ({ resolve }) => {
    await assert.rejects(async () => {
      for await (const _ of client.watch(PODS, { signal: stop.signal, onOpen: resolve }));
    }, /stopped/);
  });
  await Promise.all(opened.map(({ promise }) => promise));
  await client.list(PODS);
  stop.abort(new Error('stopped'));
  await Promise.all(watching);
  await until(() => server.openSockets === 1);
});

test('[KC18] patches, apply, dry runs and warnings', async (t) => {
  const { server, client } = await setup(t, (call) =>
    call.json(200, { metadata: { name: 'a' } }, { warning: '299 - "first \\"one\\"", 299 - "second"' }),
  );
  const options = { dryRun: true, fieldManager: 'us', fieldValidation: 'Strict' } as const;
  const key = { name: 'a', namespace: 'n' };
  for (const type of ['json', 'merge', 'strategic'] as const)
    await client.patch(DEPLOYMENTS, { ...key, subresource: 'scale' }, type, [], options);
  const { warnings } = await client.apply(
    DEPLOYMENTS,
    { metadata: key },
    { fieldManager: 'us', force: true },
  );
  assert.deepEqual(warnings, ['first "one"', 'second']);
  await client.create(DEPLOYMENTS, { metadata: key }, options);
  await client.delete(DEPLOYMENTS, 'a', 'n', {
    propagationPolicy: 'Foreground',
    gracePeriodSeconds: 0,
    preconditions: { uid: 'u' },
    dryRun: true,
  });
  const told = server.calls.map(({ method, path, query, headers }) =>
    [method, path, query.toString(), headers['content-type']].join(' '),
  );
  const at = '/apis/apps/v1/namespaces/n/deployments';
  const query = 'dryRun=All&fieldManager=us&fieldValidation=Strict';
  assert.deepEqual(told, [
    `PATCH ${at}/a/scale ${query} application/json-patch+json`,
    `PATCH ${at}/a/scale ${query} application/merge-patch+json`,
    `PATCH ${at}/a/scale ${query} application/strategic-merge-patch+json`,
    `PATCH ${at}/a fieldManager=us&force=true application/apply-patch+yaml`,
    `POST ${at} ${query} application/json`,
    `DELETE ${at}/a  application/json`,
  ]);
  assert.deepEqual(JSON.parse(server.calls.at(-1)!.body), {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    dryRun: ['All'],
    gracePeriodSeconds: 0,
    propagationPolicy: 'Foreground',
    preconditions: { uid: 'u' },
  });
});

test('[KC18] a deletion that is done at once gives nothing back', async (t) => {
  const { server, client } = await setup(t, (call) => call.json(200, { kind: 'Status', status: 'Success' }));
  assert.equal(await client.delete(PODS, 'a', 'n'), undefined);
  server.answer((call) => call.json(200, { kind: 'Pod', metadata: { name: 'a', deletionTimestamp: 'now' } }));
  assert.equal((await client.delete(PODS, 'a', 'n'))?.metadata.name, 'a');
});

test('[KC20] requests and the breaker stand in the metrics until the client is closed', async (t) => {
  const metrics = createMetrics();
  const { client } = await setup(t, (call) => call.json(200, EMPTY_LIST), { metrics });
  await client.list(PODS);
  const text = await metrics.expose();
  assert.match(
    text,
    /krateyard_kube_request_seconds_count\{cluster="test",verb="list",resource="v1\/pods",code="200"\} 1/,
  );
  assert.match(text, /krateyard_kube_connection_state\{cluster="test"\} 0/);
  await client.close();
  assert.doesNotMatch(await metrics.expose(), /connection_state\{/);
});

test('[KC21] close ends what is under way and leaves no socket', async (t) => {
  const { server, client } = await setup(
    t,
    (call) => void (call.query.has('watch') && call.response.writeHead(200).flushHeaders()),
  );
  const opened = Promise.withResolvers<void>();
  const watching = failure(
    (async () => {
      for await (const _ of client.watch(PODS, {
        signal: new AbortController().signal,
        onOpen: opened.resolve,
      }));
    })(),
  );
  const listing = failure(client.list(PODS));
  await opened.promise;
  await server.received(2);
  await client.close();
  assert.match((await listing).message, /was closed/);
  assert.equal((await watching).reason, 'ServiceUnavailable');
  await until(() => server.openSockets === 0);
  assert.match((await failure(client.list(PODS))).message, /was closed/);
});

test('[KC22] a proxy is gone through', async (t) => {
  const server = await ScriptedApiServer.start();
  server.answer((call) => call.json(200, EMPTY_LIST));
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const proxy = createServer().listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket, head) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
    const upstream = connect(server.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket as Socket, upstream]) sockets.add(end.on('error', () => {}));
  });
  await once(proxy, 'listening');
  const config = server.config(
    {},
    { 'proxy-url': `http://user:pass@127.0.0.1:${(proxy.address() as AddressInfo).port}` },
  );
  const client = createClient({ config });
  t.after(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await server.stop();
  });
  await client.list(PODS);
  assert.deepEqual(asked, [`127.0.0.1:${server.port} Basic ${Buffer.from('user:pass').toString('base64')}`]);
});

test('[KC4] [KC5] a 401 leads to one more try with new credentials', async (t) => {
  const { server, client } = await setup(t, (call) => call.status(401, 'Unauthorized'), {
    user: { token: 'x' },
  });
  assert.equal((await failure(client.list(PODS))).reason, 'Unauthorized');
  assert.equal(server.calls.length, 1, 'a fixed token stays what it is');
  const plugin = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [
      '-e',
      'console.log(JSON.stringify({apiVersion:"client.authentication.k8s.io/v1",kind:"ExecCredential",status:{token:String(process.pid)}}))',
    ],
  };
  const renewing = createClient({ config: server.config({ exec: plugin }) });
  t.after(() => renewing.close());
  const first = server.calls.length;
  server.answer((call) =>
    server.calls.length === first + 1 ? call.status(401, 'Unauthorized') : call.json(200, EMPTY_LIST),
  );
  await renewing.list(PODS);
  const [before, after] = server.calls.slice(first).map(({ headers }) => headers.authorization);
  assert.match(before!, /^Bearer \d+$/);
  assert.notEqual(before, after);
});
