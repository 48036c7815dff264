import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { isStatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createClient } from '../client/create-client.ts';
import { ScriptedApiServer, type Call } from '../test-servers/scripted-api-server.ts';
import { ScriptedCollection } from '../test-servers/scripted-collection.ts';
import { until } from '../test-servers/until.ts';
import type { Cache, Collection, Reach } from './cache.ts';
import { createCache } from './create-cache.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const deadline = { timeout: 15_000 };

/** An API server with one collection for each namespace and one for all, and what its caller may read of them. */
class Rights {
  everywhere = false;
  readonly namespaces = new Set<string>();
  readonly down = new Set<string>();
  readonly #whole = new ScriptedCollection('/api/v1/pods', 'Pod');
  readonly #parts = new Map<string, ScriptedCollection>();

  constructor(watchListServed: boolean) {
    this.#whole.watchList = watchListServed;
    for (const name of ['a', 'b', 'c']) {
      const part = new ScriptedCollection(`/api/v1/namespaces/${name}/pods`, 'Pod');
      part.watchList = watchListServed;
      this.#parts.set(name, part);
    }
  }

  get whole(): ScriptedCollection {
    return this.#whole;
  }

  part(namespace: string): ScriptedCollection {
    return this.#parts.get(namespace)!;
  }

  put(name: string, namespace: string): void {
    this.part(namespace).put(name, {}, namespace);
    this.#whole.put(name, {}, namespace);
  }

  delete(name: string, namespace: string): void {
    this.part(namespace).delete(name, namespace);
    this.#whole.delete(name, namespace);
  }

  reach(): Reach {
    return this.everywhere ? { all: true } : { all: false, namespaces: new Set(this.namespaces) };
  }

  /** Also ends what runs, as an API server does not, but its next answer shows. */
  revoke(namespace: string): void {
    this.namespaces.delete(namespace);
    this.part(namespace).endWatches();
  }

  serve(call: Call): void {
    const [, namespace] = /namespaces\/(\w+)/.exec(call.path) ?? [];
    if (namespace !== undefined && this.down.has(namespace)) call.status(503, 'ServiceUnavailable', 'down');
    else if (namespace === undefined ? this.everywhere : this.everywhere || this.namespaces.has(namespace)) {
      (namespace === undefined ? this.#whole : this.part(namespace)).serve(call);
    } else call.status(403, 'Forbidden', 'pods is forbidden at this scope');
  }
}

interface Setup {
  readonly rights: Rights;
  readonly server: ScriptedApiServer;
  readonly cache: Cache;
  readonly clock: ManualClock;
}

async function setup(t: TestContext, watchListServed = false): Promise<Setup> {
  const server = await ScriptedApiServer.start();
  const rights = new Rights(watchListServed);
  server.answer((call) => rights.serve(call));
  const clock = new ManualClock();
  const client = createClient({ config: server.config() });
  const cache = createCache({ client, clock, reach: () => Promise.resolve(rights.reach()) });
  t.after(async () => {
    await cache.close();
    assert.equal(clock.pending, 0);
    await client.close();
    await server.stop();
  });
  return { rights, server, cache, clock };
}

function keys(collection: Collection): string {
  return Array.from(collection.entries(), ([key]) => key)
    .toSorted()
    .join(' ');
}

/** Lets time pass until it holds. */
async function later(clock: ManualClock, holds: () => boolean): Promise<void> {
  while (!holds()) await clock.advance(250);
}

for (const watchListServed of [false, true]) {
  const way = watchListServed ? 'WatchList' : 'pages';
  test(`[KX20] what may be read in some namespaces comes from these, by ${way}`, deadline, async (t) => {
    const { rights, cache } = await setup(t, watchListServed);
    rights.namespaces.add('a').add('b');
    for (const namespace of ['a', 'b', 'c']) rights.put('one', namespace);
    using first = cache.lease(PODS);
    using second = cache.lease(PODS);
    await second.collection.synced();
    assert.equal(keys(first.collection), 'a/one b/one');
    assert.deepEqual([...(first.collection.namespaces() ?? [])], ['a', 'b']);
    assert.equal(first.collection.freshness().state, 'live');
    await until(() => rights.part('a').watchers + rights.part('b').watchers === 2);
    const version = first.collection.resourceVersion();
    rights.put('two', 'a');
    rights.delete('one', 'b');
    await until(() => keys(first.collection) === 'a/one a/two');
    assert.notEqual(first.collection.resourceVersion(), version);
    assert.equal(rights.part('a').watches + rights.part('b').watches, 2);
    assert.equal(rights.part('c').watches, 0);
  });
}

test('[KX21] namespaces that come and go are followed, and told as changes', deadline, async (t) => {
  const { rights, cache, clock } = await setup(t);
  rights.namespaces.add('a');
  for (const namespace of ['a', 'b']) rights.put('one', namespace);
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  const log: string[] = [];
  lease.collection.observe({
    onChanges: (changes) => log.push(...changes.map(({ type, key }) => `${type} ${key}`)),
  });
  rights.namespaces.add('b');
  await later(clock, () => keys(lease.collection) === 'a/one b/one');
  await later(clock, () => lease.collection.freshness().state === 'live');
  rights.revoke('a');
  await later(clock, () => keys(lease.collection) === 'b/one');
  await later(clock, () => lease.collection.freshness().state === 'live');
  assert.deepEqual(log, ['added b/one', 'deleted a/one']);
});

test('[KX22] it is as fresh as the worst of its namespaces', deadline, async (t) => {
  const { rights, cache, clock } = await setup(t);
  rights.namespaces.add('a').add('b');
  rights.put('one', 'a');
  rights.down.add('b');
  using lease = cache.lease(PODS);
  let synced = false;
  void lease.collection.synced().then(() => (synced = true));
  await later(clock, () => keys(lease.collection) === 'a/one');
  await later(clock, () => lease.collection.freshness().state === 'disconnected');
  assert.equal(synced, false);
  rights.down.delete('b');
  await later(clock, () => synced);
  await later(clock, () => lease.collection.freshness().state === 'live');
  const states: string[] = [];
  lease.collection.observe({ onChanges: () => {}, onFreshness: ({ state }) => states.push(state) });
  await until(() => rights.part('b').watchers === 1);
  rights.down.add('b');
  rights.part('b').endWatches();
  await later(clock, () => states.at(-1) === 'disconnected');
  rights.down.delete('b');
  await later(clock, () => states.at(-1) === 'live');
});

test(
  '[KX23] it goes back to one watch when everything may be read, and on to parts again',
  deadline,
  async (t) => {
    const { rights, cache, clock } = await setup(t);
    rights.namespaces.add('a');
    for (const namespace of ['a', 'b']) rights.put('one', namespace);
    using lease = cache.lease(PODS);
    await lease.collection.synced();
    const log: string[] = [];
    lease.collection.observe({
      onChanges: (changes) => log.push(...changes.map(({ type, key }) => `${type} ${key}`)),
    });
    rights.everywhere = true;
    await later(clock, () => lease.collection.namespaces() === undefined && rights.whole.watchers === 1);
    await until(() => keys(lease.collection) === 'a/one b/one' && rights.part('a').watchers === 0);
    assert.equal(lease.collection.freshness().state, 'live');
    assert.equal(lease.collection.resourceVersion(), String(rights.whole.version));
    rights.everywhere = false;
    rights.whole.endWatches();
    await later(clock, () => keys(lease.collection) === 'a/one');
    await later(clock, () => lease.collection.freshness().state === 'live');
    // The first object has one version in both collections, as on a real API server.
    assert.deepEqual(log, ['added b/one', 'deleted b/one']);
  },
);

test(
  '[KX24] what may be read nowhere says what the API server says, and lights up later',
  deadline,
  async (t) => {
    const { rights, server, cache, clock } = await setup(t);
    rights.put('one', 'a');
    using lease = cache.lease(PODS);
    const error: unknown = await lease.collection.synced().catch((thrown: unknown) => thrown);
    assert.ok(isStatusError(error));
    assert.deepEqual([error.reason, error.message], ['Forbidden', 'pods is forbidden at this scope']);
    const asked = server.calls.length;
    for (let second = 0; second < 60; second += 1) await clock.advance(1000);
    assert.equal(server.calls.length, asked);
    rights.namespaces.add('a');
    await later(clock, () => lease.collection.freshness().state === 'live');
    await lease.collection.synced();
    assert.equal(keys(lease.collection), 'a/one');
  },
);
