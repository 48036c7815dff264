import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Pod } from '../life/pod-types.ts';
import { RESOURCES } from '../life/resources.ts';
import { openTestCluster, type TestCluster } from '../life/test-cluster.ts';
import { applyScene } from './scene.ts';

async function demoAfter(seconds: number): Promise<{ cluster: TestCluster; everything: string }> {
  const cluster = await openTestCluster({ nodes: 0 });
  await applyScene('demo', {
    client: cluster.client,
    clock: cluster.clock,
    random: () => cluster.clock.random(),
  });
  await cluster.advance(seconds, 1000);
  const parts: unknown[] = [];
  for (const gvr of Object.values(RESOURCES)) {
    const list = await cluster.client.list(gvr).catch(() => undefined);
    parts.push(list?.items);
  }
  return { cluster, everything: JSON.stringify(parts) };
}

test('[SL60] the demo is the same, to the byte, for the same clock and random', async () => {
  const first = await demoAfter(150);
  await first.cluster.stop();
  const second = await demoAfter(150);
  await second.cluster.stop();
  assert.equal(first.everything.length > 100_000, true);
  assert.equal(first.everything === second.everything, true);
});

test('[SL61] the demo has what a company has: much that runs, and some that does not', async () => {
  const { cluster } = await demoAfter(100);
  try {
    const pods = (await cluster.client.list<Pod>(RESOURCES.pods)).items;
    const waiting = (app: string): (string | undefined)[] =>
      pods
        .filter((pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === app)
        .map((pod) => pod.status?.containerStatuses?.[0]?.state.waiting?.reason ?? pod.status?.phase);
    const running = pods.filter((pod) => pod.status?.phase === 'Running').length;
    assert.ok(running >= 60 && running <= 110, `${running} run`);
    assert.ok(waiting('receipts').every((reason) => reason === 'ImagePullBackOff'));
    assert.ok(waiting('reconciler').every((reason) => reason === 'CrashLoopBackOff' || reason === 'Running'));
    assert.equal(waiting('recommender').filter((reason) => reason === 'Pending').length, 1);
    const checkout = await cluster.client.get<KubeObject & { status: { conditions: { reason: string }[] } }>(
      RESOURCES.deployments,
      'checkout',
      'shop',
    );
    assert.ok(checkout.status.conditions.some(({ reason }) => reason === 'ProgressDeadlineExceeded'));
  } finally {
    await cluster.stop();
  }
});

test('[SL62] pods=N has N running pods that nothing starts', async () => {
  const cluster = await openTestCluster({ nodes: 0 });
  await applyScene('pods=1200', {
    client: cluster.client,
    clock: cluster.clock,
    random: () => cluster.clock.random(),
  });
  await cluster.advance(2);
  const pods = (await cluster.client.list<Pod>(RESOURCES.pods)).items;
  assert.equal(pods.filter((pod) => pod.status?.phase === 'Running').length, 1200);
  assert.equal(new Set(pods.map((pod) => pod.status?.podIP)).size, 1200);
  assert.deepEqual(
    (await cluster.client.list(RESOURCES.events)).items.filter(
      (event) => (event['involvedObject'] as { kind: string }).kind === 'Pod',
    ),
    [],
  );
  await cluster.stop();
});

test('[SL63] an unknown scene is refused', async () => {
  const cluster = await openTestCluster({ nodes: 0 });
  await assert.rejects(
    applyScene('nope', {
      client: cluster.client,
      clock: cluster.clock,
      random: () => cluster.clock.random(),
    }),
    /no scene "nope"/,
  );
  await cluster.stop();
});
