import assert from 'node:assert/strict';
import { setImmediate as breath } from 'node:timers/promises';
import { assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';
import { configMap } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';

const target = await suiteTarget();
const { admin } = target;

/** A namespace of one case's own: nothing but what the case does happens there (its root CA has been published). */
async function quietMaps(): Promise<{ maps: string; ns: string }> {
  const ns = await target.namespace('watch');
  const maps = `/api/v1/namespaces/${ns}/configmaps`;
  await pollUntil('the root CA', async () => (await admin.get(`${maps}/kube-root-ca.crt`)).status === 200);
  return { maps, ns };
}

const versionOf = async (maps: string): Promise<string> =>
  (await admin.get(maps)).body.metadata.resourceVersion;
const shown = (events: Wire[]): string[] =>
  events.map((event) => `${event.type} ${event.object.metadata.name}`);

cases('watch', target, (it) => {
  it('from a resourceVersion tells every change after it, in order', async () => {
    const { maps } = await quietMaps();
    const from = await versionOf(maps);
    await admin.post(maps, configMap('a', { n: '1' }));
    await admin.patch(`${maps}/a`, MERGE_PATCH, { data: { n: '2' } });
    using watch = await admin.watch(maps, { resourceVersion: from });
    await admin.post(maps, configMap('b'));
    await admin.delete(`${maps}/a`);
    await watch.until((event) => event.type === 'DELETED');
    assert.deepEqual(shown(watch.events), ['ADDED a', 'MODIFIED a', 'ADDED b', 'DELETED a']);
    assert.equal(watch.events[1].object.data.n, '2');
    assert.equal(watch.events[0].object.kind, 'ConfigMap');
    const versions = watch.events.map((event) => BigInt(event.object.metadata.resourceVersion));
    assert.deepEqual(
      versions.toSorted((x, y) => (x < y ? -1 : 1)),
      versions,
    );
  });

  it('a DELETED event has the last state and a resourceVersion of its own', async () => {
    const { maps } = await quietMaps();
    const made = (await admin.post(maps, configMap('last', { n: '1' }))).body;
    using watch = await admin.watch(maps, { resourceVersion: made.metadata.resourceVersion });
    await admin.delete(`${maps}/last`);
    const event = await watch.next();
    assert.equal(event.type, 'DELETED');
    assert.deepEqual(event.object.data, { n: '1' });
    assert.ok(BigInt(event.object.metadata.resourceVersion) > BigInt(made.metadata.resourceVersion));
  });

  it('without a resourceVersion starts with what there is', async () => {
    const { maps } = await quietMaps();
    await admin.post(maps, configMap('there'));
    using watch = await admin.watch(maps);
    assert.deepEqual(shown([await watch.next(), await watch.next()]).toSorted(), [
      'ADDED kube-root-ca.crt',
      'ADDED there',
    ]);
    await admin.post(maps, configMap('then'));
    assert.deepEqual(shown([await watch.next()]), ['ADDED then']);
  });

  it('with resourceVersion 0 starts with what there is', async () => {
    const { maps } = await quietMaps();
    using watch = await admin.watch(maps, { resourceVersion: 0 });
    assert.deepEqual(shown([await watch.next()]), ['ADDED kube-root-ca.crt']);
  });

  it('a label selector turns changes into ADDED and DELETED', async () => {
    const { maps } = await quietMaps();
    const from = await versionOf(maps);
    using watch = await admin.watch(maps, { resourceVersion: from, labelSelector: 'on=yes' });
    await admin.post(maps, configMap('x'));
    await admin.patch(`${maps}/x`, MERGE_PATCH, { metadata: { labels: { on: 'yes' } } });
    await admin.patch(`${maps}/x`, MERGE_PATCH, { data: { a: '1' } });
    await admin.patch(`${maps}/x`, MERGE_PATCH, { metadata: { labels: { on: 'no' } } });
    await watch.until((event) => event.type === 'DELETED');
    assert.deepEqual(shown(watch.events), ['ADDED x', 'MODIFIED x', 'DELETED x']);
    assert.equal(watch.events[2].object.metadata.labels.on, 'yes', 'the state that matched');
  });

  it('a field selector watches one object', async () => {
    const { maps } = await quietMaps();
    const from = await versionOf(maps);
    using watch = await admin.watch(maps, { resourceVersion: from, fieldSelector: 'metadata.name=one' });
    await admin.post(maps, configMap('other'));
    await admin.post(maps, configMap('one'));
    assert.deepEqual(shown([await watch.next()]), ['ADDED one']);
  });

  it('over all namespaces', async () => {
    const { maps, ns } = await quietMaps();
    using watch = await admin.watch('/api/v1/configmaps', { resourceVersion: await versionOf(maps) });
    await admin.post(maps, configMap('far'));
    const event = await watch.until((seen) => seen.object.metadata.namespace === ns);
    assert.equal(event.object.metadata.name, 'far');
  });

  it('the old path /watch/ works', async () => {
    const { maps, ns } = await quietMaps();
    using watch = await admin.watch(`/api/v1/watch/namespaces/${ns}/configmaps`, {
      resourceVersion: await versionOf(maps),
    });
    await admin.post(maps, configMap('old-style'));
    assert.deepEqual(shown([await watch.next()]), ['ADDED old-style']);
  });

  it('timeoutSeconds ends it', async () => {
    const { maps } = await quietMaps();
    using watch = await admin.watch(maps, { resourceVersion: await versionOf(maps), timeoutSeconds: 1 });
    await watch.ended(15_000);
    assert.deepEqual(watch.events, []);
  });

  it('a finalizer makes MODIFIED with a deletionTimestamp, then DELETED', async () => {
    const { maps } = await quietMaps();
    const made = (await admin.post(maps, configMap('f', {}, { finalizers: ['example.com/f'] }))).body;
    using watch = await admin.watch(maps, { resourceVersion: made.metadata.resourceVersion });
    await admin.delete(`${maps}/f`);
    await admin.patch(`${maps}/f`, MERGE_PATCH, { metadata: { finalizers: null } });
    await watch.until((event) => event.type === 'DELETED');
    assert.deepEqual(shown(watch.events), ['MODIFIED f', 'DELETED f']);
    assert.ok(watch.events[0].object.metadata.deletionTimestamp);
  });

  it('dry runs and writes that change nothing are not told', async () => {
    const { maps } = await quietMaps();
    const made = (await admin.post(maps, configMap('quiet', { a: '1' }))).body;
    using watch = await admin.watch(maps, { resourceVersion: made.metadata.resourceVersion });
    await admin.patch(`${maps}/quiet`, MERGE_PATCH, { data: { a: '1' } });
    await admin.patch(`${maps}/quiet`, MERGE_PATCH, { data: { a: '2' } }, { dryRun: 'All' });
    await admin.post(maps, configMap('marker'));
    assert.deepEqual(shown([await watch.next()]), ['ADDED marker']);
  });

  it('many readers see the same', async () => {
    const { maps } = await quietMaps();
    const resourceVersion = await versionOf(maps);
    const watches = await Promise.all(
      Array.from({ length: 10 }, () => admin.watch(maps, { resourceVersion })),
    );
    try {
      for (let i = 0; i < 20; i++) await admin.post(maps, configMap(`m-${i}`));
      for (const watch of watches) await watch.until((event) => event.object.metadata.name === 'm-19');
      for (const watch of watches) assert.deepEqual(shown(watch.events), shown(watches[0]?.events ?? []));
    } finally {
      for (const watch of watches) watch[Symbol.dispose]();
    }
  });
});

cases('watch: bookmarks and initial events', target, (it) => {
  it('sendInitialEvents sends what there is, then a bookmark that says so', async () => {
    const { maps } = await quietMaps();
    await admin.post(maps, configMap('init'));
    using watch = await admin.watch(maps, {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    });
    const bookmark = await watch.until((event) => event.type === 'BOOKMARK');
    assert.equal(bookmark.object.metadata.annotations['k8s.io/initial-events-end'], 'true');
    assert.equal(bookmark.object.kind, 'ConfigMap');
    assert.deepEqual(shown(watch.events).slice(0, -1).toSorted(), ['ADDED init', 'ADDED kube-root-ca.crt']);
    await admin.post(maps, configMap('later'));
    const next = await watch.until((event) => event.type === 'ADDED');
    assert.equal(next.object.metadata.name, 'later');
  });

  it('sendInitialEvents with an empty result still sends the bookmark', async () => {
    const { maps } = await quietMaps();
    using watch = await admin.watch(maps, {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
      labelSelector: 'none=here',
    });
    const bookmark = await watch.next();
    assert.equal(bookmark.type, 'BOOKMARK');
    assert.match(bookmark.object.metadata.resourceVersion, /^[1-9]\d*$/);
  });

  it('one may watch on from the bookmark', async () => {
    const { maps } = await quietMaps();
    using first = await admin.watch(maps, {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    });
    const bookmark = await first.until((event) => event.type === 'BOOKMARK');
    await admin.post(maps, configMap('after'));
    using second = await admin.watch(maps, { resourceVersion: bookmark.object.metadata.resourceVersion });
    assert.deepEqual(shown([await second.next()]), ['ADDED after']);
  });

  it('sendInitialEvents needs resourceVersionMatch=NotOlderThan', async () => {
    const { maps } = await quietMaps();
    const reply = await admin.get(maps, { watch: 1, sendInitialEvents: true, allowWatchBookmarks: true });
    assertStatus(
      reply,
      422,
      'Invalid',
      /resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/,
    );
  });

  it('sendInitialEvents is for watches only', async () => {
    const { maps } = await quietMaps();
    const reply = await admin.get(maps, { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' });
    assertStatus(
      reply,
      422,
      'Invalid',
      /sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list/,
    );
  });

  it('resourceVersionMatch alone is refused for watches', async () => {
    const { maps } = await quietMaps();
    const reply = await admin.get(maps, { watch: 1, resourceVersion: 1, resourceVersionMatch: 'Exact' });
    assertStatus(reply, 422, 'Invalid', /resourceVersionMatch/);
  });

  it('bookmarks come before the watch times out', async () => {
    const { maps } = await quietMaps();
    const elsewhere = `/api/v1/namespaces/${await target.namespace('elsewhere')}/configmaps`;
    const from = await versionOf(maps);
    using watch = await admin.watch(maps, {
      resourceVersion: from,
      allowWatchBookmarks: true,
      timeoutSeconds: 5,
    });
    // Elsewhere the cluster goes on, which only a bookmark can tell. Kubernetes sends none of the version that a watch began with.
    await target.make(elsewhere, configMap('a'));
    const event = await watch.next(15_000);
    assert.equal(event?.type, 'BOOKMARK');
    assert.deepEqual(
      Object.keys(event.object.metadata).toSorted(),
      ['creationTimestamp', 'resourceVersion'].filter((key) => key in event.object.metadata),
    );
    await watch.ended(15_000);
  });
});

cases('watch: odd versions', target, (it) => {
  it('a resourceVersion of the future is refused or waits', async () => {
    const { maps } = await quietMaps();
    const future = String(BigInt(await versionOf(maps)) + 1_000_000n);
    const reply = await admin.get(maps, { watch: 1, resourceVersion: future, timeoutSeconds: 1 });
    if (reply.status === 200) assert.match(reply.text, /^$|Too large resource version/);
    else assertStatus(reply, 504, 'Timeout', /Too large resource version/);
  });

  it('a resourceVersion that is no number is refused', async () => {
    const { maps } = await quietMaps();
    const reply = await admin.get(maps, { watch: 1, resourceVersion: 'soon' });
    // Kubernetes answers 500 here, without a reason.
    assert.ok(reply.status === 400 || reply.status === 500, reply.text);
    assert.match(reply.body.message, /[Ii]nvalid.*"soon"|"soon".*invalid/);
  });
});

cases('watch: no gap and no repeat', target, (it) => {
  it('list, then watch from its version, under concurrent writes, tells each change once', async () => {
    const { maps } = await quietMaps();
    const writer = (async () => {
      for (let i = 0; i < 60; i++) {
        await admin.post(maps, configMap(`w-${String(i).padStart(2, '0')}`));
        await breath();
      }
    })();
    await pollUntil('some writes', async () => (await admin.get(maps)).body.items.length > 10);
    const list = (await admin.get(maps)).body;
    using watch = await admin.watch(maps, { resourceVersion: list.metadata.resourceVersion });
    await writer;
    // The sixty may all stand in the list already; this one cannot.
    await admin.post(maps, configMap('w-60'));
    await watch.until((event) => event.object.metadata.name === 'w-60');
    const all = [...namesOf(list), ...watch.events.map((event) => event.object.metadata.name)];
    const expected = Array.from({ length: 61 }, (_, i) => `w-${String(i).padStart(2, '0')}`);
    assert.deepEqual(
      all.filter((name) => name.startsWith('w-')),
      expected,
    );
  });
});
