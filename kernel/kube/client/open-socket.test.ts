import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { isStatusError, type StatusError } from '@krateyard/status/status-error';
import { ScriptedApiServer, type Script } from '../test-servers/scripted-api-server.ts';
import { until } from '../test-servers/until.ts';
import type { Client } from './client.ts';
import { createClient } from './create-client.ts';

const REQUEST = { path: '/api/v1/x', protocols: ['one', 'two'] };

async function setup(
  t: TestContext,
  script: Script,
  limits: Parameters<typeof createClient>[0]['limits'] = {},
): Promise<{ server: ScriptedApiServer; client: Client }> {
  const server = await ScriptedApiServer.start();
  server.answer(script);
  const client = createClient({ config: server.config({ token: 's3cret' }), limits });
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  return { server, client };
}

async function failure(client: Client, signal = new AbortController().signal): Promise<StatusError> {
  const error: unknown = await client.openSocket({ ...REQUEST, signal }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(isStatusError(error), `a StatusError, not ${String(error)}`);
  return error;
}

test('[KC23] a handshake that is refused is the server’s own Status', async (t) => {
  const { server, client } = await setup(t, (call) => call.status(403, 'Forbidden', 'ada may not'));
  const error = await failure(client);
  assert.deepEqual([error.reason, error.code, error.message], ['Forbidden', 403, 'ada may not']);
  const [call] = server.calls;
  assert.equal(call?.headers['sec-websocket-protocol'], 'one, two');
  assert.equal(call?.headers['sec-websocket-version'], '13');
  assert.equal(call?.headers['upgrade'], 'websocket');
  assert.equal(server.calls.length, 1);
});

test('[KC23] what is no Status tells nothing but the code', async (t) => {
  const answers: Script[] = [
    (call) => call.response.writeHead(500).end('a stack trace'),
    (call) => call.json(200, { kind: 'Pod' }),
    (call) => call.response.writeHead(404).end('404 page not found'),
  ];
  const { client } = await setup(t, (call) => answers.shift()!(call));
  assert.equal((await failure(client)).message, 'The API server answered 500.');
  assert.equal((await failure(client)).message, 'The API server answered 200.');
  assert.equal((await failure(client)).reason, 'NotFound');
});

test('[KC23] a broken connection, a deadline and an abort end the handshake', async (t) => {
  const { server, client } = await setup(t, (call) => call.reset(), { streamHeadersMs: 300 });
  const broken = await failure(client);
  assert.equal(broken.reason, 'ServiceUnavailable');
  assert.match(broken.message, new RegExp(`127.0.0.1:${server.port} cannot be reached`));
  server.answer(() => {});
  assert.equal((await failure(client)).reason, 'Timeout');
  const stop = new AbortController();
  const opening = client.openSocket({ ...REQUEST, signal: stop.signal });
  await server.received(3);
  stop.abort(new Error('enough'));
  await assert.rejects(opening, /enough/);
  await until(() => server.openSockets === 0);
});

test('[KC23] a server that only pretends to shake hands is not believed', async (t) => {
  const { server } = await setup(t, () => {});
  const liar = createServer();
  liar.on('upgrade', (_request, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: no\r\n\r\n',
    );
    socket.on('error', () => {});
  });
  liar.listen(0, '127.0.0.1');
  await once(liar, 'listening');
  const { port } = liar.address() as AddressInfo;
  const other = createClient({
    config: { ...server.config(), server: `http://127.0.0.1:${port}` },
  });
  t.after(async () => {
    await other.close();
    liar.close();
    liar.closeAllConnections();
  });
  assert.equal((await failure(other)).reason, 'InternalError');
});

test('[KC22] [KC23] sockets go through the proxy, too', async (t) => {
  const server = await ScriptedApiServer.start();
  server.answer((call) => call.status(409, 'Conflict', 'seen'));
  const sockets = new Set<Socket>();
  let tunnels = 0;
  const proxy = createServer().listen(0, '127.0.0.1');
  proxy.on('connect', (_request, socket, head) => {
    tunnels += 1;
    const upstream = connect(server.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket as Socket, upstream]) sockets.add(end.on('error', () => {}));
  });
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const client = createClient({ config: server.config({}, { 'proxy-url': `http://127.0.0.1:${port}` }) });
  t.after(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await server.stop();
  });
  assert.equal((await failure(client)).message, 'seen');
  assert.equal(tunnels, 1);
});
