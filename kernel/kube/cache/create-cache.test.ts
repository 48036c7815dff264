import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { isStatusError, type StatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createMetrics } from '@krateyard/telemetry/metrics';
import { createClient } from '../client/create-client.ts';
import type { KubeObject } from '../meta/object.ts';
import { ScriptedApiServer } from '../test-servers/scripted-api-server.ts';
import { ScriptedCollection, snapshotOf } from '../test-servers/scripted-collection.ts';
import { turn, until } from '../test-servers/until.ts';
import type { Cache, CacheChange, Collection, Freshness } from './cache.ts';
import { createCache, type CacheOptions } from './create-cache.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const SECRETS = { group: '', version: 'v1', resource: 'secrets' };

interface Setup {
  readonly server: ScriptedApiServer;
  readonly pods: ScriptedCollection;
  readonly cache: Cache;
  readonly clock: ManualClock;
}

async function setup(
  t: TestContext,
  options: Partial<CacheOptions> & { watchListServed?: boolean } = {},
): Promise<Setup> {
  const server = await ScriptedApiServer.start();
  const pods = new ScriptedCollection('/api/v1/pods', 'Pod');
  pods.watchList = options.watchListServed ?? false;
  server.answer((call) => pods.serve(call));
  const clock = new ManualClock();
  // The client lives in real time: only the cache's waits are the test's.
  const client = createClient({ config: server.config() });
  const cache = createCache({ client, clock, ...options });
  t.after(async () => {
    await cache.close();
    await client.close();
    await server.stop();
  });
  return { server, pods, cache, clock };
}

/** Replays what an observer is told, from nothing. */
function follow(collection: Collection): {
  readonly log: string[];
  readonly replayed: Map<string, KubeObject>;
  readonly states: string[];
} {
  const log: string[] = [];
  const states: string[] = [];
  const replayed = new Map<string, KubeObject>(collection.entries());
  collection.observe({
    onChanges: (changes) => {
      for (const change of changes) {
        log.push(`${change.type} ${change.key}`);
        replay(replayed, change);
      }
    },
    onFreshness: ({ state }) => states.push(state),
  });
  return { log, replayed, states };
}

function replay(state: Map<string, KubeObject>, change: CacheChange): void {
  if (change.type === 'added') assert.ok(!state.has(change.key), `${change.key} is added twice`);
  else assert.ok(state.has(change.key), `${change.key} is ${change.type} but was never added`);
  if (change.type === 'modified') assert.equal(change.old, state.get(change.key));
  if (change.type === 'deleted') state.delete(change.key);
  else state.set(change.key, change.object);
}

async function equal(
  collection: Collection,
  pods: ScriptedCollection,
  replayed?: ReadonlyMap<string, KubeObject>,
): Promise<void> {
  await until(() => snapshotOf(collection.entries()).join() === pods.snapshot().join());
  if (replayed) assert.deepEqual(snapshotOf(replayed), pods.snapshot());
}

async function failure(promise: Promise<unknown>): Promise<StatusError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(isStatusError(error), `a StatusError, not ${String(error)}`);
  return error;
}

for (const watchListServed of [false, true]) {
  const way = watchListServed ? 'WatchList' : 'pages';
  test(`[KX2] [KX3] the state comes by ${way}, then changes, and their replay is the state`, async (t) => {
    const { pods, cache } = await setup(t, { watchListServed, pageSize: 100 });
    for (let index = 0; index < 450; index += 1) pods.put(`p${index}`);
    using lease = cache.lease(PODS);
    const { replayed } = follow(lease.collection);
    await lease.collection.synced();
    await equal(lease.collection, pods, replayed);
    assert.equal(pods.lists, watchListServed ? 0 : 5);
    pods.put('new');
    pods.put('p1', { spec: { changed: true } });
    pods.delete('p2');
    await equal(lease.collection, pods, replayed);
    assert.equal(lease.collection.resourceVersion(), String(pods.version));
    assert.equal(lease.collection.get('default/new')?.kind, 'Pod');
    assert.equal(lease.collection.get('default/p0')?.apiVersion, 'v1');
  });
}

test('[KX2] a server that refuses WatchList is asked once for all kinds', async (t) => {
  const { server, cache } = await setup(t);
  await cache.list(PODS);
  await failure(cache.list(SECRETS));
  assert.equal(server.calls.filter(({ query }) => query.has('sendInitialEvents')).length, 1);
});

test('[KX2] a WatchList that breaks off or stays silent is given up for this kind', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  pods.put('a');
  server.answer((call) => {
    if (!call.query.has('sendInitialEvents')) pods.serve(call);
    else call.response.writeHead(200).end();
  });
  assert.equal((await cache.list(PODS)).items.length, 1);
  const silent = new ScriptedCollection('/api/v1/secrets', 'Secret');
  server.answer((call) => {
    if (call.query.has('sendInitialEvents')) call.response.writeHead(200).flushHeaders();
    else silent.serve(call);
  });
  using lease = cache.lease(SECRETS);
  await until(() => server.calls.some(({ path }) => path.endsWith('/secrets')));
  await clock.advance(90_000);
  await lease.collection.synced();
});

test('[KX1] leases share one watch, which stops when the last has been idle for long enough', async (t) => {
  const { pods, cache, clock } = await setup(t, { idleMs: 5000 });
  assert.equal(pods.watches, 0);
  const [first, second] = [cache.lease(PODS), cache.lease(PODS)];
  assert.equal(first.collection, second.collection);
  await first.collection.synced();
  await until(() => pods.watchers === 1);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await clock.advance(10_000);
  assert.equal(cache.status()[0]?.leases, 1);
  second[Symbol.dispose]();
  await clock.advance(4000);
  cache.lease(PODS)[Symbol.dispose]();
  await clock.advance(4000);
  assert.equal(cache.status().length, 1, 'a new lease begins the time anew');
  await clock.advance(1000);
  assert.equal(cache.status().length, 0);
  await until(() => pods.watchers === 0);
});

for (const watchListServed of [false, true]) {
  test(`[KX4] after 410 (${watchListServed ? 'WatchList' : 'pages'}) what vanished is told as deleted, what stayed is not told`, async (t) => {
    const { pods, cache, clock } = await setup(t, { watchListServed });
    for (const name of ['stays', 'changes', 'vanishes']) pods.put(name);
    using lease = cache.lease(PODS);
    await lease.collection.synced();
    await until(() => pods.watchers === 1);
    const { log, replayed, states } = follow(lease.collection);
    pods.send({
      type: 'ERROR',
      object: { kind: 'Status', reason: 'Expired', code: 410, message: 'too old' },
    });
    pods.endWatches();
    await until(() => pods.watchers === 0);
    pods.put('changes', { spec: 1 });
    pods.put('appears');
    pods.delete('vanishes');
    pods.compact();
    while (lease.collection.get('default/appears') === undefined) await clock.advance(50);
    await equal(lease.collection, pods, replayed);
    assert.deepEqual(log.toSorted(), [
      'added default/appears',
      'deleted default/vanishes',
      'modified default/changes',
    ]);
    assert.ok(!states.includes('disconnected'), states.join());
    assert.equal(lease.collection.freshness().state, 'live');
  });
}

test('[KX5] a watch that ends or breaks goes on from the last version', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  pods.put('a');
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  const { replayed } = follow(lease.collection);
  for (const end of [() => pods.endWatches(), () => server.resetAll()]) {
    await until(() => pods.watchers === 1);
    end();
    await until(() => pods.watchers === 0);
    pods.put(`b${pods.version}`);
    while (pods.watchers === 0) await clock.advance(50);
    await equal(lease.collection, pods, replayed);
  }
  assert.equal(pods.lists, 1);
});

test('[KX5] [KX11] tries never end while the server is down, and it says so', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  pods.put('a');
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  await until(() => pods.watchers === 1);
  const { states } = follow(lease.collection);
  const { port } = server;
  await server.stop();
  await until(() => lease.collection.freshness().state === 'disconnected');
  for (let minute = 0; minute < 10; minute += 1) {
    await clock.advance(60_000);
    await turn();
  }
  const { reason, lagMs } = lease.collection.freshness();
  assert.match(
    reason ?? '',
    /cannot be reached: connection refused|has not been answering|connection broke|was reset/,
  );
  assert.ok(lagMs >= 600_000);
  assert.equal(lease.collection.size(), 1, 'what was known stays');
  pods.put('b');
  await server.listen(port);
  while (lease.collection.freshness().state !== 'live') {
    await clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 5)); // the client's breaker lives in real time
  }
  await equal(lease.collection, pods);
  assert.deepEqual(states, ['disconnected', 'live']);
});

test('[KX6] [KX11] silence is lagging, then a new watch; bookmarks are signs of life', async (t) => {
  const { pods, cache, clock } = await setup(t);
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  await until(() => pods.watchers === 1);
  pods.put('a');
  await equal(lease.collection, pods);
  const { states } = follow(lease.collection);
  for (let minute = 0; minute < 5; minute += 1) {
    await clock.advance(60_000);
    const { observedAt } = lease.collection.freshness();
    pods.bookmark();
    await until(() => lease.collection.freshness().observedAt !== observedAt);
  }
  assert.deepEqual([pods.watches, states.length], [1, 0]);
  await clock.advance(75_000);
  assert.deepEqual(states, ['lagging']);
  await clock.advance(20_000);
  await until(() => pods.watches === 2 && lease.collection.freshness().state === 'live');
  assert.equal(pods.lists, 1);
});

test('[KX7] an object made again under its name is deleted and added', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  pods.put('a');
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  const { log, replayed } = follow(lease.collection);
  await until(() => pods.watchers === 1);
  server.resetAll();
  await until(() => pods.watchers === 0);
  pods.delete('a');
  pods.put('a', {}, 'default', 'another-uid');
  pods.compact();
  while (lease.collection.get('default/a')?.metadata.uid !== 'another-uid') await clock.advance(50);
  assert.deepEqual(log, ['deleted default/a', 'added default/a']);
  await equal(lease.collection, pods, replayed);
});

test('[KX8] what is not served lights up when it appears and goes dark when it has gone for good', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  server.answer((call) => call.status(404, 'NotFound', 'the server could not find the requested resource'));
  using lease = cache.lease(PODS);
  assert.equal((await failure(lease.collection.synced())).reason, 'NotFound');
  assert.equal((await failure(cache.list(PODS))).reason, 'NotFound');
  assert.equal(lease.collection.freshness().state, 'disconnected');
  pods.put('a');
  server.answer((call) => pods.serve(call));
  while (lease.collection.size() === 0) await clock.advance(500);
  await lease.collection.synced();
  const { log } = follow(lease.collection);
  await until(() => pods.watchers === 1);
  server.answer((call) => call.status(404, 'NotFound'));
  pods.endWatches();
  while (lease.collection.size() > 0) await clock.advance(500);
  assert.deepEqual(log, ['deleted default/a']);
  assert.equal((await failure(lease.collection.synced())).reason, 'NotFound');
});

test('[KX8] what is forbidden says so, and is looked at again slowly', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  server.answer((call) => call.status(403, 'Forbidden', 'pods is forbidden'));
  using lease = cache.lease(PODS);
  assert.equal((await failure(lease.collection.synced())).message, 'pods is forbidden');
  const asked = server.calls.length;
  for (let second = 0; second < 60; second += 1) await clock.advance(1000);
  assert.ok(server.calls.length - asked < 8, `${server.calls.length - asked} requests in a minute`);
  server.answer((call) => pods.serve(call));
  while (lease.collection.freshness().state !== 'live') await clock.advance(500);
  await lease.collection.synced();
});

test('[KX12] a reader filters, pages and keeps the order of keys', async (t) => {
  const { pods, cache } = await setup(t);
  for (const [name, namespace, app, phase] of [
    ['b', 'x', 'web', 'Running'],
    ['a', 'x', 'web', 'Pending'],
    ['c', 'y', 'web', 'Running'],
    ['d', 'y', 'db', 'Running'],
  ] as const) {
    pods.put(name, { metadata: { labels: { app } }, status: { phase } }, namespace);
  }
  const names = async (options: Parameters<Cache['list']>[1]): Promise<string> =>
    (await cache.list(PODS, options)).items.map(({ metadata }) => metadata.name).join('');
  assert.equal(await names({}), 'abcd');
  assert.equal(await names({ namespace: 'x' }), 'ab');
  assert.equal(await names({ labelSelector: 'app=web', fieldSelector: 'status.phase=Running' }), 'bc');
  assert.equal(await names({ namespace: 'none' }), '');
  const page = await cache.list(PODS, { limit: 3 });
  assert.deepEqual(page.metadata.remainingItemCount, 1);
  assert.equal(page.metadata.resourceVersion, String(pods.version));
  assert.equal(await names({ limit: 3, continue: page.metadata.continue! }), 'd');
  assert.equal((await cache.get(PODS, 'a', 'x')).metadata.name, 'a');
  const missing = await failure(cache.get(PODS, 'nope', 'x'));
  assert.deepEqual([missing.reason, missing.message], ['NotFound', 'pods "nope" not found']);
  assert.equal((await failure(cache.list(PODS, { labelSelector: 'a=b=c' }))).reason, 'BadRequest');
});

test('[KX12] what cannot be known now is ServiceUnavailable, and a caller may give up sooner', async (t) => {
  const { server, cache, clock } = await setup(t, { syncMs: 3000 });
  server.answer(() => {});
  const listed = failure(cache.list(PODS));
  await clock.advance(3000);
  assert.match((await listed).message, /^v1\/pods cannot be read now\. The first list is not complete/);
  const gone = new AbortController();
  const given = cache.get(PODS, 'a', 'b', { signal: gone.signal });
  gone.abort(new Error('enough'));
  await assert.rejects(given, /^Error: enough$/);
});

test('[KX13] above the budget nothing new is kept, and what is there goes on', async (t) => {
  const { server, pods, cache, clock } = await setup(t, { budgetBytes: 100_000, idleMs: 1000 });
  const secrets = new ScriptedCollection('/api/v1/secrets', 'Secret');
  for (let index = 0; index < 2000; index += 1) secrets.put(`s${index}`, { type: `kind-${index}` });
  server.answer((call) => (call.path.includes('secrets') ? secrets : pods).serve(call));
  pods.put('a');
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  {
    using greedy = cache.lease(SECRETS);
    const error = await failure(greedy.collection.synced());
    assert.equal(error.reason, 'ServiceUnavailable');
    assert.match(error.message, /has used its memory budget of 0 MB, so v1\/secrets is not kept/);
    assert.equal(greedy.collection.size(), 0);
    assert.ok(secrets.lists < 15);
  }
  await clock.advance(1000);
  for (let index = 0; index < 300; index += 1)
    pods.put(`p${index}`, { spec: { text: `${index}`.repeat(300) } });
  await equal(lease.collection, pods);
  assert.throws(() => cache.lease(SECRETS), /memory budget/);
});

test('[KX14] what a cache holds stands in the metrics, and goes with the collection', async (t) => {
  const metrics = createMetrics();
  const { pods, cache, clock } = await setup(t, { metrics, idleMs: 1000 });
  pods.put('a');
  await cache.list(PODS);
  const text = await metrics.expose();
  assert.match(text, /krateyard_cache_objects\{cluster="test",gvr="v1\/pods"\} 1/);
  assert.match(text, /krateyard_cache_bytes\{cluster="test",gvr="v1\/pods"\} [1-9]\d+/);
  assert.match(text, /krateyard_cache_live\{cluster="test",gvr="v1\/pods"\} 1/);
  assert.match(text, /krateyard_cache_lag_seconds\{cluster="test",gvr="v1\/pods"\} 0/);
  assert.match(text, /krateyard_cache_budget_bytes\{cluster="test"\} \d+/);
  await until(() => pods.watchers === 1);
  pods.send({ type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410, message: 'too old' } });
  while (pods.lists < 2) await clock.advance(10);
  assert.match(
    await metrics.expose(),
    /krateyard_cache_relists_total\{cluster="test",gvr="v1\/pods",reason="Expired"\} 1/,
  );
  await clock.advance(1000);
  assert.doesNotMatch(await metrics.expose(), /krateyard_cache_objects\{/);
});

test('[KX15] an observer that throws costs the others nothing', async (t) => {
  const { pods, cache } = await setup(t);
  using lease = cache.lease(PODS);
  lease.collection.observe({
    onChanges: () => {
      throw new Error('broken');
    },
  });
  const { replayed } = follow(lease.collection);
  pods.put('a');
  await lease.collection.synced();
  await equal(lease.collection, pods, replayed);
});

test('[KX16] close leaves no timer and no socket, whatever goes on', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  const leases = [cache.lease(PODS), cache.lease(SECRETS)];
  const waiting = leases.map(({ collection }) => collection.synced().catch(() => {}));
  await until(() => pods.watchers === 1);
  await cache.close();
  for (const lease of leases) lease[Symbol.dispose]();
  await Promise.all(waiting);
  assert.equal(clock.pending, 0);
  await until(() => pods.watchers === 0);
  assert.throws(() => cache.lease(PODS), /is closed/);
  await until(() => server.openSockets <= 2); // idle ones belong to the client
});

test('[KX18] garbage on a watch leads to a new list', async (t) => {
  const { pods, cache, clock } = await setup(t);
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  const { replayed } = follow(lease.collection);
  for (const garbage of ['{"type":\n', '\u0000\u0001\n', '{"type":"ADDED","object":null}\n', '[]\n']) {
    const { lists } = pods;
    await until(() => pods.watchers === 1);
    pods.send(garbage);
    pods.put(`after-${lists}`);
    while (pods.lists === lists) await clock.advance(100);
    await equal(lease.collection, pods, replayed);
  }
});

test('[KX19] what cannot be watched is listed again', async (t) => {
  const { server, pods, cache, clock } = await setup(t);
  server.answer((call) =>
    call.query.has('watch') ? call.status(405, 'MethodNotAllowed') : pods.serve(call),
  );
  using lease = cache.lease(PODS);
  await lease.collection.synced();
  const { replayed } = follow(lease.collection);
  for (const name of ['a', 'b']) {
    pods.put(name);
    const { lists } = pods;
    while (pods.lists === lists) await clock.advance(1000);
    await equal(lease.collection, pods, replayed);
  }
});

test('[KX3] [KX4] [KX5] under random faults the replay always ends as the server\u2019s state', async (t) => {
  const { server, pods, cache, clock } = await setup(t, { pageSize: 20 });
  using lease = cache.lease(PODS);
  const { replayed } = follow(lease.collection);
  let seed = 7;
  const dice = (sides: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * sides);
  };
  const faults = [
    () => pods.endWatches(),
    () => server.resetAll(),
    () => pods.compact(),
    () => pods.send('{"garbage\n'),
    () => pods.bookmark(),
    () => pods.send({ type: 'ERROR', object: { kind: 'Status', reason: 'Gone', code: 410 } }),
    () => pods.send({ type: 'ERROR', object: { kind: 'Status', reason: 'InternalError', code: 500 } }),
  ];
  for (let round = 0; round < 300; round += 1) {
    for (let change = dice(8); change > 0; change -= 1) {
      const name = `p${dice(60)}`;
      if (dice(3) === 0) pods.delete(name);
      else pods.put(name, { spec: { round } }, 'default', dice(10) === 0 ? `uid-${round}` : undefined);
    }
    if (dice(3) === 0) faults[dice(faults.length)]!();
    await clock.advance(dice(2) * 100);
  }
  const settled = (): boolean => snapshotOf(lease.collection.entries()).join() === pods.snapshot().join();
  while (!settled()) await clock.advance(100);
  assert.deepEqual(snapshotOf(replayed), pods.snapshot());
});

test('[KX11] the first list is syncing', async (t) => {
  const { server, pods, cache } = await setup(t, { pageSize: 10 });
  for (let index = 0; index < 20; index += 1) pods.put(`p${index}`);
  const held: (() => void)[] = [];
  server.answer((call) =>
    call.query.has('continue') ? held.push(() => pods.serve(call)) : pods.serve(call),
  );
  using lease = cache.lease(PODS);
  await until(() => held.length === 1);
  const partial: Freshness = lease.collection.freshness();
  assert.deepEqual(
    [partial.state, lease.collection.size(), lease.collection.resourceVersion()],
    ['syncing', 10, ''],
  );
  held[0]!();
  await lease.collection.synced();
  assert.equal(lease.collection.freshness().state, 'live');
});
