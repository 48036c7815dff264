import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { WebSocket, WebSocketServer } from 'ws';
import type { LiveWire, SocketLike, WireFrame } from './live-wire.ts';
import { SocketClient } from './socket-client.ts';
import type { SocketState } from './socket-state.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const wire: LiveWire<string, string> = {
  subscribe: (id, spec, resume) => `subscribe ${id} ${spec} ${resume ?? '-'}`,
  move: (id, spec) => `move ${id} ${spec}`,
  unsubscribe: (id) => `unsubscribe ${id}`,
  ping: () => 'ping',
  read: (text) => JSON.parse(text) as WireFrame<string>,
};

/** A server that only records and says what it is told to. */
async function startServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const heard: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (bytes: Buffer) => {
      heard.push(bytes.toString());
      for (const entry of waiting) if (heard.length >= entry.count) entry.resolve();
    });
  });
  closers.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    sockets,
    hears: (count: number) =>
      heard.length >= count
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push({ count, resolve })),
    say: (frame: WireFrame<string>) => sockets.at(-1)!.send(JSON.stringify(frame)),
  };
}

function clientOf(open: () => SocketLike, clock = new ManualClock()) {
  const client = new SocketClient<string, string>({ wire: () => wire, open, clock });
  closers.push(() => client.stop());
  return { client, clock };
}

const dial = (url: string): SocketLike => new WebSocket(url) as unknown as SocketLike;

/** Resolves once the client is in the phase. */
function phase<P extends SocketState['phase']>(
  client: SocketClient<string, string>,
  wanted: P,
): Promise<Extract<SocketState, { phase: P }>> {
  return new Promise((resolve) => {
    const check = (): void => {
      const state = client.state.get();
      if (state.phase !== wanted) return;
      unsubscribe();
      resolve(state as Extract<SocketState, { phase: P }>);
    };
    const unsubscribe = client.state.subscribe(check);
    check();
  });
}

test('[UI1] a new socket hears every subscription, with the last resume token', async () => {
  const server = await startServer();
  const { client, clock } = clientOf(() => dial(server.url));
  const got: string[] = [];
  const first = Promise.withResolvers<void>();
  client.subscribe('pods', {
    onMessage: (message) => {
      got.push(message);
      first.resolve();
    },
  });
  client.subscribe('nodes', { onMessage: () => {} });
  client.start();
  await server.hears(2);
  server.say({ ids: ['1'], resume: 'e:7', message: 'row' });
  await first.promise;
  server.sockets[0]!.close(4001);
  await phase(client, 'waiting');
  await clock.advance(400);
  await server.hears(4);
  assert.deepEqual(server.heard, [
    'subscribe 1 pods -',
    'subscribe 2 nodes -',
    'subscribe 1 pods e:7',
    'subscribe 2 nodes -',
  ]);
  assert.deepEqual(got, ['row']);
});

test('[UI1] a moved window forgets the resume token and is what the next socket hears', async () => {
  const server = await startServer();
  const { client, clock } = clientOf(() => dial(server.url));
  const subscription = client.subscribe('pods 0', { onMessage: () => subscription.move('pods 1') });
  client.start();
  await server.hears(1);
  server.say({ ids: ['1'], resume: 'e:7', message: 'row' });
  await server.hears(2);
  server.sockets[0]!.close(1012);
  const { reason } = await phase(client, 'waiting');
  assert.equal(reason, 'The gateway is restarting.');
  await clock.advance(400);
  await server.hears(3);
  assert.deepEqual(server.heard.slice(1), ['move 1 pods 1', 'subscribe 1 pods 1 -']);
});

/** A socket whose events the test makes. */
class Puppet implements SocketLike {
  readyState = 0;
  readonly sent: string[] = [];
  closed = false;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.({} as never);
  }
  says(frame: WireFrame<string>): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never);
  }
  async dies(code: number): Promise<void> {
    this.readyState = 3;
    this.onclose?.({ code } as never);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function puppets(clock = new ManualClock()) {
  const made: Puppet[] = [];
  const { client } = clientOf(() => {
    const puppet = new Puppet();
    made.push(puppet);
    return puppet;
  }, clock);
  return { client, clock, made, last: () => made.at(-1)! };
}

test('[UI2] delays double to 15 s with jitter in the upper half, and start over after a steady socket', async () => {
  const { client, clock, last } = puppets();
  client.start();
  const delays: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    await last().dies(1006);
    const state = client.state.get();
    assert.equal(state.phase, 'waiting');
    if (state.phase === 'waiting') delays.push(state.retryAt - clock.now());
    await clock.advance(delays.at(-1)!);
  }
  assert.deepEqual(delays, [300, 600, 1200, 2400, 4800, 9600, 11_250, 11_250]);
  last().opens();
  await clock.advance(10_001);
  last().says({ ids: [] });
  await last().dies(1006);
  const state = client.state.get();
  assert.equal(state.phase === 'waiting' && state.retryAt - clock.now(), 300);
});

test('[UI3] a close code that says so ends the client until start', async () => {
  for (const code of [4501, 4503, 1008, 1009]) {
    const { client, clock, made, last } = puppets();
    client.start();
    last().opens();
    await last().dies(code);
    assert.equal(client.state.get().phase, 'ended');
    await clock.advance(60_000);
    assert.equal(made.length, 1);
    client.start();
    assert.equal(client.state.get().phase, 'connecting');
  }
});

test('[UI4] a refused handshake asks whether the session is over', async () => {
  const made: Puppet[] = [];
  const answers: ('retry' | 'unauthenticated')[] = ['retry', 'unauthenticated'];
  const clock = new ManualClock();
  const client = new SocketClient<string, string>({
    wire: () => wire,
    clock,
    open: () => {
      made.push(new Puppet());
      return made.at(-1)!;
    },
    onRefused: async () => answers.shift()!,
  });
  closers.push(() => client.stop());
  client.start();
  await made[0]!.dies(1006);
  assert.equal(client.state.get().phase, 'waiting');
  await clock.advance(300);
  await made[1]!.dies(1006);
  const state = client.state.get();
  assert.deepEqual(state.phase === 'ended' && state.code, 4501);
});

test('[UI5] silence is answered by a ping, then by a new socket', async () => {
  const { client, clock, made, last } = puppets();
  client.start();
  last().opens();
  last().says({ ids: [], heartbeatMs: 5000 });
  last().says({ ids: [] });
  await clock.advance(5000);
  assert.deepEqual(last().sent, ['ping']);
  last().says({ ids: [] });
  await clock.advance(4999);
  assert.deepEqual(last().sent, ['ping']);
  await clock.advance(1);
  await clock.advance(10_000);
  assert.equal(client.state.get().phase, 'waiting');
  assert.ok(made[0]!.closed);
});

test('[UI5] a handshake that never ends is given up after 10 s', async () => {
  const { client, clock, made } = puppets();
  client.start();
  await clock.advance(10_000);
  assert.equal(client.state.get().phase, 'waiting');
  assert.ok(made[0]!.closed);
});

test('[UI6] waking retries what waits and probes what seems open', async () => {
  const { client, clock, made, last } = puppets();
  client.start();
  await last().dies(1006);
  client.wake();
  assert.equal(made.length, 2);
  last().opens();
  client.wake();
  assert.deepEqual(last().sent, ['ping']);
  await clock.advance(2999);
  assert.equal(client.state.get().phase, 'open');
  await clock.advance(1);
  assert.equal(client.state.get().phase, 'waiting');
});

test('[UI7] from loss to return every state says since when', async () => {
  const { client, clock, last } = puppets();
  const told: (number | undefined)[] = [];
  client.state.subscribe(() => {
    const state = client.state.get();
    if (state.phase === 'waiting' || state.phase === 'connecting') told.push(state.downSince);
  });
  client.start();
  last().opens();
  const lostAt = clock.now();
  await last().dies(1006);
  await clock.advance(300);
  await last().dies(1006);
  await clock.advance(600);
  assert.deepEqual(told, [undefined, lostAt, lostAt, lostAt, lostAt]);
  last().opens();
  assert.equal(client.state.get().phase, 'open');
});

test('[UI8] stop leaves no timer and no socket; start brings the subscriptions back', async () => {
  const { client, clock, made, last } = puppets();
  client.subscribe('pods', { onMessage: () => {} });
  client.start();
  last().opens();
  client.stop();
  assert.equal(clock.pending, 0);
  assert.ok(made[0]!.closed);
  client.start();
  last().opens();
  assert.deepEqual(last().sent, ['subscribe 1 pods -']);
  await last().dies(1006);
  client.stop();
  assert.equal(clock.pending, 0);
});

test('[UI9] what the server ended is not asked for again, and closed subscriptions hear nothing', async () => {
  const { client, clock, last } = puppets();
  const heard: string[] = [];
  client.subscribe('secrets', { onMessage: (message) => heard.push(message) });
  const closed = client.subscribe('pods', { onMessage: (message) => heard.push(message) });
  client.start();
  last().opens();
  last().says({ ids: ['1'], ended: true, message: 'forbidden' });
  closed.close();
  last().says({ ids: ['1', '2'], message: 'late' });
  await last().dies(1006);
  await clock.advance(400);
  last().opens();
  assert.deepEqual(heard, ['forbidden']);
  assert.deepEqual(last().sent, []);
});

test('[UF7] a topic is followed on every new socket, by all who listen, until the last one stops', async () => {
  const server = await startServer();
  const withTopics = { ...wire, topic: (name: string, on: boolean) => `topic ${name} ${on}` };
  const client = new SocketClient<string, string>({
    wire: () => withTopics,
    open: () => dial(server.url),
    clock: new ManualClock(),
  });
  closers.push(() => client.stop());
  const news: unknown[] = [];
  const stop = client.follow('tasks', (told) => news.push(told));
  const second = client.follow('tasks', () => {});
  client.start();
  await server.hears(1);
  assert.deepEqual(server.heard, ['topic tasks true']);
  client.stop();
  client.start();
  await server.hears(2);
  assert.deepEqual(server.heard, ['topic tasks true', 'topic tasks true']);
  server.say({ ids: [], topic: 'other', news: 1 });
  server.say({ ids: [], topic: 'tasks', news: 2 });
  server.say({ ids: [], topic: 'tasks', news: 3 });
  stop();
  second();
  await server.hears(3);
  assert.equal(server.heard[2], 'topic tasks false');
});
