import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { encodeFrame } from '@krateyard/hub/frame';
import type { HubSession } from '@krateyard/hub/hub-session';
import { Hub } from '@krateyard/hub/hub';
import type { HubTopic } from '@krateyard/hub/hub-topic';
import type { StateSource } from '@krateyard/hub/topic';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { ROUND, UPDATE_BYTES, type FromServer, type Mode, type ToServer } from './protocol.ts';

/** Ticks as soon as the event loop turns: one message an update, as the other two modes do. */
const eager: Clock = {
  ...systemClock,
  after: (_delayMs, run) => {
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  },
};

const hub = new Hub<null>({ clock: eager, tickMs: 0, pingMs: 1e9 });
const sockets: { ws: WebSocket; raw: Duplex }[] = [];
let sessions: HubSession<null>[] | undefined;
let update = newUpdate(0);

const source: StateSource = {
  snapshot: () => [],
  synced: () => Buffer.from('{}'),
  delta: () => Buffer.from(JSON.stringify(update)),
  catchUp: () => Buffer.from(JSON.stringify(update)),
};

let topic: HubTopic | undefined;
let sentBytes = 0;
let receivedBytes = 0;
let onReceived = (): void => {};

const server = createServer();
const upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, raw, head) => {
  upgrader.handleUpgrade(request, raw, head, (ws) => sockets.push({ ws, raw }));
});
server.listen(0, '127.0.0.1', () => tell({ is: 'listening', port: (server.address() as AddressInfo).port }));

process.on('message', (message: ToServer) => {
  if (message.do === 'received') {
    receivedBytes = message.bytes;
    onReceived();
  } else if (message.do === 'measure') void measure(message.mode, message.rounds);
  else process.exit(0);
});

async function measure(mode: Mode, rounds: number): Promise<void> {
  const broadcast = createBroadcast(mode);
  await round(broadcast);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let count = 0; count < rounds; count += 1) await round(broadcast);
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  if (mode === 'ours') topic?.end();
  tell({ is: 'measured', mode, wallMs, cpuMs: (user + system) / 1000, updates: rounds * ROUND });
}

async function round(broadcast: () => Promise<number>): Promise<void> {
  for (let count = 0; count < ROUND; count += 1) sentBytes += (await broadcast()) * sockets.length;
  await new Promise<void>((resolve) => {
    onReceived = () => {
      if (receivedBytes >= sentBytes) resolve();
    };
    onReceived();
  });
}

/** Tells one update to everybody and resolves with the bytes that one socket got. */
function createBroadcast(mode: Mode): () => Promise<number> {
  let count = 0;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  if (mode === 'raw') {
    const { bytes } = encodeFrame(Buffer.from(JSON.stringify(update)));
    return async () => {
      for (const { raw } of sockets) raw.write(bytes);
      await turn();
      return bytes.length;
    };
  }
  if (mode === 'naive') {
    return async () => {
      update = newUpdate((count += 1));
      for (const { ws } of sockets) ws.send(JSON.stringify(update));
      await turn();
      return frameBytes();
    };
  }
  const current = hub.openTopic(source);
  topic = current;
  sessions ??= sockets.map((socket) => hub.attach(socket, null));
  for (const session of sessions) session.follow(current);
  let synced = false;
  return async () => {
    if (!synced) {
      await turn();
      await turn();
      sentBytes += encodeFrame(Buffer.from('{}')).bytes.length * sockets.length;
      synced = true;
    }
    update = newUpdate((count += 1));
    current.changed(['key']);
    await turn();
    return frameBytes();
  };
}

function frameBytes(): number {
  return encodeFrame(Buffer.from(JSON.stringify(update))).bytes.length;
}

function newUpdate(count: number): object {
  const object = {
    op: 'modified',
    key: 'ns/name',
    object: { count: String(count).padStart(8, '0'), fill: '' },
  };
  object.object.fill = 'x'.repeat(UPDATE_BYTES - JSON.stringify(object).length);
  return object;
}

function tell(message: FromServer): void {
  process.send?.(message);
}
