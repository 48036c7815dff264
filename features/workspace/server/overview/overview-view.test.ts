import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  array,
  assert as holds,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  record,
  type Arbitrary,
} from 'fast-check';
import type { Cache, CacheChange, Collection, CollectionObserver } from '@krateyard/kube/cache/cache';
import type { ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { formatKey, keyOf } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { OVERVIEW_KINDS } from './overview-kinds.ts';
import { OverviewLedger } from './overview-ledger.ts';
import type { OverviewScopes } from './overview-scopes.ts';
import { OverviewSource } from './overview-source.ts';
import { OverviewView, type UsageNow } from './overview-view.ts';

/** Collections that change when a test says so: what the ledger reads of a cache. */
class Objects {
  readonly clock = new ManualClock();
  readonly #byResource = new Map<string, Map<string, KubeObject>>();
  readonly #observers = new Map<string, Set<CollectionObserver>>();

  put(resource: string, object: KubeObject): void {
    const key = formatKey(keyOf(object));
    const objects = this.#objects(resource);
    const old = objects.get(key);
    objects.set(key, object);
    this.#tell(resource, old ? { type: 'modified', key, object, old } : { type: 'added', key, object });
  }

  delete(resource: string, key: string): void {
    const object = this.#objects(resource).get(key);
    if (!object) return;
    this.#objects(resource).delete(key);
    this.#tell(resource, { type: 'deleted', key, object });
  }

  ledger(): OverviewLedger {
    const kinds = { find: () => Promise.resolve(undefined) } as unknown as ResourceKinds;
    return new OverviewLedger({ cache: this as unknown as Cache, kinds, clock: this.clock });
  }

  lease({ resource }: GroupVersionResource): { collection: Collection } & Disposable {
    const objects = this.#objects(resource);
    const freshness = { state: 'live', observedAt: '2026-01-01T00:00:00.000Z', lagMs: 0 } as const;
    const collection = {
      get: (key: string) => objects.get(key),
      entries: () => objects,
      resourceVersion: () => '1',
      freshness: () => freshness,
      synced: () => Promise.resolve(),
      observe: (observer: CollectionObserver) => {
        const observers = this.#observers.get(resource) ?? new Set();
        this.#observers.set(resource, observers.add(observer));
        return () => observers.delete(observer);
      },
    } as unknown as Collection;
    return { collection, [Symbol.dispose]: () => {} };
  }

  #objects(resource: string): Map<string, KubeObject> {
    const known = this.#byResource.get(resource) ?? new Map<string, KubeObject>();
    this.#byResource.set(resource, known);
    return known;
  }

  #tell(resource: string, change: CacheChange): void {
    for (const observer of this.#observers.get(resource) ?? []) observer.onChanges([change]);
  }
}

const USAGE: UsageNow = {
  node: () => ({ cpu: 100, memory: 1 }),
  namespace: (name) => (name === 'b' ? undefined : { cpu: 10, memory: 2 }),
  darkness: () => undefined,
};

function scopes(seen: (namespaced: boolean) => ReadonlySet<string> | null | undefined): OverviewScopes {
  const kinds = OVERVIEW_KINDS.map(({ name, namespaced }) => [name, seen(namespaced)] as const);
  return Object.fromEntries([
    ...kinds,
    ['podUsage', seen(true)],
    ['nodeUsage', seen(false)],
  ]) as unknown as OverviewScopes;
}

const EVERYTHING = scopes(() => null);
const ONE_NAMESPACE = scopes((namespaced) => (namespaced ? new Set(['a']) : undefined));
const NAMESPACES_AND_NODES = scopes((namespaced) => (namespaced ? new Set(['a', 'c']) : null));

const POD_STATES: readonly Record<string, unknown>[] = [
  { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  { phase: 'Succeeded' },
  { phase: 'Failed', reason: 'Evicted', message: 'low on memory' },
  { phase: 'Pending', containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ErrImagePull' } } }] },
  {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no' }],
  },
  {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2025-12-31T23:58:00Z' }],
  },
];

const namespace = constantFrom('a', 'b', 'c');
const name = constantFrom('x', 'y', 'z', 'w');
const step = oneof(
  record({
    what: constantFrom('pod' as const),
    namespace,
    name,
    state: integer({ min: 0, max: POD_STATES.length - 1 }),
    cpu: integer({ min: 0, max: 4000 }),
    node: constantFrom('n1', 'n2', undefined),
  }),
  record({
    what: constantFrom('node' as const),
    name: constantFrom('n1', 'n2'),
    ready: constantFrom('True', 'False'),
    cpu: integer({ min: 1, max: 64 }),
  }),
  record({ what: constantFrom('quota' as const), namespace, name, used: integer({ min: 0, max: 12 }) }),
  record({
    what: constantFrom('deployment' as const),
    namespace,
    name,
    replicas: integer({ min: 0, max: 3 }),
    stuck: constantFrom('True', 'False'),
  }),
  record({ what: constantFrom('event' as const), namespace, name, at: integer({ min: 0, max: 1000 }) }),
  record({
    what: constantFrom('delete' as const),
    resource: constantFrom('pods', 'nodes', 'resourcequotas', 'deployments', 'events'),
    key: constantFrom('a/x', 'b/y', 'c/z', 'a/w', 'n1', 'n2'),
  }),
  record({ what: constantFrom('time' as const), ms: integer({ min: 0, max: 400_000 }) }),
);
interface AnyStep {
  readonly what: string;
  readonly [field: string]: unknown;
}

async function act(objects: Objects, step: AnyStep): Promise<void> {
  const meta = {
    name: String(step['name']),
    namespace: String(step['namespace']),
    uid: `${String(step['namespace'])}/${String(step['name'])}`,
    creationTimestamp: '2025-12-31T23:30:00Z',
  };
  switch (step.what) {
    case 'pod':
      return objects.put('pods', {
        metadata: meta,
        spec: {
          ...(step['node'] !== undefined && { nodeName: step['node'] }),
          containers: [{ name: 'c', resources: { requests: { cpu: `${String(step['cpu'])}m` } } }],
        },
        status: POD_STATES[Number(step['state'])],
      });
    case 'node':
      return objects.put('nodes', {
        metadata: { name: String(step['name']), uid: String(step['name']) },
        status: {
          allocatable: { cpu: String(step['cpu']), pods: '10' },
          conditions: [{ type: 'Ready', status: step['ready'] }],
        },
      });
    case 'quota':
      return objects.put('resourcequotas', {
        metadata: meta,
        status: { hard: { pods: '10' }, used: { pods: String(step['used']) } },
      });
    case 'deployment':
      return objects.put('deployments', {
        metadata: meta,
        spec: { replicas: step['replicas'] },
        status: {
          conditions: [{ type: 'Progressing', status: step['stuck'], reason: 'ProgressDeadlineExceeded' }],
        },
      });
    case 'event':
      return objects.put('events', {
        metadata: meta,
        type: 'Warning',
        reason: 'BackOff',
        involvedObject: { kind: 'Pod', namespace: meta.namespace, name: meta.name },
        lastTimestamp: new Date(Number(step['at']) * 1000).toISOString(),
      });
    case 'delete':
      return objects.delete(String(step['resource']), String(step['key']));
    case 'time':
      return objects.clock.advance(Number(step['ms']));
  }
}

test('[OV7] changed one by one, an overview is what it would be made anew, for whoever looks', async () => {
  await holds(
    asyncProperty(array(step as Arbitrary<AnyStep>, { maxLength: 40 }), async (steps) => {
      const objects = new Objects();
      const ledger = objects.ledger();
      using held = ledger.hold();
      void held;
      const views = [EVERYTHING, ONE_NAMESPACE, NAMESPACES_AND_NODES].map((scope) => {
        const view = new OverviewView(ledger, scope, USAGE);
        ledger.listen(view);
        return { scope, view, source: new OverviewSource(view, () => 's'), told: new Map<string, unknown>() };
      });
      for (const { source, told } of views) for (const part of source.snapshot()) take(told, part);
      for (const step of steps) {
        await act(objects, step);
        for (const { scope, view, source, told } of views) {
          const delta = source.delta(view.takeDirty(), 'r');
          if (delta) take(told, delta);
          const anew = new OverviewView(ledger, scope, USAGE);
          assert.deepEqual(view.all(), anew.all());
          const expected = new Map([...anew.names()].map((name) => [name, plain(anew.part(name))]));
          assert.deepEqual(sorted(told), sorted(expected));
        }
      }
    }),
    { numRuns: 60 },
  );
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const sorted = (parts: ReadonlyMap<string, unknown>): unknown[] =>
  [...parts].toSorted(([a], [b]) => (a < b ? -1 : 1));

function take(told: Map<string, unknown>, message: Uint8Array): void {
  const { whole, parts } = JSON.parse(Buffer.from(message).toString()) as {
    whole?: boolean;
    parts: Record<string, unknown>;
  };
  if (whole) told.clear();
  for (const [name, value] of Object.entries(parts)) {
    if (value === null) told.delete(name);
    else told.set(name, value);
  }
}

const pod = (namespace: string, name: string, state: number, node?: string): AnyStep => ({
  what: 'pod',
  namespace,
  name,
  state,
  cpu: 500,
  node,
});

async function overviewOf(scope: OverviewScopes, steps: readonly AnyStep[]) {
  const objects = new Objects();
  for (const step of steps) await act(objects, step);
  const ledger = objects.ledger();
  const held = ledger.hold();
  const view = new OverviewView(ledger, scope, USAGE);
  ledger.listen(view);
  return { objects, view, [Symbol.dispose]: () => held[Symbol.dispose]() };
}

test('[OV1] groups and their objects come worst first, then oldest; no more than fifty are listed', async () => {
  const many = Array.from({ length: 70 }, (_, index) => pod('a', `p${String(index).padStart(2, '0')}`, 3));
  using bench = await overviewOf(EVERYTHING, [
    ...many,
    { what: 'quota', namespace: 'a', name: 'q', used: 9 },
    { what: 'node', name: 'n1', ready: 'False', cpu: 4 },
  ]);
  const { problems } = bench.view.all();
  assert.deepEqual(
    problems.map(({ cause, severity, count }) => [cause, severity, count]),
    [
      ['node-not-ready', 'critical', 1],
      ['image-pull', 'critical', 70],
      ['quota', 'warning', 1],
    ],
  );
  const images = problems[1]!;
  assert.deepEqual([images.objects.length, images.critical], [50, 70]);
  assert.deepEqual([images.objects[0]?.name, images.objects[49]?.name], ['p00', 'p49']);
});

test('[OV4] what pods ask for is counted by node, by namespace and in all, beside what there is', async () => {
  using bench = await overviewOf(EVERYTHING, [
    { what: 'node', name: 'n1', ready: 'True', cpu: 4 },
    pod('a', 'x', 0, 'n1'),
    pod('a', 'y', 1, 'n1'),
    pod('b', 'x', 0, 'n1'),
    pod('b', 'y', 4),
  ]);
  const { total, nodes, namespaces, phases } = bench.view.all();
  assert.deepEqual(phases, { Pending: 1, Running: 2, Succeeded: 1 });
  assert.deepEqual(
    [total.cpu, total.pods],
    [
      { requested: 1500, limits: 0, used: 100, allocatable: 4000 },
      { count: 3, allocatable: 10 },
    ],
  );
  assert.deepEqual([nodes[0]?.cpu.requested, nodes[0]?.pods.count], [1000, 2]);
  assert.deepEqual(
    namespaces.map(({ name, cpu, pods, problems }) => [name, cpu.requested, cpu.used, pods.count, problems]),
    [
      ['a', 500, 10, 1, 0],
      ['b', 1000, undefined, 2, 1],
    ],
  );
});

test('[OV8] what a person may not see is in no part of it', async () => {
  using bench = await overviewOf(ONE_NAMESPACE, [
    { what: 'node', name: 'n1', ready: 'False', cpu: 4 },
    pod('a', 'x', 3),
    pod('b', 'hidden', 3),
    { what: 'event', namespace: 'b', name: 'hidden', at: 1 },
  ]);
  const text = JSON.stringify(bench.view.all());
  assert.doesNotMatch(text, /hidden|n1|"b"/);
  const states = Object.fromEntries(bench.view.ingredients().map(({ name, state }) => [name, state]));
  assert.deepEqual(
    [states['pods'], states['nodes'], states['nodeUsage']],
    ['some', 'forbidden', 'forbidden'],
  );
});

test('[OV6] what is fine only until then is told when then has come', async () => {
  using bench = await overviewOf(EVERYTHING, [pod('a', 'x', 5)]);
  assert.deepEqual(bench.view.all().problems, []);
  await bench.objects.clock.advance(4 * 60_000);
  assert.equal(bench.view.all().problems[0]?.cause, 'not-ready');
});

test('[OV5] the feed has events and what the watch saw, and a noisy namespace drowns no other', async () => {
  using bench = await overviewOf(EVERYTHING, [
    { what: 'event', namespace: 'b', name: 'quiet', at: 5 },
    ...Array.from({ length: 1000 }, (_, index) => ({
      what: 'event',
      namespace: 'a',
      name: `e${index}`,
      at: 1000 + index,
    })),
    { what: 'deployment', namespace: 'c', name: 'web', replicas: 1, stuck: 'True' },
  ]);
  const all = bench.view.all().changes;
  assert.equal(all.length, 200);
  assert.deepEqual([all[0]?.reason, all[0]?.name], ['Created', 'web']);
  await act(bench.objects, { what: 'deployment', namespace: 'c', name: 'web', replicas: 3, stuck: 'True' });
  await act(bench.objects, { what: 'delete', resource: 'deployments', key: 'c/web' });
  const seen = bench.view.all().changes.map(({ reason, message }) => `${reason} ${message}`);
  assert.ok(seen.includes('Scaled 1 → 3') && seen.includes('Deleted '), seen.slice(0, 4).join());
  using other = await overviewOf(
    scopes((namespaced) => (namespaced ? new Set(['b']) : undefined)),
    [
      { what: 'event', namespace: 'b', name: 'quiet', at: 5 },
      ...Array.from({ length: 7000 }, (_, index) => ({
        what: 'event',
        namespace: 'a',
        name: `e${index}`,
        at: 1000 + index,
      })),
    ],
  );
  assert.deepEqual(
    other.view.all().changes.map(({ name }) => name),
    ['quiet'],
  );
});
