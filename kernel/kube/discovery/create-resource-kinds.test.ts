import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createCache } from '../cache/create-cache.ts';
import { createClient } from '../client/create-client.ts';
import { ScriptedApiServer, type Call } from '../test-servers/scripted-api-server.ts';
import { ScriptedCollection } from '../test-servers/scripted-collection.ts';
import { until } from '../test-servers/until.ts';
import { createResourceKinds } from './create-resource-kinds.ts';
import { invalidateOnChange } from './invalidate-on-change.ts';
import type { ResourceKind, ResourceKinds } from './resource-kinds.ts';

interface Served {
  readonly group: string;
  readonly version: string;
  readonly kinds: readonly ResourceKind[];
  stale?: boolean;
}

function kind(
  group: string,
  version: string,
  resource: string,
  name: string,
  more: Partial<ResourceKind> = {},
): ResourceKind {
  return {
    group,
    version,
    resource,
    kind: name,
    singular: name.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['get', 'list', 'watch'],
    subresources: [],
    ...more,
  };
}

function scene(): Served[] {
  return [
    {
      group: '',
      version: 'v1',
      kinds: [
        kind('', 'v1', 'pods', 'Pod', {
          shortNames: ['po'],
          categories: ['all'],
          subresources: ['log', 'status'],
        }),
        kind('', 'v1', 'nodes', 'Node', { namespaced: false }),
        kind('', 'v1', 'events', 'Event', { shortNames: ['ev'] }),
      ],
    },
    {
      group: 'apps',
      version: 'v1',
      kinds: [
        kind('apps', 'v1', 'deployments', 'Deployment', { shortNames: ['deploy'], subresources: ['scale'] }),
      ],
    },
    {
      group: 'autoscaling',
      version: 'v2',
      kinds: [
        kind('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
          shortNames: ['hpa'],
        }),
      ],
    },
    {
      group: 'autoscaling',
      version: 'v1',
      kinds: [
        kind('autoscaling', 'v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
          shortNames: ['hpa'],
        }),
      ],
    },
    {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      kinds: [kind('metrics.k8s.io', 'v1beta1', 'pods', 'PodMetrics', { singular: '' })],
    },
    {
      group: 'events.k8s.io',
      version: 'v1',
      kinds: [kind('events.k8s.io', 'v1', 'events', 'Event', { shortNames: ['ev'] })],
    },
  ];
}

/** Answers as an API server with or without aggregated discovery. */
function serve(call: Call, served: readonly Served[], aggregated: boolean): void {
  const core = served.filter(({ group }) => group === '');
  const others = served.filter(({ group }) => group !== '');
  if (
    aggregated &&
    (call.path === '/api' || call.path === '/apis') &&
    String(call.headers.accept).includes('APIGroupDiscoveryList')
  ) {
    const groups = Map.groupBy(call.path === '/api' ? core : others, ({ group }) => group);
    call.json(200, {
      kind: 'APIGroupDiscoveryList',
      items: [...groups].map(([group, versions]) => ({
        metadata: { name: group },
        versions: versions.map(aggregatedVersion),
      })),
    });
  } else if (call.path === '/api')
    call.json(200, { kind: 'APIVersions', versions: core.map(({ version }) => version) });
  else if (call.path === '/apis') {
    const groups = [...Map.groupBy(others, ({ group }) => group)].map(([name, versions]) => {
      const names = versions.map(({ version }) => ({ groupVersion: `${name}/${version}` }));
      return { name, versions: names.toReversed(), preferredVersion: names[0] };
    });
    call.json(200, { kind: 'APIGroupList', groups });
  } else plainVersion(call, served);
}

function aggregatedVersion({ version, kinds, stale }: Served): unknown {
  return {
    version,
    freshness: stale ? 'Stale' : 'Current',
    resources: (stale ? [] : kinds).map((each) => ({
      resource: each.resource,
      responseKind: { kind: each.kind },
      scope: each.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: each.singular,
      shortNames: each.shortNames,
      categories: each.categories,
      verbs: each.verbs,
      subresources: each.subresources.map((subresource) => ({ subresource })),
    })),
  };
}

function plainVersion(call: Call, served: readonly Served[]): void {
  const found = served.find(
    ({ group, version }) => call.path === (group === '' ? `/api/${version}` : `/apis/${group}/${version}`),
  );
  if (!found || found.stale) return call.status(503, 'ServiceUnavailable');
  const resources = found.kinds.map((each) => ({
    name: each.resource,
    kind: each.kind,
    singularName: each.singular,
    namespaced: each.namespaced,
    verbs: each.verbs,
    shortNames: each.shortNames,
    categories: each.categories,
  }));
  const subresources = found.kinds.flatMap((each) =>
    each.subresources.map((name) => ({ name: `${each.resource}/${name}`, kind: each.kind, verbs: [] })),
  );
  call.json(200, { kind: 'APIResourceList', resources: [...resources, ...subresources] });
}

async function setup(
  t: TestContext,
  served: Served[],
  aggregated = true,
): Promise<{ server: ScriptedApiServer; kinds: ResourceKinds; clock: ManualClock }> {
  const server = await ScriptedApiServer.start();
  server.answer((call) => serve(call, served, aggregated));
  const client = createClient({ config: server.config() });
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  const clock = new ManualClock();
  return { server, kinds: createResourceKinds(client, { clock }), clock };
}

test('[KD1] aggregated and plain discovery give the same, preferred versions first', async (t) => {
  const all = scene().flatMap(({ kinds }) => kinds);
  const aggregated = await setup(t, scene());
  assert.deepEqual(await aggregated.kinds.all(), all);
  assert.equal(aggregated.server.calls.length, 2);
  const plain = await setup(t, scene(), false);
  assert.deepEqual(await plain.kinds.all(), all);
});

test('[KD2] kinds are found by every name that kubectl takes', async (t) => {
  const { kinds } = await setup(t, scene());
  for (const [name, found] of [
    ['pods', 'v1/pods'],
    ['pod', 'v1/pods'],
    ['po', 'v1/pods'],
    ['Pod', 'v1/pods'],
    ['v1/pods', 'v1/pods'],
    ['v1/Pod', 'v1/pods'],
    ['pods.metrics.k8s.io', 'metrics.k8s.io/v1beta1/pods'],
    ['PodMetrics', 'metrics.k8s.io/v1beta1/pods'],
    ['ev', 'v1/events'],
    ['events.events.k8s.io', 'events.k8s.io/v1/events'],
    ['deploy', 'apps/v1/deployments'],
    ['deployments.v1.apps', 'apps/v1/deployments'],
    ['apps/v1/Deployment', 'apps/v1/deployments'],
    ['hpa', 'autoscaling/v2/horizontalpodautoscalers'],
    ['autoscaling/v1/horizontalpodautoscalers', 'autoscaling/v1/horizontalpodautoscalers'],
    ['', undefined],
    ['apps/v1', undefined],
    ['v2/pods', undefined],
  ] as const) {
    const each = await kinds.find(name);
    assert.equal(
      each && `${each.group ? `${each.group}/` : ''}${each.version}/${each.resource}`,
      found,
      name,
    );
  }
});

for (const aggregated of [true, false]) {
  test(`[KD3] a group that is down keeps its kinds (${aggregated ? 'aggregated' : 'plain'})`, async (t) => {
    const served = scene();
    const { kinds } = await setup(t, served, aggregated);
    assert.ok(await kinds.find('podmetrics'));
    served[4]!.stale = true;
    served.pop();
    kinds.invalidate();
    assert.ok(await kinds.find('podmetrics'));
    assert.equal(await kinds.find('events.events.k8s.io'), undefined);
  });
}

test('[KD3] a server that is down leaves what is known, and nothing at first', async (t) => {
  const { server, kinds, clock } = await setup(t, scene());
  server.answer((call) => call.status(500, 'InternalError', 'no'));
  await assert.rejects(kinds.all(), /^StatusError: no$/);
  server.answer((call) => serve(call, scene(), true));
  assert.ok(await kinds.find('pods'));
  server.answer((call) => call.status(500, 'InternalError', 'no'));
  await clock.advance(600_000);
  assert.ok(await kinds.find('pods'));
});

test('[KD4] what is known lasts ten minutes; an unknown name is looked up anew; callers share a request', async (t) => {
  const served = scene();
  const { server, kinds, clock } = await setup(t, served);
  await Promise.all([kinds.all(), kinds.find('pods'), kinds.find('deploy')]);
  assert.equal(server.calls.length, 2);
  await clock.advance(599_000);
  await kinds.all();
  assert.equal(server.calls.length, 2);
  await clock.advance(1000);
  await kinds.all();
  assert.equal(server.calls.length, 4);
  served.push({ group: 'example.com', version: 'v1', kinds: [kind('example.com', 'v1', 'krates', 'Krate')] });
  assert.equal(await kinds.find('krates'), undefined, 'asked just now');
  await clock.advance(3000);
  assert.equal((await kinds.find('krates'))?.kind, 'Krate');
  assert.equal(server.calls.length, 6);
});

test('[KD4] a caller who gives up does not end the request of the others', async (t) => {
  const { server, kinds } = await setup(t, scene());
  const held: Call[] = [];
  server.answer((call) => held.push(call));
  const gone = new AbortController();
  const given = kinds.all(gone.signal);
  const patient = kinds.all();
  await server.received(2);
  gone.abort(new Error('enough'));
  await assert.rejects(given, /enough/);
  for (const call of held) serve(call, scene(), true);
  assert.equal((await patient).length, 8);
});

test('[KD5] a CRD that changes invalidates what is known', async (t) => {
  const served = scene();
  const { server, clock } = await setup(t, served);
  const crds = new ScriptedCollection(
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    'CustomResourceDefinition',
  );
  server.answer((call) => (call.path === crds.path ? crds.serve(call) : serve(call, served, true)));
  const client = createClient({ config: server.config() });
  const cache = createCache({ client, clock, idleMs: 0 });
  const kinds = createResourceKinds(client, { clock });
  const stop = invalidateOnChange(cache, kinds, clock);
  t.after(async () => {
    await cache.close();
    await client.close();
  });
  const before = await kinds.all();
  await until(() => crds.watchers === 1);
  crds.put('krates.example.com');
  let all = before;
  while (all === before) {
    all = await kinds.all();
    await clock.advance(1);
  }
  served.push({ group: 'example.com', version: 'v1', kinds: [kind('example.com', 'v1', 'krates', 'Krate')] });
  await clock.advance(5000);
  assert.equal((await kinds.all()).length, before.length + 1, 'asked again when discovery has followed');
  stop();
  await clock.advance(1);
  assert.equal(cache.status().length, 0);
});
