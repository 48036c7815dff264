import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, asyncProperty, assert as holds, constantFrom, nat, record } from 'fast-check';
import type { Cache, CacheChange, Collection, CollectionObserver } from '@krateyard/kube/cache/cache';
import { formatGvr, type GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { UsageSample } from '@krateyard/kube/meta/usage-sample';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { MachineBook } from './machine-book.ts';
import { CLAIMS, DATA_VOLUMES, INSTANCES, PODS, VIRTUAL_MACHINES, WUKONGS } from './machine-types.ts';

/** A collection in memory that tells what is done to it, as the cache's collections do. */
class Shelf {
  readonly objects = new Map<string, KubeObject>();
  readonly #observers = new Set<CollectionObserver>();

  put(key: string, object: KubeObject): void {
    const old = this.objects.get(key);
    this.objects.set(key, object);
    this.#tell(old ? { type: 'modified', key, object, old } : { type: 'added', key, object });
  }

  remove(key: string): void {
    const object = this.objects.get(key);
    if (!object) return;
    this.objects.delete(key);
    this.#tell({ type: 'deleted', key, object });
  }

  collection(gvr: GroupVersionResource): Collection {
    const { objects } = this;
    return {
      gvr,
      get: (key) => objects.get(key),
      entries: (namespace) =>
        [...objects].filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`)),
      size: () => objects.size,
      namespaces: () => undefined,
      resourceVersion: () => '1',
      freshness: () => ({ state: 'live', observedAt: '', lagMs: 0 }),
      observe: (observer) => {
        this.#observers.add(observer);
        return () => this.#observers.delete(observer);
      },
      synced: () => Promise.resolve(),
    };
  }

  #tell(change: CacheChange): void {
    for (const observer of this.#observers) observer.onChanges([change]);
  }
}

function shelves() {
  const all = new Map(
    [VIRTUAL_MACHINES, INSTANCES, PODS, CLAIMS, DATA_VOLUMES, WUKONGS].map((gvr) => [
      formatGvr(gvr),
      new Shelf(),
    ]),
  );
  const lease = (gvr: GroupVersionResource) => ({
    collection: all.get(formatGvr(gvr))!.collection(gvr),
    [Symbol.dispose]: () => {},
  });
  return {
    vms: all.get(formatGvr(VIRTUAL_MACHINES))!,
    instances: all.get(formatGvr(INSTANCES))!,
    pods: all.get(formatGvr(PODS))!,
    claims: all.get(formatGvr(CLAIMS))!,
    dataVolumes: all.get(formatGvr(DATA_VOLUMES))!,
    wukongs: all.get(formatGvr(WUKONGS))!,
    cache: { lease } as unknown as Cache,
  };
}

const vm = (name: string, claim: string): KubeObject => ({
  metadata: { name, namespace: 'n', uid: `vm-${name}` },
  spec: { template: { spec: { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: claim } }] } } },
});
const instance = (name: string, run: number): KubeObject => ({
  metadata: { name, namespace: 'n', uid: `vmi-${name}-${run}` },
  status: { phase: 'Running', nodeName: `node-${run}` },
});
const pod = (name: string, of: string, run: number): KubeObject => ({
  metadata: {
    name,
    namespace: 'n',
    labels: { 'kubevirt.io/created-by': `vmi-${of}-${run}` },
    annotations: { 'kubevirt.io/domain': of },
  },
  spec: { nodeName: `node-${run}` },
});
const claim = (name: string, size: number): KubeObject => ({
  metadata: { name, namespace: 'n' },
  status: { capacity: { storage: `${size}Gi` } },
});

test('[VM7] a change of a part touches its machine and no other', async () => {
  const { vms, instances, pods, claims, cache } = shelves();
  vms.put('n/a', vm('a', 'disk'));
  vms.put('n/b', vm('b', 'other'));
  using book = await MachineBook.open(cache, new AbortController().signal);
  const told: (readonly string[])[] = [];
  book.observe((keys) => told.push(keys));
  claims.put('n/disk', claim('disk', 3));
  assert.equal(book.get('n/a')?.disks[0]?.size, '3Gi');
  instances.put('n/b', instance('b', 1));
  pods.put('n/p', pod('p', 'b', 1));
  assert.deepEqual([book.get('n/b')?.pod, book.get('n/b')?.nodeName], ['p', 'node-1']);
  pods.put('n/unrelated', { metadata: { name: 'unrelated', namespace: 'n' } });
  pods.remove('n/p');
  assert.equal(book.get('n/b')?.pod, undefined);
  assert.deepEqual(told, [['n/a'], ['n/b'], ['n/b'], ['n/b']]);
});

const owned = (machine: KubeObject, by: string): KubeObject => ({
  ...machine,
  metadata: {
    ...machine.metadata,
    ownerReferences: [{ apiVersion: 'vm.novasphere.dev/v1alpha1', kind: 'Wukong', name: by, uid: by }],
  },
});
const wukong = (name: string, phase: string, vmName?: string): KubeObject => ({
  metadata: { name, namespace: 'n' },
  status: { phase, ...(vmName !== undefined && { vmName }) },
});

test('[VK1] a Wukong that comes, changes and goes changes its machine and no other', async () => {
  const { vms, wukongs, cache } = shelves();
  vms.put('n/web-vm', vm('web-vm', 'd'));
  vms.put('n/odd', owned(vm('odd', 'd'), 'db'));
  vms.put('n/other-vm', owned(vm('other-vm', 'd'), 'db'));
  using book = await MachineBook.open(cache, new AbortController().signal);
  const told: (readonly string[])[] = [];
  book.observe((keys) => told.push(keys));
  assert.equal(book.get('n/odd')?.wukong, undefined);
  wukongs.put('n/web', wukong('web', 'Running'));
  assert.deepEqual([book.get('n/web-vm')?.wukong, book.find('n', 'web')?.name], ['web', 'web-vm']);
  wukongs.put('n/web', wukong('web', 'Running', 'another'));
  assert.equal(book.get('n/web-vm')?.wukong, undefined);
  wukongs.put('n/db', wukong('db', 'Stopped'));
  assert.deepEqual([book.get('n/odd')?.wukong, book.get('n/odd')?.wukongPhase], ['db', 'Stopped']);
  wukongs.put('n/other', wukong('other', 'Running'));
  assert.equal(book.get('n/other-vm')?.wukong, 'db');
  wukongs.remove('n/db');
  assert.equal(book.get('n/odd')?.wukong, undefined);
  assert.deepEqual(told, [
    ['n/web-vm'],
    ['n/web-vm'],
    ['n/odd', 'n/other-vm'],
    ['n/other-vm'],
    ['n/odd', 'n/other-vm'],
  ]);
});

test('[VM10] what a machine uses is of its pod, and shown only to who may see it', async () => {
  const { vms, instances, pods, cache } = shelves();
  const samples = new Map<string, UsageSample>([['n/p', [1, 0.5, 48 * 2 ** 20]]]);
  const looks = new Set<() => void>();
  let held = 0;
  const usage = {
    hold: () => {
      held += 1;
      return { [Symbol.dispose]: () => (held -= 1) };
    },
    onLook: (listener: () => void) => {
      looks.add(listener);
      return () => looks.delete(listener);
    },
    looked: () => Promise.resolve(),
    latest: (_kind: string, key: string) => samples.get(key),
  };
  const running = instance('a', 1);
  vms.put('n/a', vm('a', 'd'));
  instances.put('n/a', { ...running, spec: { domain: { cpu: { cores: 2 }, memory: { guest: '64Mi' } } } });
  pods.put('n/p', pod('p', 'a', 1));
  {
    using book = await MachineBook.open(cache, new AbortController().signal, usage as unknown as UsageMeter);
    const told: (readonly string[])[] = [];
    book.observe((keys) => told.push(keys));
    const first = { cpuUsage: 25, memoryUsage: 75, cpuCores: 0.5, memoryBytes: 48 * 2 ** 20 };
    assert.deepEqual(book.get('n/a', true)?.metrics, first);
    assert.equal(book.get('n/a')?.metrics, undefined);
    const look = (): void => looks.forEach((listener) => listener());
    look();
    samples.set('n/p', [2, 9, 2 ** 40]);
    look();
    assert.deepEqual(told, [['n/a']]);
    assert.deepEqual(
      [...book.in(null, () => true)].map(({ metrics }) => [metrics?.cpuUsage, metrics?.memoryUsage]),
      [[100, 100]],
    );
    pods.remove('n/p');
    assert.equal(book.get('n/a', true)?.metrics, undefined);
    assert.equal(held, 1);
  }
  assert.deepEqual([held, looks.size], [0, 0]);
});

test('[VM7] after any changes the book says what a new one would', async () => {
  const step = record({
    do: constantFrom(
      'vm',
      'owned',
      'no-vm',
      'instance',
      'no-instance',
      'pod',
      'no-pod',
      'claim',
      'no-claim',
      'filling',
      'wukong',
      'no-wukong',
    ),
    name: constantFrom('a', 'b', 'a-vm'),
    claim: constantFrom('x', 'y'),
    run: nat(2),
  });
  await holds(
    asyncProperty(array(step, { maxLength: 40 }), async (steps) => {
      const { vms, instances, pods, claims, dataVolumes, wukongs, cache } = shelves();
      using book = await MachineBook.open(cache, new AbortController().signal);
      const read = (one: MachineBook): unknown => [...one.in(null)];
      for (const one of steps) {
        const key = `n/${one.name}`;
        if (one.do === 'vm') vms.put(key, vm(one.name, one.claim));
        else if (one.do === 'owned') vms.put(key, owned(vm(one.name, one.claim), one.run === 0 ? 'a' : 'b'));
        else if (one.do === 'wukong')
          wukongs.put(key, wukong(one.name, `${one.run}`, ['a-vm', 'b'][one.run]));
        else if (one.do === 'no-wukong') wukongs.remove(key);
        else if (one.do === 'filling')
          dataVolumes.put(`n/${one.claim}`, { ...claim(one.claim, 1), status: { progress: `${one.run}%` } });
        else if (one.do === 'no-vm') vms.remove(key);
        else if (one.do === 'instance') instances.put(key, instance(one.name, one.run));
        else if (one.do === 'no-instance') instances.remove(key);
        else if (one.do === 'pod') pods.put(`n/p-${one.name}`, pod(`p-${one.name}`, one.name, one.run));
        else if (one.do === 'no-pod') pods.remove(`n/p-${one.name}`);
        else if (one.do === 'claim') claims.put(`n/${one.claim}`, claim(one.claim, one.run));
        else claims.remove(`n/${one.claim}`);
        read(book);
      }
      using fresh = await MachineBook.open(cache, new AbortController().signal);
      assert.deepEqual(read(book), read(fresh));
    }),
    {
      numRuns: 300,
      examples: [
        [
          [
            { do: 'pod', name: 'a', claim: 'x', run: 1 },
            { do: 'vm', name: 'a', claim: 'x', run: 0 },
            { do: 'instance', name: 'a', claim: 'x', run: 1 },
            { do: 'pod', name: 'a', claim: 'x', run: 0 },
          ],
        ],
      ],
    },
  );
});
