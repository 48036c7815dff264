import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as holds, constantFrom, integer, oneof, property, record, constant } from 'fast-check';
import jsonPatch, { type Operation } from 'fast-json-patch';
import type { StateSource } from '@krateyard/hub/topic';
import type { Collection } from '@krateyard/kube/cache/cache';
import { createEncodedObjects } from '@krateyard/kube/cache/encoded';
import { formatKey, keyOf } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { columnsOf } from '../../contract/columns.ts';
import type { Delta, Snapshot, Synced } from '../../contract/watch-protocol.ts';
import { compareRows, parseOrder, type Order } from '../resources/order.ts';
import { parseSelection } from '../resources/selection.ts';
import type { Payload } from './encode.ts';
import { SetSource } from './set-source.ts';
import { WindowSource } from './window-source.ts';

/** The part of a Collection that sources read. */
class Objects {
  readonly byKey = new Map<string, KubeObject>();
  #version = 0;

  put(namespace: string, name: string, shown: boolean, rank: number): string {
    this.#version += 1;
    const object: KubeObject = {
      metadata: {
        name,
        namespace,
        uid: name,
        resourceVersion: String(this.#version),
        labels: { show: String(shown) },
      },
      data: Object.fromEntries(Array.from({ length: rank }, (_, index) => [`k${index}`, 'v'.repeat(30)])),
    };
    const key = formatKey(keyOf(object));
    this.byKey.set(key, object);
    return key;
  }

  asCollection(): Collection {
    const freshness = { state: 'live', observedAt: '', lagMs: 0 } as const;
    const entries = (namespace?: string): Iterable<readonly [string, KubeObject]> =>
      [...this.byKey].filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`));
    return {
      entries,
      get: (key: string) => this.byKey.get(key),
      freshness: () => freshness,
    } as unknown as Collection;
  }
}

interface Known {
  readonly objects: Map<string, unknown>;
  order: readonly string[] | undefined;
  total: number;
}

const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

function fromSnapshot(source: StateSource): Known {
  const objects = new Map<string, unknown>();
  for (const part of source.snapshot()) {
    for (const item of (parsed(part) as Snapshot).items)
      objects.set(formatKey(keyOf(item as KubeObject)), item);
  }
  const { order, total } = parsed(source.synced('r')) as Synced;
  return { objects, order, total };
}

function apply(known: Known, bytes: Uint8Array | undefined): void {
  if (!bytes) return;
  const delta = parsed(bytes) as Delta;
  for (const change of delta.changes) {
    if (change.op === 'deleted') known.objects.delete(change.key);
    else if ('object' in change) known.objects.set(change.key, change.object);
    else {
      const before = structuredClone(known.objects.get(change.key));
      known.objects.set(
        change.key,
        jsonPatch.applyPatch(before, change.patch as Operation[], true).newDocument,
      );
    }
  }
  known.total = delta.total ?? known.total;
  if (delta.order) {
    known.order = delta.order;
    for (const key of known.objects.keys()) if (!delta.order.includes(key)) known.objects.delete(key);
  }
}

function sourceOf(kind: 'set' | 'window', payload: Payload, objects: Objects): StateSource {
  const columns = columnsOf({ group: '', resource: 'configmaps', namespaced: true });
  const options = {
    collection: objects.asCollection(),
    view: { namespaces: ['a', 'b'], selection: parseSelection({ labelSelector: 'show=true' }, columns) },
    payload,
    stream: () => 's1',
    encoded: createEncodedObjects(1e6),
  };
  return kind === 'set'
    ? new SetSource(options)
    : new WindowSource({ ...options, order: parseOrder('-keys', columns), offset: 1, limit: 3 });
}

const step = oneof(
  {
    weight: 5,
    arbitrary: record({
      do: constant('put' as const),
      namespace: constantFrom('a', 'b', 'hidden'),
      name: constantFrom('1', '2', '3', '4', '5', '6'),
      shown: constantFrom(true, true, false),
      rank: integer({ min: 0, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      do: constant('remove' as const),
      namespace: constantFrom('a', 'b', 'hidden'),
      name: constantFrom('1', '2', '3', '4', '5', '6'),
    }),
  },
  { weight: 3, arbitrary: record({ do: constant('tell' as const) }) },
  { weight: 1, arbitrary: record({ do: constant('sleep' as const) }) },
  { weight: 1, arbitrary: record({ do: constant('wake' as const) }) },
);

for (const kind of ['set', 'window'] as const) {
  for (const payload of ['full', 'patch'] as const) {
    test(`[WI2] a ${kind} told by ${payload} deltas is what a fresh one would tell, for quick and for slow followers`, () => {
      holds(
        property(array(step, { maxLength: 60 }), (steps) => {
          const objects = new Objects();
          const source = sourceOf(kind, payload, objects);
          const quick = fromSnapshot(source);
          const slow = fromSnapshot(source);
          let dirty = new Set<string>();
          let missed: Set<string> | undefined;
          const tell = (): void => {
            const delta = source.delta(dirty, 'r');
            apply(quick, delta);
            if (!missed) apply(slow, delta);
            else for (const key of dirty) missed.add(key);
            dirty = new Set();
          };
          const wake = (): void => {
            tell();
            if (missed && missed.size > 0) apply(slow, source.catchUp(missed, 'r'));
            missed = undefined;
          };
          for (const next of steps) {
            if (next.do === 'put') dirty.add(objects.put(next.namespace, next.name, next.shown, next.rank));
            else if (next.do === 'remove') {
              const key = `${next.namespace}/${next.name}`;
              if (objects.byKey.delete(key)) dirty.add(key);
            } else if (next.do === 'tell') tell();
            else if (next.do === 'sleep') missed ??= new Set();
            else wake();
          }
          wake();
          const fresh = fromSnapshot(sourceOf(kind, payload, objects));
          for (const known of [quick, slow]) {
            assert.deepEqual(known.objects, fresh.objects);
            assert.deepEqual([known.order, known.total], [fresh.order, fresh.total]);
          }
        }),
        { numRuns: 500 },
      );
    });
  }
}

test('[WC6] rows that did not change go to the places that a new look gives them', () => {
  const objects = new Objects();
  for (const name of ['1', '2', '3']) objects.put('a', name, true, 0);
  const used = new Map([
    ['1', 30],
    ['2', 20],
  ]);
  const order: Order = {
    id: 'used',
    row: (key, object) => ({ key, object, sortKey: used.get(object.metadata.name ?? '') ?? null }),
    compare: compareRows(true),
    measured: true,
  };
  const source = new WindowSource({
    collection: objects.asCollection(),
    view: { namespaces: ['a'], selection: parseSelection({}, []) },
    payload: 'patch',
    stream: () => 's1',
    encoded: createEncodedObjects(1e6),
    order,
    offset: 0,
    limit: 2,
  });
  const known = fromSnapshot(source);
  assert.deepEqual(known.order, ['a/1', 'a/2']);
  used.set('3', 25).set('2', 40);
  apply(known, source.delta(new Set(objects.byKey.keys()), 'r'));
  assert.deepEqual(
    [known.order, [...known.objects.keys()].toSorted()],
    [
      ['a/2', 'a/1'],
      ['a/1', 'a/2'],
    ],
  );
  used.delete('1');
  // Few of many: each row is moved, not all sorted anew.
  for (let more = 10; more < 40; more += 1) objects.put('a', String(more), true, 0);
  apply(known, source.delta(new Set(objects.byKey.keys()), 'r'));
  used.set('20', 99);
  apply(known, source.delta(new Set(['a/20', 'a/2']), 'r'));
  assert.deepEqual(known.order, ['a/20', 'a/2']);
});
