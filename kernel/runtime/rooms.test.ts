import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ReviewServer } from '@krateyard/auth/testing/review-server';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createMetrics } from '@krateyard/telemetry/metrics';
import { ClusterProbe } from './cluster-probe.ts';
import type { Feature, HealthPart } from './feature.ts';
import { featureHealth, featureSockets, mountFeature } from './feature-host.ts';
import { healthRoutes } from './health-routes.ts';
import { Prerequisites } from './prerequisites.ts';
import { HostBench } from './testing/host-bench.ts';

const VMS = { group: 'kubevirt.io', version: 'v1', resource: 'virtualmachines' };
const alice = { authorization: 'Bearer alice' };
const deadline = { timeout: 15_000 };

const room: Feature = {
  name: 'vms',
  requires: [{ resource: VMS, verbs: ['list', 'watch'], purpose: 'shows virtual machines' }],
  routes: (app) => void app.get('/api/vms', () => ({ vms: [] })),
  sockets: [
    {
      path: '/ws/vms',
      maxFrameBytes: 64,
      limit: 'vms',
      accept: () => Promise.resolve(({ ws }) => Promise.resolve(ws.terminate())),
    },
  ],
};

/** Prerequisites that probe when the test says so. */
function probing(
  t: TestContext,
  server: ReviewServer,
): { clock: ManualClock; prerequisites: Prerequisites; again: () => Promise<void> } {
  const clock = new ManualClock();
  const prerequisites = new Prerequisites({ client: server.client, clock, features: [room] });
  const stop = new AbortController();
  const running = prerequisites.start(stop.signal);
  t.after(async () => {
    stop.abort();
    await running;
  });
  const idle = async (): Promise<void> => {
    while (clock.pending === 0) await new Promise(setImmediate);
  };
  const again = async (): Promise<void> => {
    await idle();
    await clock.advance(15_000);
    await idle();
  };
  return { clock, prerequisites, again };
}

function install(server: ReviewServer): void {
  server.documents.set('/apis/kubevirt.io/v1', { resources: [{ name: 'virtualmachines' }] });
}

test('[RT50] a dark room says what is missing and lights up without a restart', deadline, async (t) => {
  await using server = await ReviewServer.start();
  const { prerequisites, again } = probing(t, server);
  await using host = await HostBench.start({
    routes: (app) => mountFeature(app, room, prerequisites),
    sockets: featureSockets(room, prerequisites),
  });
  await again();
  const dark = await host.ask('/api/vms', { headers: alice });
  assert.equal(dark.code, 503);
  assert.equal(
    dark.status.message,
    'This room is dark: virtualmachines of kubevirt.io/v1 is not served by the cluster (shows virtual machines).',
  );
  assert.equal((await host.upgrade('/ws/vms', { headers: alice })).refused?.code, 503);
  assert.equal(featureHealth(room, prerequisites).state, 'dark');
  assert.equal(prerequisites.room('vms')?.missing[0]?.purpose, 'shows virtual machines');

  install(server);
  server.allow = ({ verb }) => verb === 'list';
  await again();
  assert.match(featureHealth(room, prerequisites).reason ?? '', /the gateway may not watch virtualmachines/);

  server.allow = () => true;
  await again();
  assert.equal(prerequisites.room('vms')?.state, 'lit');
  assert.equal(featureHealth(room, prerequisites).state, 'ok');
  assert.equal((await host.ask('/api/vms', { headers: alice })).code, 200);
  assert.ok((await host.upgrade('/ws/vms', { headers: alice })).ws);
});

test('[RT51] while the cluster cannot tell, a room stays what it was', deadline, async (t) => {
  await using server = await ReviewServer.start();
  server.broken = 500;
  const { prerequisites, again } = probing(t, server);
  await again();
  assert.equal(prerequisites.room('vms')?.state, 'unknown');
  server.broken = undefined;
  install(server);
  server.allow = () => true;
  await again();
  assert.equal(prerequisites.room('vms')?.state, 'lit');
  server.broken = 500;
  await again();
  assert.equal(prerequisites.room('vms')?.state, 'lit');
});

test('[RT52] a room that asks for anything is dark only without any right', deadline, async (t) => {
  await using server = await ReviewServer.start();
  const clock = new ManualClock();
  const anything = { group: '*', version: '*', resource: '*' };
  const wide = {
    name: 'wide',
    requires: [{ resource: anything, verbs: ['list', 'watch'], purpose: 'shows it' }],
  };
  const prerequisites = new Prerequisites({
    client: server.client,
    clock,
    features: [wide],
    namespaces: ['a', 'b'],
  });
  const stop = new AbortController();
  const running = prerequisites.start(stop.signal);
  t.after(async () => {
    stop.abort();
    await running;
  });
  const looked = async (): Promise<string | undefined> => {
    while (clock.pending === 0) await new Promise(setImmediate);
    return prerequisites.room('wide')?.state;
  };
  const rule = (...verbs: string[]): object => ({ verbs, apiGroups: [''], resources: ['pods'] });
  assert.equal(await looked(), 'dark');
  assert.equal(
    prerequisites.room('wide')?.missing[0]?.problem,
    'the gateway may not list and watch anything, neither in the cluster nor in the namespaces it knows: "a", "b"',
  );
  for (const [status, state] of [
    [{ resourceRules: [rule('list')] }, 'dark'],
    [{ resourceRules: [{ ...rule('list', 'watch'), resourceNames: ['one'] }] }, 'dark'],
    [{ resourceRules: [rule('get', 'list', 'watch')] }, 'lit'],
    [{ resourceRules: [] }, 'dark'],
    [{ resourceRules: [rule('list'), rule('watch')] }, 'lit'],
    [{ resourceRules: [] }, 'dark'],
    [{ resourceRules: [rule('*')] }, 'lit'],
    [{ resourceRules: [], incomplete: true }, 'lit'],
  ] as const) {
    server.rules = (namespace) => (namespace === 'b' ? status : { resourceRules: [] });
    await clock.advance(15_000);
    assert.equal(await looked(), state, JSON.stringify(status));
  }
});

test(
  '[RT62] a cluster that is away is told with the reason, and as well when it is back',
  deadline,
  async (t) => {
    await using server = await ReviewServer.start();
    server.documents.set('/version', { gitVersion: 'v1.34.4' });
    const clock = new ManualClock();
    const probe = new ClusterProbe({ client: server.client, clock });
    assert.equal(probe.health().state, 'degraded');
    const stop = new AbortController();
    const running = probe.start(stop.signal);
    t.after(async () => {
      stop.abort();
      await running;
    });
    const until = async (state: string): Promise<void> => {
      while (probe.health().state !== state) await new Promise(setImmediate);
      // The answer is taken in, and the next question waits for its time.
      while (clock.pending === 0) await new Promise(setImmediate);
    };
    const told: string[] = [];
    const forget = probe.onReach(() => told.push(probe.reach().state));
    await until('ok');
    assert.deepEqual(probe.health(), { state: 'ok', details: { cluster: 'scripted', version: 'v1.34.4' } });
    server.broken = 500;
    await clock.advance(3_000);
    await until('down');
    assert.equal(probe.reach().state, 'away');
    assert.ok(probe.reach().reason);
    assert.ok(probe.health().reason);
    assert.equal(probe.version(), 'v1.34.4');
    server.broken = undefined;
    await clock.advance(1_000);
    await until('ok');
    assert.equal(probe.reach().reason, undefined);
    assert.deepEqual(told, ['away', 'answers']);
    forget();
  },
);

test('[RT63] an answer that takes long is told while it is awaited, and since when', deadline, async (t) => {
  await using server = await ReviewServer.start();
  server.documents.set('/version', { gitVersion: 'v1.34.4' });
  const clock = new ManualClock();
  const held = Promise.withResolvers<void>();
  server.before = () => held.promise;
  const probe = new ClusterProbe({ client: server.client, clock });
  const stop = new AbortController();
  const askedAt = clock.now();
  const running = probe.start(stop.signal);
  t.after(async () => {
    stop.abort();
    await running;
  });
  await clock.advance(2_999);
  assert.equal(probe.reach().state, 'answers');
  await clock.advance(1);
  assert.deepEqual([probe.reach().state, probe.reach().since], ['slow', askedAt]);
  held.resolve();
  while (probe.health().state !== 'ok') await new Promise(setImmediate);
  assert.equal(probe.reach().state, 'slow');
  while (probe.reach().state !== 'answers') {
    await clock.advance(1_000);
    await new Promise(setImmediate);
  }
});

test('[RT60, RT61] health is told by part, and is as bad as the worst', async () => {
  let ready: string | undefined = 'starting';
  const parts: Record<string, () => HealthPart> = {
    cluster: () => ({ state: 'ok' }),
    vms: () => ({ state: 'dark', reason: 'KubeVirt is not installed.' }),
  };
  await using host = await HostBench.start({
    routes: (app) =>
      healthRoutes(app, {
        version: '1',
        clock: new ManualClock(),
        metrics: createMetrics(),
        parts: () => parts,
        notReady: () => ready,
      }),
  });
  const health = async (): Promise<{
    state: string;
    parts: Record<string, { state: string; reason?: string }>;
  }> => JSON.parse((await host.ask('/api/health')).text) as never;
  assert.equal((await host.ask('/livez')).text, 'ok');
  assert.deepEqual(await host.ask('/readyz').then(({ code, text }) => ({ code, text })), {
    code: 503,
    text: 'starting',
  });
  ready = undefined;
  assert.equal((await host.ask('/readyz')).code, 200);
  const metrics = await host.ask('/metrics');
  assert.match(String(metrics.headers['content-type']), /text\/plain/);
  assert.equal((await health()).state, 'ok');
  assert.equal((await health()).parts['vms']?.reason, 'KubeVirt is not installed.');
  parts['logs'] = () => ({ state: 'degraded', reason: 'Late.' });
  assert.equal((await health()).state, 'degraded');
  parts['broken'] = () => {
    throw new Error('secret');
  };
  const broken = await host.ask('/api/health');
  assert.equal((JSON.parse(broken.text) as { state: string }).state, 'down');
  assert.ok(!broken.text.includes('secret'));
});
