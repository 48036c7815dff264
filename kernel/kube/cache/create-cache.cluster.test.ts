import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StatusError } from '@krateyard/status/status-error';
import { createResourceKinds } from '../discovery/create-resource-kinds.ts';
import { invalidateOnChange } from '../discovery/invalidate-on-change.ts';
import { realCluster } from '../test-servers/real-cluster.ts';
import { snapshotOf } from '../test-servers/scripted-collection.ts';
import { createCache } from './create-cache.ts';

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };
const SECRETS = { group: '', version: 'v1', resource: 'secrets' };
const CRDS = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

for (const watchList of [true, false]) {
  test(
    `[KX2] [KX3] follows a real API server by ${watchList ? 'WatchList' : 'pages'}`,
    { timeout: 30_000 },
    async (t) => {
      const { client, namespace } = await realCluster(t);
      const cache = createCache({ client, watchList, pageSize: 3 });
      t.after(() => cache.close());
      for (let index = 0; index < 8; index += 1)
        await client.create(CONFIG_MAPS, { metadata: { name: `m${index}`, namespace } });
      using lease = cache.lease(CONFIG_MAPS);
      const { collection } = lease;
      const replayed = new Map(collection.entries());
      collection.observe({
        onChanges: (changes) => {
          for (const { type, key, object } of changes) {
            assert.equal(replayed.has(key), type !== 'added');
            if (type === 'deleted') replayed.delete(key);
            else replayed.set(key, object);
          }
        },
      });
      await collection.synced();
      for (let index = 0; index < 8; index += 1) {
        const key = { name: `m${index}`, namespace };
        if (index % 2 === 0) await client.delete(CONFIG_MAPS, key.name, namespace);
        else await client.patch(CONFIG_MAPS, key, 'merge', { data: { index: String(index) } });
      }
      const inApi = async (): Promise<string> => {
        const { items } = await client.list(CONFIG_MAPS, { namespace });
        return snapshotOf(items.map((item) => ['', item])).join();
      };
      await eventually(async () => snapshotOf(collection.entries(namespace)).join() === (await inApi()));
      assert.deepEqual(snapshotOf(replayed), snapshotOf(collection.entries()));
      assert.equal(collection.freshness().state, 'live');
    },
  );
}

test('[KX9] values of real Secrets do not stay', async (t) => {
  const { client, namespace } = await realCluster(t);
  const cache = createCache({ client });
  t.after(() => cache.close());
  await client.create(SECRETS, { metadata: { name: 's', namespace }, stringData: { password: 'hunter2' } });
  const secret = await cache.get(SECRETS, 's', namespace);
  assert.deepEqual(secret['dataSizes'], { password: 7 });
  assert.doesNotMatch(JSON.stringify(secret), /hunter2|aHVudGVyMg/);
});

test('[KX8] [KD5] a CRD lights up and goes dark', { timeout: 60_000 }, async (t) => {
  const { client } = await realCluster(t);
  const group = `g${Date.now().toString(36)}.example.com`;
  const krates = { group, version: 'v1', resource: 'krates' };
  const cache = createCache({ client, timing: { unavailable: { baseMs: 200, maxMs: 1000 } } });
  const kinds = createResourceKinds(client);
  const stop = invalidateOnChange(cache, kinds);
  t.after(async () => {
    stop();
    await client.delete(CRDS, `krates.${group}`).catch(() => {});
    await cache.close();
  });
  using lease = cache.lease(krates);
  assert.equal(await lease.collection.synced().catch((error: StatusError) => error.reason), 'NotFound');
  assert.equal(await kinds.find(`krates.${group}`), undefined);
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await client.create(CRDS, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `krates.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { plural: 'krates', singular: 'krate', kind: 'Krate' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  await eventually(async () => (await kinds.find(`krates.${group}`))?.kind === 'Krate');
  await eventually(() => lease.collection.freshness().state === 'live');
  await client.create(krates, { apiVersion: `${group}/v1`, kind: 'Krate', metadata: { name: 'a' } });
  await eventually(() => lease.collection.size() === 1);
  await client.delete(CRDS, `krates.${group}`);
  await eventually(() => lease.collection.size() === 0);
  await eventually(async () => (await kinds.find(`krates.${group}`)) === undefined);
});
