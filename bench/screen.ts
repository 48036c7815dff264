import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { connectRfb } from '@krateyard/rfb/connect-rfb';
import { PaintedScreen } from '@krateyard/rfb/painted-screen';
import type { RfbUpstream } from '@krateyard/rfb/rfb-upstream';
import { socketLink } from '@krateyard/rfb/socket-link';
import { webSocketLink } from '@krateyard/rfb/websocket-link';
import { systemClock } from '@krateyard/telemetry/clock';
import { silentLogger } from '@krateyard/telemetry/logger';
import { Child } from './screen/child.ts';
import { RawReader } from './screen/raw-reader.ts';
import { startQemu } from './screen/qemu.ts';
import { startWebsockify, type Websockify } from './screen/websockify.ts';
import { judged, MB, median, pause, quantile } from './streams/figures.ts';
import { cpuMs, groupCpuMs, rssBytes } from './streams/proc.ts';

const FLOOD_MS = 2_000;
const REPEATS = 3;
const KEYS = 400;
const MOVES = 200_000;
const STALLED_MS = 10_000;
const VIEWERS = 10;
const WATCH_MS = 10_000;
/** 16 MiB, and the link and the tiles of one viewer. */
const SHARED_TILES_MB = 18;

/** Screens: the pass-through beside websockify, and one connection to a machine shared by ten viewers. */
export async function run(): Promise<void> {
  const source = await Child.start('source.ts');
  const served = await Child.start('source.ts', 33, 'websocket');
  const relay = await Child.start('relay-child.ts', served.port);
  const pipe = await Child.start('pipe-child.ts', source.port);
  const websockify = await startWebsockify(source.port);
  if (typeof websockify === 'string') console.log(`without websockify: ${websockify}`);
  console.log(
    'websockify’s source speaks TCP, as QEMU does; that of our pass-through WebSockets, as KubeVirt does: each is beside what it is made for',
  );
  try {
    const direct = {
      port: source.port,
      webSocket: false,
      cpuMs: () => cpuMs(source.pid) + cpuMs(process.pid),
    };
    const peers = {
      relay: { port: relay.port, webSocket: true, cpuMs: () => cpuMs(relay.pid) },
      ...(typeof websockify === 'string' ? {} : { websockify: peerOf(websockify) }),
    };
    await throughput({
      direct,
      pipe: { port: pipe.port, webSocket: false, cpuMs: () => cpuMs(pipe.pid) },
      ...peers,
    });
    await pipe.close();
    await echo({ direct, ...peers });
    await inputs({ direct, ...peers });
    await qemuFrames();
    await stalledRelay(relay);
    await fanOut(source);
  } finally {
    if (typeof websockify !== 'string') websockify.close();
    await Promise.all([relay, pipe, served, source].map((child) => child.close()));
  }
}

interface Peer {
  readonly port: number;
  readonly webSocket: boolean;
  /** Of what stands between, so far; of source and reader where nothing does. */
  readonly cpuMs: () => number;
}

type Peers = Readonly<Record<string, Peer>>;

const peerOf = ({ port, pid }: Websockify): Peer => ({ port, webSocket: true, cpuMs: () => groupCpuMs(pid) });

interface Flood {
  readonly rate: number;
  readonly msPerMb: number;
}

/** One viewer that takes all it can get, through one and the other in turn. A machine that has other work shows less of all. */
async function throughput(peers: Peers): Promise<void> {
  const floods: Record<string, Flood[]> = {};
  for (let repeat = 0; repeat < REPEATS; repeat += 1)
    for (const [name, peer] of Object.entries(peers)) (floods[name] ??= []).push(await flood(peer));
  const rate = (name: string): number => median(floods[name]!.map((one) => one.rate));
  const cost = (name: string): number => median(floods[name]!.map((one) => one.msPerMb));
  for (const name of Object.keys(peers)) {
    const whose = name === 'direct' ? 'to write it once and to read it once' : 'of its own';
    console.log(
      `raw frames to one viewer, ${name}: ${rate(name).toFixed(0)} MB/s, ${cost(name).toFixed(2)} ms of CPU a MB ${whose}`,
    );
  }
  const ratio = (of: (name: string) => number, first: string, second: string): string =>
    `${(of(first) / of(second)).toFixed(2)} ×`;
  console.log(
    `relay ÷ Node’s bare pipe: ${ratio(rate, 'relay', 'pipe')} its MB/s, ${ratio(cost, 'pipe', 'relay')} by CPU`,
  );
  if (!peers['websockify']) return;
  judged('MB/s, relay ÷ websockify', rate('relay') / rate('websockify'), '×', { least: 5 });
  judged('MB a second of CPU, relay ÷ websockify', cost('websockify') / cost('relay'), '×', { least: 5 });
  console.log(
    `as far as it goes on this machine: ${ratio(cost, 'websockify', 'direct')} by CPU, for a relay that does nothing but to have the system read and write; ` +
      `${ratio(rate, 'direct', 'websockify')} the MB/s, with nothing between source and reader`,
  );
}

async function flood(peer: Peer): Promise<Flood> {
  const reader = await RawReader.open(peer.port, peer.webSocket);
  reader.ask(65_535);
  await pause(500);
  const [from, cpuFrom, startedAt] = [reader.received, peer.cpuMs(), performance.now()];
  await pause(FLOOD_MS);
  const [bytes, cpu] = [reader.received - from, peer.cpuMs() - cpuFrom];
  const seconds = (performance.now() - startedAt) / 1000;
  reader.close();
  await pause(300);
  return { rate: bytes / MB / seconds, msPerMb: cpu / (bytes / MB) };
}

/** Whole frames of QEMU's own screen, as many as it paints. */
async function qemuFrames(): Promise<void> {
  const qemu = await startQemu();
  if (!qemu) return console.log('without QEMU: it is not installed');
  const relay = await Child.start('relay-child.ts', qemu.webSocketPort);
  const websockify = await startWebsockify(qemu.port);
  try {
    const peers: Peers = {
      relay: { port: relay.port, webSocket: true, cpuMs: () => cpuMs(relay.pid) },
      ...(typeof websockify === 'string' ? {} : { websockify: peerOf(websockify) }),
    };
    const costs: Record<string, number> = {};
    for (const [name, peer] of Object.entries(peers)) {
      const { rate, msPerMb } = await painted(peer);
      costs[name] = msPerMb;
      console.log(
        `QEMU’s frames to one viewer, ${name} (${name === 'relay' ? 'over QEMU’s own WebSockets' : 'over its TCP'}): ${rate.toFixed(1)} MB/s as QEMU paints, ${msPerMb.toFixed(2)} ms of CPU a MB`,
      );
    }
    if (costs['websockify'])
      console.log(`by CPU, relay ÷ websockify: ${(costs['websockify'] / costs['relay']!).toFixed(2)} ×`);
  } finally {
    if (typeof websockify !== 'string') websockify.close();
    await relay.close();
    qemu.close();
  }
}

async function painted(peer: Peer): Promise<Flood> {
  const reader = await RawReader.open(peer.port, peer.webSocket);
  const [from, cpuFrom, startedAt] = [reader.received, peer.cpuMs(), performance.now()];
  while (performance.now() - startedAt < FLOOD_MS) {
    const before = reader.received;
    reader.ask(0xffff, { whole: true });
    await reader.more(before);
    await pause(5);
  }
  const [bytes, cpu] = [reader.received - from, peer.cpuMs() - cpuFrom];
  const seconds = (performance.now() - startedAt) / 1000;
  reader.close();
  await pause(300);
  return { rate: bytes / MB / seconds, msPerMb: cpu / (bytes / MB) };
}

/** A key and the pixel that it changes, one after the other, all peers in turn. */
async function echo(peers: Peers): Promise<void> {
  const readers: Record<string, RawReader> = {};
  for (const [name, { port, webSocket }] of Object.entries(peers))
    readers[name] = await RawReader.open(port, webSocket);
  const times: Record<string, number[]> = {};
  const key = Buffer.from([4, 1, 0, 0, 0, 0, 0, 97]);
  for (let count = 0; count < KEYS; count += 1)
    for (const [name, reader] of Object.entries(readers)) {
      const before = reader.received;
      const startedAt = performance.now();
      reader.send(key);
      reader.ask(1280);
      await reader.more(before);
      if (count >= 50) (times[name] ??= []).push(performance.now() - startedAt);
      // What came with the clock's own frame.
      await pause(2);
    }
  for (const reader of Object.values(readers)) reader.close();
  for (const [name, values] of Object.entries(times)) {
    const [p50, p99] = [median(values), quantile(values, 0.99)];
    console.log(`a key’s pixel, ${name}: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
  }
  judged('added by the relay, p50', median(times['relay']!) - median(times['direct']!), 'ms', { most: 1 });
}

/** Moves of a pointer, each a frame of its own, and a key behind them whose pixel comes back when all were heard. */
async function inputs(peers: Peers): Promise<void> {
  const rates: Record<string, number> = {};
  const costs: Record<string, number> = {};
  for (const [name, { port, webSocket, cpuMs: spent }] of Object.entries(peers)) {
    const reader = await RawReader.open(port, webSocket);
    const [startedAt, cpuFrom] = [performance.now(), spent()];
    await reader.sendMany(Buffer.from([5, 0, 0, 9, 0, 9]), MOVES);
    const before = reader.received;
    reader.send(Buffer.from([4, 1, 0, 0, 0, 0, 0, 97]));
    reader.ask(1280);
    await reader.more(before);
    rates[name] = MOVES / ((performance.now() - startedAt) / 1000);
    costs[name] = ((spent() - cpuFrom) * 1000) / MOVES;
    console.log(
      `moves of the pointer, ${name}: ${(rates[name] / 1000).toFixed(0)} thousand/s, ${costs[name].toFixed(2)} µs of CPU each`,
    );
    reader.close();
  }
  if (!rates['websockify']) return;
  judged(
    'moves of the pointer a second of CPU, relay ÷ websockify',
    costs['websockify']! / costs['relay']!,
    '×',
    { least: 5 },
  );
  judged('moves of the pointer, relay ÷ websockify', rates['relay']! / rates['websockify'], '×', {
    least: 5,
  });
}

async function stalledRelay(relay: Child): Promise<void> {
  const reader = await RawReader.open(relay.port, true);
  reader.ask(65_535);
  await pause(500);
  reader.pause();
  await pause(1_000);
  const before = rssBytes(relay.pid);
  await pause(STALLED_MS);
  judged('relay, one stalled reader: memory grown in 10 s', (rssBytes(relay.pid) - before) / MB, 'MB', {
    most: 8,
  });
  reader.close();
}

interface Watcher {
  readonly upstream: RfbUpstream;
  readonly screen: PaintedScreen;
  frames: number;
}

const needs = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };

async function watch(link: Parameters<typeof connectRfb>[0], requestEveryMs: number): Promise<Watcher> {
  const screen = new PaintedScreen();
  const watcher = {
    upstream: await connectRfb(link, { ...needs, screen, requestEveryMs }),
    screen,
    frames: 0,
  };
  screen.observe({ onFrame: () => (watcher.frames += 1) });
  return watcher;
}

async function watchShared(fan: Child): Promise<Watcher> {
  const ws = new WebSocket(`ws://127.0.0.1:${fan.port}`, { perMessageDeflate: false });
  const link = webSocketLink(ws);
  await once(ws, 'open');
  return watch(link, 1);
}

async function fanOut(source: Child): Promise<void> {
  const connections = await source.count();
  const fan = await Child.start('fan-child.ts', source.port);
  const watchers: Watcher[] = [];
  try {
    for (let count = 0; count < VIEWERS; count += 1) watchers.push(await watchShared(fan));
    judged(`connections to the machine, ${VIEWERS} viewers`, (await source.count()) - connections, '', {
      most: 1,
    });
    await watched(fan, watchers, `${VIEWERS} viewers`);
    const stalled = await RawReader.open(fan.port, true);
    stalled.ask(1280);
    stalled.pause();
    for (let count = 0; count < 20_000; count += 1) stalled.ask(1280);
    await pause(1_000);
    const [before, held] = [rssBytes(fan.pid), await fan.count()];
    await watched(fan, watchers, `${VIEWERS} viewers and one that is stalled`);
    judged(
      'shared, one stalled reader: held more after 10 s, the 16 MiB of tiles that all share (RF10) included',
      ((await fan.count()) - held) / MB,
      'MB',
      { most: SHARED_TILES_MB },
    );
    judged('shared, one stalled reader: memory grown in 10 s', (rssBytes(fan.pid) - before) / MB, 'MB', {
      most: 16,
    });
    stalled.close();
  } finally {
    for (const watcher of watchers) watcher.upstream.close();
    await fan.close();
  }
  const still = await Child.start('source.ts', 3_600_000);
  await sharedEcho(source, 'while a third of it changes');
  await sharedEcho(still, 'while nothing else does');
  await still.close();
}

async function watched(fan: Child, watchers: readonly Watcher[], what: string): Promise<void> {
  for (const watcher of watchers) watcher.frames = 0;
  const [cpu, own, startedAt] = [cpuMs(fan.pid), cpuMs(process.pid), performance.now()];
  await pause(WATCH_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  const rates = watchers.map(({ frames }) => frames / seconds);
  const share = (ms: number): string => `${((ms / seconds / 1000) * 100).toFixed(0)} %`;
  console.log(
    `${what}: ${Math.min(...rates).toFixed(1)} to ${Math.max(...rates).toFixed(1)} frames/s each, ` +
      `${share(cpuMs(fan.pid) - cpu)} of a core to share, ${share(cpuMs(process.pid) - own)} to watch, ` +
      `${(rssBytes(fan.pid) / MB).toFixed(0)} MB resident`,
  );
}

/** A key and the pixel that it changes, straight and through the one that shares, by the same client. */
async function sharedEcho(source: Child, what: string): Promise<void> {
  const fan = await Child.start('fan-child.ts', source.port);
  const shared = await watchShared(fan);
  const direct = await watch(socketLink(connect(source.port, '127.0.0.1').setNoDelay()), 1);
  const times: { direct: number[]; shared: number[] } = { direct: [], shared: [] };
  for (let count = 0; count < 150; count += 1)
    for (const [name, watcher] of [
      ['direct', direct],
      ['shared', shared],
    ] as const) {
      times[name].push(await keyMs(watcher));
      await pause(25);
    }
  direct.upstream.close();
  shared.upstream.close();
  await fan.close();
  for (const [name, values] of Object.entries(times))
    console.log(
      `a key’s pixel, painted, ${what}, ${name}: p50 ${median(values).toFixed(2)} ms, p99 ${quantile(values, 0.99).toFixed(2)} ms`,
    );
  console.log(
    `added by sharing, ${what}, p50: ${(median(times.shared) - median(times.direct)).toFixed(2)} ms`,
  );
}

function keyMs({ upstream, screen }: Watcher): Promise<number> {
  const before = screen.pixels[0];
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const stop = screen.observe({
      onDamage: () => {
        if (screen.pixels[0] === before) return;
        stop();
        resolve(performance.now() - startedAt);
      },
    });
    upstream.send({ type: 'key', down: true, keysym: 97, scancode: 0 });
  });
}
