import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { EventFeed, FEED_BOUNDS } from '@krateyard/vms/server/event-feed';
import type { EventSource } from '@krateyard/vms/server/event-source';
import { pause } from '../streams/figures.ts';
import { ROUND, UPDATE_BYTES, type FromServer, type ToServer } from '../fanout/protocol.ts';

/** As the hub's measurement: the tick is the next turn of the event loop. */
const eager: Clock = {
  ...systemClock,
  after: (_delayMs, run) => {
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  },
};
const EAGER = {
  clock: eager,
  tickMs: 0,
  highWaterBytes: 1e9,
  slowMs: 1e9,
  journalLength: 4096,
  tellsTokens: false,
};
/** In time, as the gateway's own, or as fast as it goes. */
const OPTIONS = process.argv.includes('timed')
  ? { ...FEED_BOUNDS, clock: systemClock, tellsTokens: false }
  : EAGER;
const STEP_MS = 10;

const MACHINES = 500;
const machines = Array.from(
  { length: MACHINES },
  (_, index) => `n/machine-${String(index).padStart(4, '0')}`,
);
const json = new Map(machines.map((key) => [key, wordsOf(key, 0)]));
const sockets: WebSocket[] = [];
let feeds: EventFeed[] | undefined;
let [sentBytes, sentFrames, receivedBytes, at, version] = [0, 0, 0, 0, 0];
let onReceived = (): void => {};

/** What all clients see; each has its own feed of it. */
const source: EventSource = {
  resource: 'vm',
  keys: () => machines,
  json: (key) => json.get(key),
  [Symbol.dispose]: () => {},
};

const server = createServer();
const upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, raw, head) => {
  upgrader.handleUpgrade(request, raw, head, (ws) => sockets.push(ws));
});
server.listen(0, '127.0.0.1', () => tell({ is: 'listening', port: (server.address() as AddressInfo).port }));

process.on('message', (message: ToServer) => {
  if (message.do === 'received') {
    receivedBytes = message.bytes;
    onReceived();
  } else if (message.do === 'measure') void measure(message.rounds);
  else if (message.do === 'storm') void storm(message.changesPerSecond, message.seconds);
  else process.exit(0);
});

async function measure(rounds: number): Promise<void> {
  if (!feeds) await begin();
  await round();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let count = 0; count < rounds; count += 1) await round();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  tell({ is: 'measured', mode: 'ours', wallMs, cpuMs: (user + system) / 1000, updates: rounds * ROUND });
}

/** Everybody is told all there is, a few at a time; what comes after is measured. */
async function begin(): Promise<void> {
  feeds = [];
  for (const ws of sockets) {
    const feed = new EventFeed(counting(ws), OPTIONS);
    feed.add(source);
    feeds.push(feed);
    await new Promise((resolve) => setImmediate(resolve));
    await arrived(4_000_000);
  }
  while (sentFrames < sockets.length * MACHINES) await pause(STEP_MS);
  await arrived(0);
}

/** So many changes a second, whoever keeps up: what a feed cannot tell in time it tells as one. */
async function storm(changesPerSecond: number, seconds: number): Promise<void> {
  await begin();
  const [cpu, start, framesBefore] = [process.cpuUsage(), performance.now(), sentFrames];
  for (let made = 0; made < changesPerSecond * seconds;) {
    await pause(STEP_MS);
    const due = Math.min(seconds, (performance.now() - start) / 1000) * changesPerSecond;
    for (; made + 1 <= due; made += 1) change();
  }
  const stormMs = performance.now() - start;
  await quiet();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const deliveries = sentFrames - framesBefore;
  tell({
    is: 'stormed',
    wallMs,
    cpuMs: (user + system) / 1000,
    deliveries,
    behindMs: wallMs - stormMs,
  });
}

/** Until everything has been told and has come. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== sentFrames;) {
    before = sentFrames;
    await arrived(0);
    await pause(3 * FEED_BOUNDS.tickMs);
  }
}

function change(): void {
  const key = machines[at]!;
  at = (at + 1) % MACHINES;
  json.set(key, wordsOf(key, (version += 1)));
  for (const feed of feeds!) feed.changed('vm', [key]);
}

/** Some machines have changed, and everybody is told. */
async function round(): Promise<void> {
  for (let count = 0; count < ROUND; count += 1) change();
  await new Promise((resolve) => setImmediate(resolve));
  await arrived(0);
}

function arrived(mayLackBytes: number): Promise<void> {
  return new Promise((resolve) => {
    onReceived = () => {
      if (receivedBytes + mayLackBytes >= sentBytes) resolve();
    };
    onReceived();
  });
}

/** Of a frame from the server: two bytes of header, four from 126 bytes on, ten from 64 KiB on. */
function counting(ws: WebSocket): WebSocket {
  const send = ws.send.bind(ws);
  ws.send = (text: unknown) => {
    const bytes = Buffer.byteLength(String(text));
    sentFrames += 1;
    sentBytes += bytes + (bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10);
    send(String(text));
  };
  return ws;
}

function wordsOf(key: string, round: number): string {
  const object = { name: key.slice(2), round: String(round).padStart(9, '0'), fill: '' };
  // The envelope takes some ninety bytes of a message as long as the hub's.
  object.fill = 'x'.repeat(UPDATE_BYTES - 90 - JSON.stringify(object).length);
  return JSON.stringify(object);
}

function tell(message: FromServer): void {
  process.send?.(message);
}
