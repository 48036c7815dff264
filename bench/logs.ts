import { once } from 'node:events';
import { Agent, request } from 'undici';
import type { WebSocket } from 'ws';
import { openBenchCluster, type BenchCluster } from './streams/bench-cluster.ts';
import { judged, MB, median, pause } from './streams/figures.ts';
import { GatewayChild } from './streams/gateway-child.ts';
import { dialLogs, dialShell } from './streams/sockets.ts';

const TOTAL_BYTES = 100 * 1000 * 1000;
const LINE =
  'a line of a log as programs write them, with a number and some words that say what happened, and when';
/** What fits into one file of a node (10 MiB, with times and stream names); read again and again for the rest. */
const LINES = 60_000;
/** The sandbox keeps 1 MiB, unless it is asked for more. */
const KEEP = { 'sandbox.krateyard.dev/container-log-max-bytes': String(10 * 1024 * 1024) };
const REPEATS = process.argv.includes('--quick') ? 1 : 5;
/** A way's turn ends then, whatever it has read: kubelets read a log at some 10 MB/s. */
const TURN_MS = 5_000;
const WRITTEN_MS = 60_000;
/** One reading of the log. */
const READ_MS = 60_000;
const STALLED = 200;
const STALLED_MS = 10_000;
/** SPEC.md LG26. */
const STALLED_BOUND_BYTES = 1024 * 1024;
const MANY = 200;
const MANY_MS = 15_000;
const TALKER = 'talker';
const TICKER = 'ticker';

/** Logs through the gateway beside `pods/log` of the API server: 100 MB, readers that do not read, and many at once with shells. */
export async function run(): Promise<void> {
  const cluster = await openBenchCluster();
  try {
    const script = `yes "${LINE}" | head -n ${LINES}; echo the end; while true; do sleep 1; done`;
    await cluster.pod(TALKER, script, KEEP);
    await cluster.pod(TICKER, 'i=0; while true; do echo "INFO tick $i"; i=$((i+1)); sleep 1; done');
    await written(cluster);
    // `--bulk`, `--stalled` and `--many` are those parts alone; `--quick` measures throughput once.
    const parts = { bulk, stalled, many };
    const asked = Object.entries(parts).filter(([name]) => process.argv.includes(`--${name}`));
    for (const [, part] of asked.length > 0 ? asked : Object.entries(parts)) await part(cluster);
  } finally {
    await agent?.close();
    await cluster.close();
  }
}

/** Until the last line is there. */
async function written(cluster: BenchCluster): Promise<void> {
  const endsAt = performance.now() + WRITTEN_MS;
  let bytes = 0;
  while (performance.now() < endsAt) {
    bytes = await readDirect(cluster);
    if (bytes >= LINES * (LINE.length + 1)) return;
    await pause(500);
  }
  throw new Error(
    `${cluster.label}: of ${LINES} lines pods/log gives ${bytes} bytes: does its node rotate logs (containerLogMaxSize) below 10 MiB?`,
  );
}

const WAYS = ['direct', 'bytes', 'json'] as const;
type Way = (typeof WAYS)[number];

interface Bulk {
  readonly mb: number;
  readonly mbPerSecond: number;
  /** Of the gateway and of this process, which is the client. */
  readonly gatewayCpu: number;
  readonly clientCpu: number;
}

/**
 * The same client, this process, reads the same log both ways and counts its bytes: what HTTP gives of the API server, what the
 * WebSocket gives of the gateway. In turns, after one round of each that does not count, as both have to warm up.
 */
async function bulk(cluster: BenchCluster): Promise<void> {
  const gateway = await GatewayChild.start(cluster.kubeconfig);
  try {
    const ways = {
      direct: () => readDirect(cluster),
      bytes: () => readOurs(cluster, gateway, { blocks: 'true' }),
      json: () => readOurs(cluster, gateway, { batch: 'true' }),
    };
    const found: Record<Way, Bulk[]> = { direct: [], bytes: [], json: [] };
    for (let repeat = 0; repeat <= REPEATS; repeat += 1) {
      const told: string[] = [];
      for (const way of WAYS) {
        const one = await timed(gateway, ways[way]);
        if (repeat > 0) found[way].push(one);
        told.push(`${way} ${one.mbPerSecond.toFixed(0)} MB/s`);
      }
      console.log(
        `${cluster.label}: ${repeat > 0 ? `${repeat} of ${REPEATS}` : 'to warm up'}: ${told.join(', ')}`,
      );
    }
    report(cluster, found);
  } finally {
    await gateway.close();
  }
}

async function timed(gateway: GatewayChild, read: () => Promise<unknown>): Promise<Bulk> {
  const [startedAt, cpu, own] = [performance.now(), gateway.cpuMs(), process.cpuUsage()];
  let [bytes, tookMs] = [0, 0];
  while (bytes < TOTAL_BYTES && tookMs < TURN_MS) {
    await read();
    bytes += LINES * LINE.length;
    tookMs = performance.now() - startedAt;
  }
  const mb = bytes / MB;
  const { user, system } = process.cpuUsage(own);
  return {
    mb,
    mbPerSecond: mb / (tookMs / 1000),
    gatewayCpu: (gateway.cpuMs() - cpu) / mb,
    clientCpu: (user + system) / 1000 / mb,
  };
}

function report(
  { label }: BenchCluster,
  { direct, bytes, json }: Readonly<Record<Way, readonly Bulk[]>>,
): void {
  const of = (all: readonly Bulk[], field: keyof Bulk): number => median(all.map((one) => one[field]));
  const told = (name: string, all: readonly Bulk[]): string =>
    `${name} ${of(all, 'mbPerSecond').toFixed(0)} MB/s, ${of(all, 'gatewayCpu').toFixed(1)} ms of the gateway's CPU and ${of(all, 'clientCpu').toFixed(1)} of the client's per MB`;
  console.log(
    `${label}: ${of(direct, 'mb').toFixed(0)} MB of logs (a file of ${((LINES * LINE.length) / MB).toFixed(0)} MB, again and again), ${REPEATS} times in turns: ` +
      `direct ${of(direct, 'mbPerSecond').toFixed(0)} MB/s, ${of(direct, 'clientCpu').toFixed(1)} ms of the client's CPU per MB`,
  );
  console.log(`${label}: gateway: ${told('as bytes', bytes)}; ${told('as JSON', json)}`);
  const ratio = median(bytes.map((one, index) => one.mbPerSecond / direct[index]!.mbPerSecond));
  judged(`${label}: throughput of logs, gateway ÷ direct`, ratio, '×', { least: 0.9 });
}

let agent: Agent | undefined;

/** With times, as the gateway reads it. */
async function readDirect(cluster: BenchCluster): Promise<number> {
  agent ??= new Agent({ connect: cluster.ca === undefined ? {} : { ca: cluster.ca } });
  const url = `${cluster.server}/api/v1/namespaces/${cluster.namespace}/pods/${TALKER}/log?timestamps=true`;
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    signal: AbortSignal.timeout(READ_MS),
    headers: { authorization: `Bearer ${cluster.token}` },
  });
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  if (statusCode !== 200) throw new Error(`pods/log answered ${statusCode}`);
  return bytes;
}

async function readOurs(
  cluster: BenchCluster,
  gateway: GatewayChild,
  form: Readonly<Record<string, string>>,
): Promise<void> {
  let bytes = 0;
  const query = { pod: TALKER, follow: 'false', tail: String(LINES + 10), ...form };
  const socket = await dialLogs(cluster, gateway, query, (frame) => (bytes += frame.length));
  await once(socket, 'close', { signal: AbortSignal.timeout(READ_MS) });
  if (bytes < LINES * LINE.length) throw new Error(`only ${bytes} bytes of ${LINES} lines came`);
}

async function stalled(cluster: BenchCluster): Promise<void> {
  const gateway = await GatewayChild.start(cluster.kubeconfig, { inspected: true });
  try {
    const open = async (): Promise<WebSocket> => {
      const query = { pod: TALKER, tail: '1000000', blocks: 'true' };
      const socket = await dialLogs(cluster, gateway, query, () => {});
      socket.pause();
      return socket;
    };
    // One before: what is there once is not each reader's.
    const first = await open();
    await pause(2_000);
    const before = await gateway.held();
    const sockets: WebSocket[] = [first];
    while (sockets.length <= STALLED) sockets.push(...(await Promise.all(Array.from({ length: 5 }, open))));
    let peak = 0;
    const endsAt = performance.now() + STALLED_MS;
    while (performance.now() < endsAt) {
      peak = Math.max(peak, gateway.rssBytes());
      await pause(50);
    }
    const after = await gateway.held();
    for (const socket of sockets) socket.terminate();
    const each = (bytes: number): number => bytes / (sockets.length - 1) / 1024;
    console.log(
      `${cluster.label}: ${sockets.length - 1} readers that stall: peak RSS ${(peak / MB).toFixed(0)} MB, ` +
        `${each(peak - before.rssBytes).toFixed(0)} KiB each above before; garbage collected, RSS ${each(after.rssBytes - before.rssBytes).toFixed(0)} KiB each`,
    );
    judged(
      `${cluster.label}: held for a log reader that stalls`,
      each(after.heldBytes - before.heldBytes),
      'KiB',
      {
        most: STALLED_BOUND_BYTES / 1024,
      },
    );
  } finally {
    await gateway.close();
  }
}

/** 200 shells that print once a second and 200 followed logs that do, in a gateway that has done nothing else. */
async function many(cluster: BenchCluster): Promise<void> {
  const gateway = await GatewayChild.start(cluster.kubeconfig);
  try {
    let [output, frames] = [0, 0];
    const loop = ['sh', '-c', 'while true; do echo tick; sleep 1; done'];
    const closers: (() => void)[] = [];
    await pause(2_000);
    const before = gateway.rssBytes();
    for (let count = 0; count < MANY; count += 10) {
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const shell = await dialShell(
            cluster,
            gateway,
            { pod: TICKER, command: loop, tty: true },
            { onOutput: () => (output += 1) },
          );
          closers.push(() => shell.close());
          const log = await dialLogs(
            cluster,
            gateway,
            { pod: TICKER, tail: '10', blocks: 'true' },
            () => (frames += 1),
          );
          closers.push(() => log.terminate());
        }),
      );
    }
    await pause(3_000);
    [output, frames] = [0, 0];
    const [cpu, startedAt] = [gateway.cpuMs(), performance.now()];
    await pause(MANY_MS);
    const wall = performance.now() - startedAt;
    const busy = (gateway.cpuMs() - cpu) / wall;
    const rss = gateway.rssBytes();
    console.log(
      `${cluster.label}: ${MANY} shells and ${MANY} log streams at once, each told about once a second ` +
        `(${Math.round((output * 1000) / wall)} outputs/s, ${Math.round((frames * 1000) / wall)} frames/s): ` +
        `RSS ${(rss / MB).toFixed(0)} MB (${((rss - before) / MB).toFixed(0)} MB for them), CPU ${(busy * 100).toFixed(0)} % of one core`,
    );
    for (const close of closers) close();
    await pause(1_000);
  } finally {
    await gateway.close();
  }
}
