import { createCache } from '@krateyard/kube/cache/create-cache';
import { MachineBook } from '@krateyard/vms/server/machine-book';
import { FanOut, ratesOf, thousands, type Measured, type Rates } from './fanout/fan-out.ts';
import { CLIENTS, UPDATE_BYTES } from './fanout/protocol.ts';
import { CountedClient } from './vms/counted-client.ts';
import { changed, fleet } from './vms/machines.ts';

const FLEETS = [500, 5_000];
const CHANGES = 4_000;
const ROUNDS = 15;
const REPEATS = 3;
/** A storm that a cluster of this size can make: a node drained, a rollout of images. */
const STORM_PER_SECOND = 500;
const STORM_SECONDS = 10;

/** The join of machines from their parts, and 1,000 clients of /api/ws during a storm. */
export async function run(): Promise<void> {
  for (const machines of FLEETS) await measureJoin(machines);
  const hub = await fanOut('fanout/server.ts');
  const feeds = await fanOut('vms/feed-server.ts');
  console.log(
    `${CLIENTS} clients of /api/ws, ${UPDATE_BYTES} B an update: ${thousands(feeds.wall)} deliveries/s, ${thousands(feeds.cpu)} per CPU second; the hub's fan-out in this run: ${thousands(hub.wall)}, ${thousands(hub.cpu)}`,
  );
  console.log(
    `feeds ÷ hub: ${(feeds.cpu / hub.cpu).toFixed(2)} × by CPU, ${(feeds.wall / hub.wall).toFixed(2)} × by wall clock`,
  );
  await storm(hub);
}

/** By the clock: the gateway's own tick and bounds, everybody on this machine's cores. */
async function storm(hub: Rates): Promise<void> {
  using fan = await FanOut.open('vms/feed-server.ts', 'timed');
  const { deliveries, wallMs, cpuMs, behindMs } = await fan.storm(STORM_PER_SECOND, STORM_SECONDS);
  const [offered, rate] = [STORM_PER_SECOND * STORM_SECONDS * CLIENTS, (deliveries * 1000) / wallMs];
  console.log(
    `a storm of ${STORM_PER_SECOND} changes/s for ${STORM_SECONDS} s: ${thousands(rate)} deliveries/s to ${CLIENTS} clients, ${(rate / hub.wall).toFixed(2)} × the hub's fan-out by wall clock, with ${((cpuMs / wallMs) * 100).toFixed(0)} % of a CPU`,
  );
  console.log(
    `${((deliveries / offered) * 100).toFixed(0)} % of all states were told, the rest skipped for a later one; everybody had the last ${behindMs.toFixed(0)} ms after the storm`,
  );
}

async function measureJoin(machines: number): Promise<void> {
  const api = new CountedClient(fleet(machines));
  const cache = createCache({ client: api.client, watchList: false });
  const opened = performance.now();
  const book = await MachineBook.open(cache, new AbortController().signal);
  const openMs = performance.now() - opened;
  const calls = api.calls;
  const first = timed(() => JSON.stringify([...book.in(null)]));
  const second = timed(() => JSON.stringify([...book.in(null)]));
  const perChange = await measureChanges(book, api, machines);
  console.log(
    [
      `${String(machines).padStart(5)} machines: opened in ${openMs.toFixed(0)} ms`,
      `first answer ${first.toFixed(0)} ms, the next ${second.toFixed(0)} ms`,
      `a change of a part ${perChange.toFixed(1)} µs of CPU, to the JSON of its machine`,
      `${calls} API calls to open (${(calls / machines).toFixed(4)} a machine), ${api.calls - calls} for answers and changes`,
    ].join('; '),
  );
  book[Symbol.dispose]();
  await cache.close();
}

/** From the watch's event to the machine as text: µs of CPU each. */
async function measureChanges(book: MachineBook, api: CountedClient, machines: number): Promise<number> {
  let told = 0;
  let bytes = 0;
  const stop = book.observe((keys) => {
    for (const key of keys) bytes += JSON.stringify(book.get(key)).length;
    told += keys.length;
  });
  const changes = Array.from({ length: CHANGES }, (_, round) => changed((round * 7) % machines, round));
  const cpu = process.cpuUsage();
  for (const [round, { resource, object }] of changes.entries()) {
    api.push(resource, object);
    if (round % 100 === 99) await turn();
  }
  for (let before = -1; before !== told;) {
    before = told;
    for (let count = 0; count < 20; count += 1) await turn();
  }
  const { user, system } = process.cpuUsage(cpu);
  stop();
  if (bytes === 0) throw new Error('nothing was told');
  return (user + system) / CHANGES;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

async function fanOut(server: string): Promise<Rates> {
  using fan = await FanOut.open(server);
  const measured: Measured[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) measured.push(await fan.measure('ours', ROUNDS));
  return ratesOf(measured);
}
