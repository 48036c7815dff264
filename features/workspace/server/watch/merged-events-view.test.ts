import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as holds, boolean, constantFrom, integer, property, record } from 'fast-check';
import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { columnsOf } from '../../contract/columns.ts';
import { parseOrder } from '../resources/order.ts';
import { parseSelection } from '../resources/selection.ts';
import { MergedEventsView } from './merged-events-view.ts';

const columns = columnsOf({ group: '', resource: 'events', namespaced: true });
const minute = (at: number): string => new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString();

interface Said {
  readonly about: string;
  readonly message: string;
  readonly at: number;
  readonly count?: number;
}

let version = 0;
const event = (name: string, { about, message, at, count }: Said): KubeObject =>
  ({
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      resourceVersion: String((version += 1)),
      creationTimestamp: minute(at),
    },
    type: 'Warning',
    reason: 'BackOff',
    involvedObject: { kind: 'Pod', namespace: 'shop', name: about },
    message,
    firstTimestamp: minute(at),
    lastTimestamp: minute(at + 1),
    ...(count !== undefined && { count }),
  }) as KubeObject;

function viewOf(
  objects: ReadonlyMap<string, KubeObject>,
  sort = '-last-seen',
  search?: string,
): MergedEventsView {
  const collection = { entries: () => objects.entries(), get: (key: string) => objects.get(key) };
  const view = { namespaces: null, selection: parseSelection({ search }, columns) };
  return new MergedEventsView(collection as unknown as Collection, view, parseOrder(sort, columns));
}

const factsOf = (view: MergedEventsView): unknown[] =>
  view.slice(0, 100).map(({ key, object }) => {
    const { message, count, firstTimestamp, lastTimestamp } = object as KubeObject & Record<string, unknown>;
    return [key, message, count, firstTimestamp, lastTimestamp];
  });

test('[WP19] events that say the same of the same object are one row, the newest words, counts together', () => {
  const objects = new Map([
    ['shop/b', event('b', { about: 'web', message: 'restarting, 3 times', at: 5, count: 2 })],
    ['shop/a', event('a', { about: 'web', message: 'restarting, 1 times', at: 1 })],
    ['shop/c', event('c', { about: 'db', message: 'restarting, 1 times', at: 3 })],
    ['shop/d', event('d', { about: 'web', message: 'pulling', at: 2 })],
  ]);
  const view = viewOf(objects);
  assert.equal(view.total, 3);
  assert.deepEqual(factsOf(view), [
    ['shop/a', 'restarting, 3 times', 3, minute(1), minute(6)],
    ['shop/c', 'restarting, 1 times', undefined, minute(3), minute(4)],
    ['shop/d', 'pulling', undefined, minute(2), minute(3)],
  ]);
  const before = view.slice(0, 1)[0]!.object;
  objects.set('shop/e', event('e', { about: 'web', message: 'restarting, 9 times', at: 9 }));
  view.update(new Set(['shop/e']));
  const [after] = view.slice(0, 1);
  assert.deepEqual(factsOf(view)[0], ['shop/a', 'restarting, 9 times', 4, minute(1), minute(10)]);
  assert.equal(after!.object.metadata.uid, 'a');
  assert.notEqual(after!.object.metadata.resourceVersion, before.metadata.resourceVersion);
  for (const gone of ['shop/a', 'shop/b']) objects.delete(gone);
  view.update(new Set(['shop/a', 'shop/b']));
  assert.equal(view.slice(0, 1)[0]!.object, objects.get('shop/e'), 'one alone is the object itself');
});

test('[WP19] changed one by one, merged events are what they would be made anew', () => {
  const step = record({
    name: constantFrom('1', '2', '3', '4', '5', '6'),
    gone: boolean(),
    about: constantFrom('web', 'db'),
    message: constantFrom('pulling image 7', 'pulling image 8', 'started hidden', 'started'),
    at: integer({ min: 0, max: 20 }),
    count: integer({ min: 1, max: 3 }),
    tell: boolean(),
  });
  holds(
    property(array(step, { maxLength: 40 }), constantFrom('-last-seen', 'count', 'object'), (steps, sort) => {
      const objects = new Map<string, KubeObject>();
      const view = viewOf(objects, sort, 'ing');
      let dirty = new Set<string>();
      for (const { name, gone, tell, ...said } of steps) {
        const key = `shop/${name}`;
        if (gone) objects.delete(key);
        else objects.set(key, event(name, said));
        dirty.add(key);
        if (!tell) continue;
        view.update(dirty);
        dirty = new Set();
      }
      view.update(dirty);
      const fresh = viewOf(objects, sort, 'ing');
      assert.equal(view.total, fresh.total);
      assert.deepEqual(view.slice(0, 100), fresh.slice(0, 100));
    }),
    { numRuns: 300 },
  );
});
