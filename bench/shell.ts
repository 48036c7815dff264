import { openBenchCluster, type BenchCluster } from './streams/bench-cluster.ts';
import { judged, MB, median, pause, quantile } from './streams/figures.ts';
import { GatewayChild } from './streams/gateway-child.ts';
import { dialDirect, dialShell, type BenchShell, type ShellListener } from './streams/sockets.ts';

const KEYS = 1_000;
/** Keys before those that count: both ways are warm then. */
const WARM = 100;
const BULK_BYTES = 100 * 1024 * 1024;
/** The first of each way warms both up and does not count. */
const BULK_ROUNDS = 7;
const STALLED_MS = 10_000;
const IDLE = 200;
const IDLE_SETTLE_MS = 8_000;
const POD = 'shells';

/** Shells through the gateway beside `pods/exec` of the API server: what a key costs, 100 MB, one that does not read, many. */
export async function run(): Promise<void> {
  const cluster = await openBenchCluster();
  try {
    await cluster.pod(POD, 'trap "exit 0" TERM; while true; do sleep 1; done');
    await inFresh(cluster, async (gateway) => {
      await echo(cluster, gateway);
      await bulk(cluster, gateway);
    });
    await inFresh(cluster, (gateway) => stalled(cluster, gateway));
    await inFresh(cluster, (gateway) => idle(cluster, gateway));
  } finally {
    await cluster.close();
  }
}

/** A gateway that has done nothing else: what was done before would count for its memory. */
async function inFresh(
  cluster: BenchCluster,
  measure: (gateway: GatewayChild) => Promise<void>,
): Promise<void> {
  const gateway = await GatewayChild.start(cluster.kubeconfig);
  try {
    await measure(gateway);
  } finally {
    await gateway.close();
  }
}

type Dial = (listener: ShellListener) => Promise<BenchShell>;

/** One key after the other, to one and to the other in turn, so that what else the machine does hits both. */
async function echo(cluster: BenchCluster, gateway: GatewayChild): Promise<void> {
  const cat = { pod: POD, command: ['cat'], tty: true };
  const direct = await keyTimer((listener) => dialDirect(cluster, cat, listener));
  const ours = await keyTimer((listener) => dialShell(cluster, gateway, cat, listener));
  const times: { direct: number[]; ours: number[] } = { direct: [], ours: [] };
  for (let count = 0; count < WARM + KEYS; count += 1) {
    const [first, second] = count % 2 === 0 ? [direct, ours] : [ours, direct];
    const [a, b] = [await first.key(), await second.key()];
    if (count < WARM) continue;
    times.direct.push(first === direct ? a : b);
    times.ours.push(first === direct ? b : a);
  }
  direct.shell.close();
  ours.shell.close();
  const { label } = cluster;
  for (const [what, values] of Object.entries(times)) {
    console.log(
      `${label}: echo of a key, ${what}: p50 ${quantile(values, 0.5).toFixed(2)} ms, p99 ${quantile(values, 0.99).toFixed(2)} ms`,
    );
  }
  judged(`${label}: echo added by the gateway, p50`, median(times.ours) - median(times.direct), 'ms', {
    most: 1,
  });
  const added = quantile(times.ours, 0.99) - quantile(times.direct, 0.99);
  console.log(`${label}: echo added by the gateway, p99: ${added.toFixed(2)} ms`);
}

/** Lines are ended now and then: a terminal keeps at most 4096 characters of one. */
const LINE = 500;

async function keyTimer(dial: Dial): Promise<{ shell: BenchShell; key: () => Promise<number> }> {
  let onOutput = (): void => {};
  let typed = 0;
  const shell = await dial({ onOutput: () => onOutput() });
  const press = (text: string): Promise<number> => {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      onOutput = () => resolve(performance.now() - startedAt);
      shell.type(text);
    });
  };
  return {
    shell,
    key: async () => {
      typed += 1;
      if (typed % LINE === 0) {
        await press('\r');
        await pause(100);
      }
      return press('x');
    },
  };
}

async function bulk(cluster: BenchCluster, gateway: GatewayChild): Promise<void> {
  // It stays after its last byte: nodes lose what is on its way when a process ends before a slow reader has read it all.
  const script = `yes "a line of the length that lines of output usually have, more or less" | head -c ${BULK_BYTES}; cat`;
  const question = { pod: POD, command: ['sh', '-c', script], tty: false };
  const rounds: {
    direct: number;
    ours: number;
    gatewayMs: number;
    readerMs: { direct: number; ours: number };
  }[] = [];
  for (let round = 0; round < BULK_ROUNDS; round += 1) {
    const byDirect = await rateOf((listener) => dialDirect(cluster, question, listener));
    const before = gateway.cpuMs();
    const byOurs = await rateOf((listener) => dialShell(cluster, gateway, question, listener));
    rounds.push({
      direct: byDirect.rate,
      ours: byOurs.rate,
      gatewayMs: gateway.cpuMs() - before,
      readerMs: { direct: byDirect.readerMs, ours: byOurs.readerMs },
    });
  }
  const counted = rounds.slice(1);
  const of = (figure: (round: (typeof rounds)[number]) => number): number => median(counted.map(figure));
  const { label } = cluster;
  console.log(
    `${label}: 100 MiB through a shell, ${counted.length} rounds of each in turn; cluster, gateway and reader are processes of their own, ` +
      'direct is the reader at pods/exec of the API server (v5.channel.k8s.io, TLS), through is the same reader at /ws/shell',
  );
  console.log(
    `${label}: direct ${of(({ direct }) => direct).toFixed(0)} MB/s, through ${of(({ ours }) => ours).toFixed(0)} MB/s (medians)`,
  );
  const perMB = (ms: number): string => (ms / (BULK_BYTES / MB)).toFixed(2);
  console.log(
    `${label}: CPU ms per MB: gateway ${perMB(of(({ gatewayMs }) => gatewayMs))}; ` +
      `reader ${perMB(of(({ readerMs }) => readerMs.direct))} direct, ${perMB(of(({ readerMs }) => readerMs.ours))} through`,
  );
  judged(
    `${label}: throughput of a shell, through ÷ direct, median of the rounds`,
    of(({ direct, ours }) => ours / direct),
    '×',
    { least: 0.9 },
  );
}

/** MB/s, and what of this process's CPU reading took. */
async function rateOf(dial: Dial): Promise<{ rate: number; readerMs: number }> {
  const done = Promise.withResolvers<void>();
  let bytes = 0;
  let startedAt = 0;
  const cpu = process.cpuUsage();
  const shell = await dial({
    onOutput: (part) => {
      if (bytes === 0) startedAt = performance.now();
      bytes += part.length;
      if (bytes >= BULK_BYTES) done.resolve();
    },
    onEnd: (why) => done.reject(new Error(`ended after ${bytes} bytes: ${why}`)),
  });
  await done.promise;
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  shell.close();
  return { rate: bytes / MB / seconds, readerMs: (user + system) / 1000 };
}

async function stalled(cluster: BenchCluster, gateway: GatewayChild): Promise<void> {
  let bound = 0;
  const flood = { pod: POD, command: ['sh', '-c', 'yes'], tty: false };
  await pause(1_000);
  const before = gateway.rssBytes();
  const flows = Promise.withResolvers<void>();
  const shell = await dialShell(cluster, gateway, flood, {
    onOutput: () => flows.resolve(),
    onFrame: (frame) => {
      const { scrollbackBytes = 0, windowBytes = 0 } = frame as {
        scrollbackBytes?: number;
        windowBytes?: number;
      };
      if (frame.type === 'hello') bound = scrollbackBytes + windowBytes;
    },
  });
  await flows.promise;
  shell.socket.pause();
  const peak = await peakOf(gateway, STALLED_MS);
  shell.socket.resume();
  shell.close();
  console.log(
    `${cluster.label}: a reader that stalls for ${STALLED_MS / 1000} s under a flood: peak RSS ${(peak / MB).toFixed(0)} MB, ` +
      `${((peak - before) / MB).toFixed(1)} MB above before; kept by bound: ${(bound / MB).toFixed(1)} MB`,
  );
}

async function peakOf(gateway: GatewayChild, forMs: number): Promise<number> {
  const endsAt = performance.now() + forMs;
  let peak = 0;
  while (performance.now() < endsAt) {
    peak = Math.max(peak, gateway.rssBytes());
    await pause(50);
  }
  return peak;
}

async function idle(cluster: BenchCluster, gateway: GatewayChild): Promise<void> {
  const sleep = { pod: POD, command: ['sh', '-c', 'sleep 1000'], tty: true };
  const open = (): Promise<BenchShell> => dialShell(cluster, gateway, sleep, { onOutput: () => {} });
  const shells: BenchShell[] = [await open()];
  await pause(IDLE_SETTLE_MS);
  const before = gateway.rssBytes();
  while (shells.length <= IDLE) shells.push(...(await Promise.all(Array.from({ length: 10 }, open))));
  await pause(IDLE_SETTLE_MS);
  const each = (gateway.rssBytes() - before) / (shells.length - 1);
  console.log(`${cluster.label}: ${shells.length - 1} idle shells: ${(each / 1000).toFixed(0)} KB each`);
  for (const shell of shells) shell.close();
  await pause(1_000);
}
