import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { WebSocket, WebSocketServer } from 'ws';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { SocketLike } from '@krateyard/ui/live/live-wire';
import { MachineFeed } from './machine-feed.ts';
import { machinesTruth } from './use-machines.ts';

/** The first retry comes sooner; a handshake may take longer. */
const RETRY_MS = 400;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A gateway that accepts, or refuses with `status`; keeps what it was asked. */
async function startGateway() {
  const asked: string[] = [];
  const pings = new EventEmitter();
  const heard: string[] = [];
  const state: { refuse: boolean } = { refuse: false };
  const http: Server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    asked.push(request.url ?? '');
    if (state.refuse) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('message', (bytes: Buffer) => {
        heard.push(bytes.toString());
        pings.emit('ping');
      });
      sockets.emit('connection', ws);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  closers.push(() => {
    for (const ws of sockets.clients) ws.terminate();
    http.close();
  });
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const hears = async (wanted: number): Promise<void> => {
    while (heard.filter((text) => text === '{"type":"ping"}').length < wanted) await once(pings, 'ping');
  };
  return { asked, hears, state, url, sockets };
}

function feedOf(url: string, status: () => LiveStatus | undefined = () => undefined) {
  const clock = new ManualClock();
  const feed = new MachineFeed({
    namespaces: ['a', 'b'],
    clock,
    open: (path) => new WebSocket(`${url}${path}`) as unknown as SocketLike,
    ask: () => Promise.resolve(status()),
    schedule: (run) => run(),
  });
  closers.push(() => feed.close());
  return { feed, clock };
}

function until(feed: MachineFeed, what: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (what()) resolve();
  };
  closers.push(feed.view.subscribe(look), feed.socket.subscribe(look));
  look();
  return promise;
}

const machine = (name: string) =>
  JSON.stringify({
    type: 'update',
    resource: 'vm',
    action: 'ADDED',
    data: { namespace: 'a', name },
    timestamp: 1,
  });
const SYNCED = JSON.stringify({ type: 'synced', timestamp: 1 });
const LIVE = JSON.stringify({
  type: 'freshness',
  state: 'live',
  observedAt: '2026-01-01T00:00:00Z',
  lagMs: 0,
  timestamp: 1,
});

test('[VP1] the feed asks for its namespaces with freshness, and is live when all has been told', async () => {
  const { asked, url, sockets } = await startGateway();
  const connected = once(sockets, 'connection') as Promise<[WebSocket]>;
  const { feed } = feedOf(url);
  const [ws] = await connected;
  assert.equal(asked[0], '/api/ws?namespace=a%2Cb&resource=vm,snapshot,restore&freshness=true&resume=');
  for (const text of [machine('one'), 'no json', SYNCED, LIVE]) ws.send(text);
  await until(feed, () => machinesTruth(feed.socket.get(), feed.view.get()).state === 'live');
  assert.deepEqual([...feed.view.get().machines.keys()], ['a/one']);
});

test('[VP1] a lost connection keeps what was known, says so, and what has gone meanwhile goes', async () => {
  const { url, sockets } = await startGateway();
  const connected = once(sockets, 'connection') as Promise<[WebSocket]>;
  const { feed, clock } = feedOf(url);
  const [ws] = await connected;
  for (const text of [machine('one'), machine('two'), SYNCED, LIVE]) ws.send(text);
  await until(feed, () => feed.view.get().phase === 'ready');
  ws.terminate();
  await until(feed, () => feed.socket.get().phase === 'waiting');
  assert.equal(machinesTruth(feed.socket.get(), feed.view.get()).state, 'disconnected');
  assert.equal(feed.view.get().machines.size, 2);
  const again = once(sockets, 'connection') as Promise<[WebSocket]>;
  await clock.advance(RETRY_MS);
  const [next] = await again;
  for (const text of [machine('two'), SYNCED, LIVE]) next.send(text);
  await until(feed, () => feed.view.get().machines.size === 1);
  assert.deepEqual([...feed.view.get().machines.keys()], ['a/two']);
});

test('[VP2] why a socket is refused is asked of REST and said, and it is tried again', async () => {
  const { url, state, sockets } = await startGateway();
  state.refuse = true;
  const forbidden: LiveStatus = { message: 'no', reason: 'Forbidden', code: 403 };
  const { feed, clock } = feedOf(url, () => (state.refuse ? forbidden : undefined));
  await until(feed, () => feed.view.get().phase === 'failed' && feed.socket.get().phase === 'waiting');
  assert.deepEqual(machinesTruth(feed.socket.get(), feed.view.get()), { state: 'failed', status: forbidden });
  state.refuse = false;
  const connected = once(sockets, 'connection') as Promise<[WebSocket]>;
  await clock.advance(RETRY_MS);
  const [ws] = await connected;
  for (const text of [SYNCED, LIVE]) ws.send(text);
  await until(feed, () => machinesTruth(feed.socket.get(), feed.view.get()).state === 'live');
});

test('[VP1] silence is answered by a ping; a feed that is closed leaves nothing', async () => {
  const { url, hears, sockets } = await startGateway();
  const connected = once(sockets, 'connection') as Promise<[WebSocket]>;
  const { feed, clock } = feedOf(url);
  const [ws] = await connected;
  ws.send(SYNCED);
  await until(feed, () => feed.view.get().phase === 'ready');
  await hears(1);
  await clock.advance(25_000);
  await hears(2);
  const closed = once(ws, 'close');
  feed.close();
  await closed;
  assert.equal(clock.pending, 0);
});
