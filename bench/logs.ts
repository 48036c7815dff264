import { Agent, request } from 'undici';
import { openBenchCluster, type BenchCluster } from './streams/bench-cluster.ts';
import { judged, MB, median, pause } from './streams/figures.ts';
import { GatewayChild } from './streams/gateway-child.ts';
import { dialLogs, dialShell } from './streams/sockets.ts';

const TOTAL_BYTES = 100 * 1000 * 1000;
const LINE =
  'a line of a log as programs write them, with a number and some words that say what happened, and when';
/** What a node keeps in one file (real: 10 MiB, with times and stream names; sandbox: 1 MiB): read again and again for the rest. */
const LINES = { real: 60_000, sandbox: 8_000 };
const REPEATS = 3;
const STALLED = 20;
const STALLED_MS = 8_000;
const MANY = 200;
const MANY_MS = 15_000;
const TALKER = 'talker';
const TICKER = 'ticker';

/** Logs through the gateway beside `pods/log` of the API server: 100 MB, readers that do not read, and many at once with shells. */
export async function run(): Promise<void> {
  const cluster = await openBenchCluster();
  try {
    const lines = cluster.real ? LINES.real : LINES.sandbox;
    await cluster.pod(TALKER, `yes "${LINE}" | head -n ${lines}; echo the end; while true; do sleep 1; done`);
    await cluster.pod(TICKER, 'i=0; while true; do echo "INFO tick $i"; i=$((i+1)); sleep 1; done');
    const gateway = await GatewayChild.start(cluster.kubeconfig);
    try {
      await written(cluster, lines);
      await bulk(cluster, gateway, lines);
      await stalled(cluster, gateway);
    } finally {
      await gateway.close();
    }
    await many(cluster);
  } finally {
    await cluster.close();
  }
}

/** Until the last line is there. */
async function written(cluster: BenchCluster, lines: number): Promise<void> {
  for (let look = 0; look < 240; look += 1) {
    const { bytes } = await readDirect(cluster);
    if (bytes >= lines * (LINE.length + 1)) return;
    await pause(500);
  }
  throw new Error('the log was not written in time');
}

async function bulk(cluster: BenchCluster, gateway: GatewayChild, lines: number): Promise<void> {
  const payload = lines * LINE.length;
  const rounds = Math.ceil(TOTAL_BYTES / payload);
  const rates: { direct: number[]; ours: number[] } = { direct: [], ours: [] };
  const timed = async (read: () => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    for (let round = 0; round < rounds; round += 1) await read();
    return (payload * rounds) / MB / ((performance.now() - startedAt) / 1000);
  };
  let cpuMs = 0;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    rates.direct.push(await timed(() => readDirect(cluster)));
    const before = gateway.cpuMs();
    rates.ours.push(await timed(() => readOurs(cluster, gateway, lines)));
    cpuMs += (gateway.cpuMs() - before) / REPEATS;
  }
  const [direct, ours] = [median(rates.direct), median(rates.ours)];
  console.log(
    `${cluster.label}: 100 MB of logs (${rounds} × ${lines} lines): direct ${direct.toFixed(0)} MB/s, gateway ${ours.toFixed(0)} MB/s, ${cpuMs.toFixed(0)} ms of its CPU each`,
  );
  judged(`${cluster.label}: throughput of logs, gateway ÷ direct`, ours / direct, '×', { least: 0.9 });
}

let agent: Agent | undefined;

/** With times, as the gateway reads it. */
async function readDirect(cluster: BenchCluster): Promise<{ bytes: number }> {
  agent ??= new Agent({ connect: cluster.ca === undefined ? {} : { ca: cluster.ca } });
  const url = `${cluster.server}/api/v1/namespaces/${cluster.namespace}/pods/${TALKER}/log?timestamps=true`;
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${cluster.token}` },
  });
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  if (statusCode !== 200) throw new Error(`pods/log answered ${statusCode}`);
  return { bytes };
}

async function readOurs(cluster: BenchCluster, gateway: GatewayChild, lines: number): Promise<void> {
  let bytes = 0;
  const socket = await dialLogs(
    cluster,
    gateway,
    { pod: TALKER, follow: 'false', tail: String(lines + 10) },
    (frame) => (bytes += frame.length),
  );
  await new Promise((resolve) => socket.once('close', resolve));
  if (bytes < lines * LINE.length) throw new Error(`only ${bytes} bytes of ${lines} lines came`);
}

async function stalled(cluster: BenchCluster, gateway: GatewayChild): Promise<void> {
  const query = { pod: TALKER, tail: '1000000' };
  await pause(1_000);
  const before = gateway.rssBytes();
  const sockets = await Promise.all(
    Array.from({ length: STALLED }, async () => {
      const socket = await dialLogs(cluster, gateway, query, () => {});
      socket.pause();
      return socket;
    }),
  );
  let peak = 0;
  const endsAt = performance.now() + STALLED_MS;
  while (performance.now() < endsAt) {
    peak = Math.max(peak, gateway.rssBytes());
    await pause(50);
  }
  for (const socket of sockets) socket.terminate();
  const each = (peak - before) / STALLED;
  console.log(
    `${cluster.label}: ${STALLED} readers that stall: peak RSS ${(peak / MB).toFixed(0)} MB, ${(each / MB).toFixed(2)} MB each above before; bound each: 1 MiB owed to the socket`,
  );
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
          const log = await dialLogs(cluster, gateway, { pod: TICKER, tail: '10' }, () => (frames += 1));
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
    await agent?.close();
  }
}
