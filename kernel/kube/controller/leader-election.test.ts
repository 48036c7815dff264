import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createClient } from '../client/create-client.ts';
import { createCache } from '../cache/create-cache.ts';
import { ScriptedApiServer, type Call } from '../test-servers/scripted-api-server.ts';
import { ScriptedCollection } from '../test-servers/scripted-collection.ts';
import { until } from '../test-servers/until.ts';
import { enqueueFrom } from './enqueue-from.ts';
import { leaderElection } from './leader-election.ts';
import { anyOf, deletionBegan, generationChanged, metadataChanged } from './predicates.ts';
import { WorkQueue } from './work-queue.ts';

interface StoredLease {
  metadata: { name?: string; resourceVersion: string };
  spec: Record<string, unknown>;
}

/** One Lease with optimistic concurrency. */
class LeaseServer {
  lease: StoredLease | undefined;
  down = false;
  #version = 0;

  readonly answer = (call: Call): void => {
    if (this.down) return call.reset();
    if (call.method === 'GET') return this.lease ? call.json(200, this.lease) : call.status(404, 'NotFound');
    const sent = JSON.parse(call.body) as StoredLease;
    if (call.method === 'POST' && this.lease) return call.status(409, 'AlreadyExists');
    if (call.method === 'PATCH' && sent.metadata.resourceVersion !== this.lease?.metadata.resourceVersion)
      return call.status(409, 'Conflict');
    this.#version += 1;
    this.lease = {
      metadata: { resourceVersion: String(this.#version) },
      spec: { ...this.lease?.spec, ...sent.spec },
    };
    call.json(200, this.lease);
  };
}

async function setup(t: TestContext): Promise<{
  leases: LeaseServer;
  clock: ManualClock;
  stand: (identity: string) => { leading: () => boolean; stop: () => Promise<void> };
}> {
  const server = await ScriptedApiServer.start();
  const leases = new LeaseServer();
  server.answer(leases.answer);
  const client = createClient({ config: server.config() });
  const clock = new ManualClock();
  const stops: (() => Promise<void>)[] = [];
  t.after(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await client.close();
    await server.stop();
  });
  let leaders = 0;
  const stand = (identity: string): { leading: () => boolean; stop: () => Promise<void> } => {
    const end = new AbortController();
    let leading = false;
    const running = leaderElection(
      { client, namespace: 'n', name: 'l', identity, clock, logger: silentLogger },
      async (signal) => {
        leading = true;
        leaders += 1;
        assert.equal(leaders, 1, 'two leaders');
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        leading = false;
        leaders -= 1;
      },
    ).start(end.signal);
    const stop = async (): Promise<void> => {
      end.abort();
      await running;
    };
    stops.push(stop);
    return { leading: () => leading, stop };
  };
  return { leases, clock, stand };
}

async function pass(clock: ManualClock, holds: () => boolean): Promise<number> {
  const began = clock.now();
  while (!holds()) await clock.advance(100);
  return clock.now() - began;
}

test('[KQ6] one leads; who comes after takes over when the lease is given back', async (t) => {
  const { leases, clock, stand } = await setup(t);
  const first = stand('first');
  await pass(clock, first.leading);
  const second = stand('second');
  for (let second = 0; second < 60; second += 1) await clock.advance(1000);
  assert.deepEqual([first.leading(), second.leading()], [true, false]);
  assert.equal(leases.lease?.spec['holderIdentity'], 'first');
  await first.stop();
  await pass(clock, second.leading);
  assert.equal(leases.lease?.spec['holderIdentity'], 'second');
  assert.equal(leases.lease?.spec['leaseTransitions'], 1);
});

test('[KQ6] a leader that vanished is replaced when its lease has run out', async (t) => {
  const { leases, clock, stand } = await setup(t);
  leases.lease = {
    metadata: { resourceVersion: 'x' },
    spec: { holderIdentity: 'vanished', leaseDurationSeconds: 15, renewTime: '2000-01-01T00:00:00Z' },
  };
  const next = stand('next');
  assert.ok((await pass(clock, next.leading)) > 15_000, 'timed by our clock, from when we first saw it');
});

test('[KQ6] a leader that cannot renew stops before others may start, and stands again', async (t) => {
  const { leases, clock, stand } = await setup(t);
  const first = stand('first');
  await pass(clock, first.leading);
  leases.down = true;
  const heldMs = await pass(clock, () => !first.leading());
  assert.ok(heldMs <= 13_000, `${heldMs} ms`);
  leases.down = false;
  await pass(clock, first.leading);
});

test('[KQ5] everything that is there and every change that matters is enqueued', async (t) => {
  const server = await ScriptedApiServer.start();
  const pods = new ScriptedCollection('/api/v1/pods', 'Pod');
  server.answer((call) => pods.serve(call));
  const client = createClient({ config: server.config() });
  const clock = new ManualClock();
  const cache = createCache({ client, clock });
  t.after(async () => {
    await cache.close();
    await client.close();
    await server.stop();
  });
  pods.put('a', { metadata: { generation: 1 } });
  using lease = cache.lease({ group: '', version: 'v1', resource: 'pods' });
  await lease.collection.synced();
  const queue = new WorkQueue({ clock });
  const stop = enqueueFrom(lease.collection, queue, { when: anyOf(generationChanged, metadataChanged) });
  const drained = async (): Promise<string[]> => {
    const keys: string[] = [];
    while (queue.length > 0) {
      const key = (await queue.take())!;
      keys.push(key);
      queue.done(key);
    }
    return keys;
  };
  const seen = (version: number): Promise<void> =>
    until(() => lease.collection.resourceVersion() === String(version));
  assert.deepEqual(await drained(), ['default/a']);
  pods.put('a', { metadata: { generation: 1 }, status: 'changed' });
  await seen(pods.version);
  assert.deepEqual(await drained(), []);
  pods.put('a', { metadata: { generation: 2 } });
  await seen(pods.version);
  assert.deepEqual(await drained(), ['default/a']);
  pods.put('a', { metadata: { generation: 2, labels: { x: 'y' } } });
  pods.put('b');
  pods.delete('b');
  await seen(pods.version);
  assert.deepEqual(await drained(), ['default/a', 'default/b']);
  stop();
  pods.put('c');
  await seen(pods.version);
  assert.deepEqual(await drained(), []);
  const object = { metadata: { deletionTimestamp: 'now' } };
  assert.equal(deletionBegan({ type: 'modified', key: 'a', object, old: { metadata: {} } }), true);
  assert.equal(deletionBegan({ type: 'modified', key: 'a', object, old: object }), false);
});
