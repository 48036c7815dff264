import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { array, assert as holds, integer, property, tuple } from 'fast-check';
import { createClient } from '@krateyard/kube/client/create-client';
import type { ResourceKind, ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import { ScriptedApiServer } from '@krateyard/kube/test-servers/scripted-api-server';
import { until } from '@krateyard/kube/test-servers/until';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { UsageSample } from '../../contract/usage-api.ts';
import { readUsage } from '@krateyard/kube/usage/read-usage';
import { sumHistories } from './sum-histories.ts';
import { UsageHistory } from '@krateyard/kube/usage/usage-history';
import { UsageMeter } from '@krateyard/kube/usage/usage-meter';

const NOW = Date.UTC(2026, 0, 1);

test('[MT1] a history keeps its last samples in order, and says nothing twice', () => {
  holds(
    property(array(tuple(integer({ min: 0, max: 400 }), integer({ min: 0, max: 9 }))), (pushed) => {
      const history = new UsageHistory(20);
      const expected: UsageSample[] = [];
      for (const [at, value] of pushed) {
        history.push(at, value, value);
        if (expected.length === 0 || at > expected.at(-1)![0]) expected.push([at, value, value]);
      }
      assert.deepEqual(history.samples(), expected.slice(-20));
      assert.deepEqual(history.latest, expected.at(-1));
    }),
  );
});

test('[MT1] what metrics-server says of pods and nodes is read; nonsense is not', () => {
  const pod = {
    metadata: { name: 'web-1', namespace: 'shop' },
    timestamp: '2025-12-31T23:59:50Z',
    window: '15.1s',
    containers: [
      { name: 'web', usage: { cpu: '12345678n', memory: '2048Ki' } },
      { name: 'side', usage: { cpu: '5m', memory: '1Mi' } },
    ],
  };
  const read = readUsage(pod, NOW);
  assert.deepEqual([read?.key, read?.at, read?.memoryBytes], ['shop/web-1', NOW - 10_000, 3 * 1024 ** 2]);
  assert.ok(Math.abs(read!.cpuCores - 0.017345678) < 1e-9);
  const node = {
    metadata: { name: 'n1' },
    timestamp: '2027-01-01T00:00:00Z',
    usage: { cpu: '1', memory: '1Gi' },
  };
  assert.deepEqual([readUsage(node, NOW)?.key, readUsage(node, NOW)?.at], ['n1', NOW]);
  for (const bad of [
    { metadata: {} },
    { metadata: { name: 'x' } },
    { metadata: { name: 'x' }, usage: { cpu: 'much' } },
  ]) {
    assert.equal(readUsage(bad, NOW), undefined);
  }
});

test('[MT3] pods measured at different times add up without holes; a silence of all is one', () => {
  const period = 15_000;
  const first: UsageSample[] = [0, 1, 2, 3, 9].map((at) => [at * period + 1, 1, 10]);
  const second: UsageSample[] = [0, 3].map((at) => [at * period + 14_000, 0.5, 5]);
  assert.deepEqual(sumHistories([first, second]), [
    [0, 1.5, 15],
    [period, 1.5, 15],
    [2 * period, 1.5, 15],
    [3 * period, 1.5, 15],
    [9 * period, 1, 10],
  ]);
});

async function bench(context: TestContext) {
  const server = await ScriptedApiServer.start();
  const clock = new ManualClock(NOW);
  const client = createClient({ config: server.config() });
  let served = true;
  const kinds = {
    find: () => Promise.resolve(served ? ({} as ResourceKind) : undefined),
  } as unknown as ResourceKinds;
  const meter = new UsageMeter({
    client,
    kinds,
    clock,
    logger: silentLogger,
    namespaces: () => Promise.resolve(undefined),
  });
  context.after(async () => {
    await client.close();
    await server.stop();
  });
  const nodes = (cpu: string): void =>
    server.answer((call) => {
      const items = call.path.endsWith('/nodes')
        ? [
            {
              metadata: { name: 'n1' },
              timestamp: new Date(clock.now()).toISOString(),
              usage: { cpu, memory: '1Ki' },
            },
          ]
        : [];
      call.json(200, { kind: 'List', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items });
    });
  const looked = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = 2;
    const stop = meter.onLook(() => {
      left -= 1;
      if (left > 0) return;
      stop();
      resolve();
    });
    // Both wait for their next time again.
    return promise.then(() => until(() => clock.pending === 2));
  };
  return { server, clock, meter, nodes, looked, serve: (is: boolean) => (served = is) };
}

test('[MT1] it is read once for all who look, every 15 s, and not when nobody does', async (context) => {
  const { server, clock, meter, nodes, looked } = await bench(context);
  nodes('250m');
  const first = looked();
  const holders = [meter.hold(), meter.hold()];
  await first;
  assert.equal(server.calls.length, 2);
  const second = looked();
  await clock.advance(16_000);
  await second;
  assert.deepEqual(
    meter.history('nodes', 'n1').map(([, cpu]) => cpu),
    [0.25, 0.25],
  );
  for (const holder of holders) holder[Symbol.dispose]();
  await clock.advance(60_000);
  assert.equal(server.calls.length, 4);
  assert.equal(meter.history('nodes', 'n1').length, 2, 'kept for who comes back');
  await clock.advance(10 * 60_000);
  assert.equal(meter.history('nodes', 'n1').length, 0);
  assert.equal(clock.pending, 0);
});

test('[MT2] where metrics are not served, or refused, that is said, and nothing is made up', async (context) => {
  const { server, clock, meter, nodes, looked, serve } = await bench(context);
  serve(false);
  const first = looked();
  using held = meter.hold();
  void held;
  await first;
  assert.match(meter.darkness('nodes')!, /serves no metrics\.k8s\.io/);
  assert.equal(server.calls.length, 0);
  serve(true);
  server.answer((call) => call.status(403, 'Forbidden', 'nodes.metrics.k8s.io is forbidden'));
  const second = looked();
  await clock.advance(70_000);
  await second;
  assert.match(meter.darkness('nodes')!, /is forbidden/);
  assert.equal(meter.latest('nodes', 'n1'), undefined);
  nodes('1');
  const third = looked();
  await clock.advance(70_000);
  await third;
  assert.deepEqual([meter.darkness('nodes'), meter.latest('nodes', 'n1')?.[1]], [undefined, 1]);
});
