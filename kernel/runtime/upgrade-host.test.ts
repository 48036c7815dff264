import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import type { WebSocket } from 'ws';
import { StatusError } from '@krateyard/status/status-error';
import type { FrameCarrier, SocketRoute, SocketSession, SocketUpgrade } from './feature.ts';
import { HostBench, closeOf } from './testing/host-bench.ts';

const alice = { authorization: 'Bearer alice' };
const deadline = { timeout: 15_000 };

const HANDSHAKE =
  'GET /ws/echo/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer alice\r\n\r\n';

/** Echoes until its socket closes. */
function echo(route: Partial<SocketRoute> = {}): SocketRoute {
  return {
    path: '/ws/echo/:name',
    protocols: ['v2.krateyard', 'v1.krateyard'],
    maxFrameBytes: 64,
    limit: 'echo',
    accept: (_upgrade, params) =>
      Promise.resolve(async ({ ws }) => {
        ws.on('message', () => ws.send(`hello ${params['name']}`));
        await once(ws, 'close');
      }),
    ...route,
  };
}

async function opened(
  host: HostBench,
  path = '/ws/echo/x',
  options?: Parameters<HostBench['upgrade']>[1],
): Promise<WebSocket> {
  const { ws, refused } = await host.upgrade(path, options ?? { headers: alice });
  assert.ok(ws, refused?.text);
  return ws;
}

test('[RT20] whatever can be refused is refused before the upgrade', deadline, async () => {
  const busy = echo({
    path: '/ws/missing',
    accept: () => Promise.reject(new StatusError('NotFound', 'pods "web" not found')),
  });
  const broken = echo({ path: '/ws/broken', accept: () => Promise.reject(new TypeError('secret')) });
  await using host = await HostBench.start({ sockets: [echo(), busy, broken] });
  const foreign = { cookie: 'who=alice', origin: 'http://evil.example' };
  const cases = [
    { path: '/ws/nothing', headers: alice, code: 404 },
    { path: '/ws/echo/%E0%A4%A', headers: alice, code: 404 },
    { path: '/ws/echo/x', headers: {}, code: 401 },
    { path: '/ws/echo/x', headers: { authorization: 'Bearer wrong' }, code: 401 },
    { path: '/ws/echo/x', headers: foreign, code: 403 },
    { path: '/ws/echo/x', headers: { ...alice, host: 'rebound.example' }, code: 403 },
    { path: '/ws/missing', headers: alice, code: 404 },
    { path: '/ws/broken', headers: alice, code: 500 },
  ];
  for (const { path, headers, code } of cases) {
    const { refused } = await host.upgrade(path, { headers });
    assert.equal(refused?.code, code, path);
    assert.equal(refused.status.kind, 'Status');
    assert.equal(refused.status.details?.requestId, refused.headers['x-request-id']);
    assert.ok(!refused.text.includes('secret'));
  }
  const plain = await host.ask('/ws/echo/x', { headers: alice });
  assert.equal(plain.code, 404);
  const half = await host.ask('/ws/echo/x', {
    headers: { ...alice, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '12' },
  });
  assert.equal(half.code, 400);
  assert.equal(host.limits.held('echo'), 0);
});

test('[RT20] a cookie opens a socket from our own origin', deadline, async () => {
  await using host = await HostBench.start({ sockets: [echo()] });
  const ws = await opened(host, '/ws/echo/a%2Fb', {
    headers: { cookie: 'who=alice', origin: `http://127.0.0.1:${host.port}` },
  });
  const answered = once(ws, 'message') as Promise<[Buffer]>;
  ws.send('hello?');
  const [hello] = await answered;
  assert.equal(hello.toString(), 'hello a/b');
  ws.close();
  await closeOf(ws);
});

test('[RT21] limits refuse before the upgrade, and a place is free again', deadline, async () => {
  await using host = await HostBench.start({
    sockets: [echo()],
    limits: { echo: { total: 2, perUser: 1 }, sockets: { total: 10 } },
  });
  const ws = await opened(host);
  const { refused } = await host.upgrade('/ws/echo/x', { headers: alice });
  assert.equal(refused?.code, 429);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  const bob = await opened(host, '/ws/echo/x', { headers: { authorization: 'Bearer bob' } });
  const third = await host.upgrade('/ws/echo/x', { headers: { authorization: 'Bearer carol' } });
  assert.equal(third.refused?.code, 429);
  assert.equal(host.limits.held('sockets'), 2);
  for (const one of [ws, bob]) one.close();
  await Promise.all([ws, bob].map(closeOf));
  while (host.limits.held('echo') > 0) await new Promise(setImmediate);
  const again = await opened(host);
  again.terminate();
});

test('[RT22] the best subprotocol is chosen, the token is not echoed', deadline, async () => {
  let seen: SocketUpgrade | undefined;
  const route = echo();
  await using host = await HostBench.start({
    sockets: [
      {
        ...route,
        accept: (upgrade, params) => {
          seen = upgrade;
          return route.accept(upgrade, params);
        },
      },
    ],
  });
  const bearer = 'base64url.bearer.authorization.k8s.io.YWxpY2U';
  const ws = await opened(host, '/ws/echo/x?a=1&ticket=alice', {
    protocols: [bearer, 'v1.krateyard', 'v2.krateyard'],
  });
  assert.equal(ws.protocol, 'v2.krateyard');
  assert.equal(seen?.url.search, '?a=1');
  assert.equal(seen.authentication.principal.username, 'alice');
  ws.terminate();
});

test(
  '[RT22] a token alone is refused with a reason; beside it `krateyard` is always served',
  deadline,
  async () => {
    const { protocols: _, ...plain } = echo({ path: '/ws/plain' });
    await using host = await HostBench.start({ sockets: [plain, echo()] });
    const bearer = 'base64url.bearer.authorization.k8s.io.YWxpY2U';
    for (const path of ['/ws/plain', '/ws/echo/x']) {
      const { refused } = await host.upgrade(`${path}?ticket=alice`, { protocols: [bearer] });
      assert.equal(refused?.code, 400);
      assert.match(refused.status.message, /krateyard/);
    }
    const ws = await opened(host, '/ws/plain?ticket=alice', { protocols: [bearer, 'krateyard'] });
    assert.equal(ws.protocol, 'krateyard');
    ws.terminate();
  },
);

test('[RT23] a frame that is too large closes the socket', deadline, async () => {
  await using host = await HostBench.start({ sockets: [echo()] });
  const ws = await opened(host);
  const closed = closeOf(ws);
  ws.send('x'.repeat(65));
  assert.equal((await closed).code, 1009);
  const other = await opened(host);
  const echoed = once(other, 'message');
  other.send('fits');
  await echoed;
  other.terminate();
});

test('[RT23] garbage on the connection closes it and nothing else', deadline, async () => {
  await using host = await HostBench.start({ sockets: [echo()] });
  const raw = connect(host.port, '127.0.0.1');
  raw.on('error', () => {});
  raw.write(HANDSHAKE);
  await once(raw, 'data');
  raw.write(Buffer.alloc(4_096, 0xff));
  await once(raw.resume(), 'close');
  (await opened(host)).terminate();
});

test(
  '[RT24] a client that goes away during the handshake aborts it and leaves nothing',
  deadline,
  async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const slow = echo({
      accept: ({ signal }) => {
        asked.resolve(signal);
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('gone'))),
        );
      },
    });
    await using host = await HostBench.start({ sockets: [slow] });
    const raw = connect(host.port, '127.0.0.1');
    raw.write(HANDSHAKE);
    const signal = await asked.promise;
    assert.equal(host.limits.held('echo'), 1);
    const aborted = once(signal, 'abort');
    raw.destroy();
    await aborted;
    while (host.limits.held('echo') > 0) await new Promise(setImmediate);
    assert.equal(host.upgrades.openSockets, 0);
  },
);

test('[RT24] frames that come before the answer are not lost', deadline, async () => {
  const route = echo();
  const asked = Promise.withResolvers<void>();
  const decide = Promise.withResolvers<void>();
  await using host = await HostBench.start({
    sockets: [
      {
        ...route,
        accept: async (upgrade, params) => {
          asked.resolve();
          await decide.promise;
          return route.accept(upgrade, params);
        },
      },
    ],
  });
  const raw = connect(host.port, '127.0.0.1');
  raw.write(HANDSHAKE);
  await asked.promise;
  // A masked text frame of two bytes, `hi`, with a mask of zeros.
  raw.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]), () => decide.resolve());
  let seen = '';
  for await (const chunk of raw) {
    seen += (chunk as Buffer).toString('latin1');
    if (seen.includes('hello x')) break;
  }
  assert.match(seen, /hello x/);
  raw.destroy();
});

test('[RT25] a handshake that takes too long is refused', deadline, async () => {
  const never = echo({ accept: () => new Promise(() => {}) });
  await using host = await HostBench.start({ sockets: [never], handshakeMs: 50 });
  const { refused } = await host.upgrade('/ws/echo/x', { headers: alice });
  assert.equal(refused?.code, 504);
  assert.equal(host.limits.held('echo'), 0);
});

test('[RT26] a lost proof closes the socket, unless the route watches it', deadline, async () => {
  await using host = await HostBench.start({
    sockets: [echo(), echo({ path: '/ws/own', watchesCredential: true })],
  });
  const ws = await opened(host);
  const own = await opened(host, '/ws/own');
  const closed = closeOf(ws);
  host.lost.add('alice');
  assert.equal((await closed).code, 4501);
  const echoed = once(own, 'message');
  own.send('still here');
  await echoed;
  own.terminate();
});

test('[RT29] a route has the last word before its sockets close', deadline, async () => {
  const sockets = new Set<WebSocket>();
  const route = echo();
  await using host = await HostBench.start({
    sockets: [
      {
        ...route,
        accept: async (upgrade, params) => {
          const session = (await route.accept(upgrade, params)) as SocketSession;
          return (socket) => {
            sockets.add(socket.ws);
            return session(socket);
          };
        },
        drain: () => sockets.forEach((ws) => ws.send('goodbye')),
      },
    ],
  });
  const ws = await opened(host);
  const words: string[] = [];
  ws.on('message', (message: Buffer) => words.push(message.toString()));
  const closed = closeOf(ws);
  const drained = host.upgrades.drain(5_000);
  assert.equal((await closed).code, 4001);
  assert.equal(words.at(-1), 'goodbye');
  await drained;
});

test('[RT27] draining tells sockets to come back later, refuses newcomers and ends', deadline, async () => {
  await using host = await HostBench.start({ sockets: [echo()] });
  const ws = await opened(host);
  const deaf = await opened(host);
  // Reads nothing, so it never answers the close frame.
  deaf.pause();
  const closed = closeOf(ws);
  const drained = host.upgrades.drain(5_000);
  assert.deepEqual(await closed, {
    code: 4001,
    reason: 'The gateway is stopping; reconnect to another or later.',
  });
  const { refused } = await host.upgrade('/ws/echo/x', { headers: alice });
  assert.equal(refused?.code, 503);
  assert.ok(refused.headers['retry-after']);
  await drained;
  assert.equal(host.upgrades.openSockets, 0);
  assert.equal(host.limits.held('sockets'), 0);
  deaf.terminate();
});

test('[RT28] a session that fails closes its socket and no other', deadline, async () => {
  const failing = echo({
    path: '/ws/failing',
    accept: () => Promise.resolve(() => Promise.reject(new Error('bug'))),
  });
  await using host = await HostBench.start({ sockets: [echo(), failing] });
  const other = await opened(host);
  const ws = await opened(host, '/ws/failing');
  assert.equal((await closeOf(ws)).code, 4000);
  const echoed = once(other, 'message');
  other.send('still here');
  await echoed;
  other.terminate();
});

/** `told`: what came, and what it was closed with, which does not end it. */
function silent(told: unknown[], route: Partial<SocketRoute> = {}): SocketRoute {
  const carry = (connection: Duplex): FrameCarrier => {
    connection.on('data', (bytes: Buffer) => told.push(bytes.toString('latin1')));
    connection.on('error', () => {}).once('end', () => connection.end());
    const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    return {
      close: (code, text) => told.push([code, text]),
      terminate: () => connection.destroy(),
      ended,
    };
  };
  return { ...echo(), accept: () => Promise.resolve({ carry }), ...route };
}

test('[RT30] who carries frames gets the connection, early bytes first', deadline, async () => {
  const told: unknown[] = [];
  await using host = await HostBench.start({ sockets: [silent(told)] });
  const raw = connect(host.port, '127.0.0.1');
  raw.write(HANDSHAKE + 'early');
  const [head] = (await once(raw, 'data')) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1.1 101 .*Sec-WebSocket-Accept: /s);
  raw.write(' and late');
  while (told.join('') !== 'early and late') await new Promise(setImmediate);
  assert.equal(host.limits.held('echo'), 1);
  raw.destroy();
  while (host.limits.held('echo') > 0) await new Promise(setImmediate);
  const protocols = ['v1.krateyard', 'v2.krateyard'];
  const ws = await opened(host, '/ws/echo/x', { headers: alice, protocols });
  assert.equal(ws.protocol, 'v2.krateyard');
  ws.terminate();
});

test('[RT30] who carries frames is told of a lost proof, and cut when draining', deadline, async () => {
  const [told, own]: [unknown[], unknown[]] = [[], []];
  await using host = await HostBench.start({
    sockets: [silent(told), silent(own, { path: '/ws/own', watchesCredential: true })],
  });
  const ws = await opened(host);
  await opened(host, '/ws/own');
  host.lost.add('alice');
  while (told.length === 0) await new Promise(setImmediate);
  assert.deepEqual(told, [[4501, 'The session has ended or its token is no longer valid; sign in again.']]);
  assert.deepEqual(own, []);
  const closed = closeOf(ws);
  await host.upgrades.drain(5_000);
  assert.equal((await closed).code, 1006);
  assert.deepEqual(own, [[4001, 'The gateway is stopping; reconnect to another or later.']]);
  assert.equal(host.upgrades.openSockets, 0);
});

test('[RT30] one that fails to begin is cut, and leaves its place', deadline, async () => {
  const carry = (): FrameCarrier => {
    throw new Error('nothing to carry it to');
  };
  await using host = await HostBench.start({
    sockets: [{ ...echo(), accept: () => Promise.resolve({ carry }) }],
  });
  const ws = await opened(host);
  assert.equal((await closeOf(ws)).code, 1006);
  assert.deepEqual([host.limits.held('echo'), host.upgrades.openSockets], [0, 0]);
});
