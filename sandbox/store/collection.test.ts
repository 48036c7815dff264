import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { ObjectStore } from './object-store.ts';
import { WatchCursor, selectEvent } from './watch-cursor.ts';

const object = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  metadata: { name, labels },
});
const names = (list: readonly { key: string }[]): string[] => list.map(({ key }) => key);

test('[SB1] every write of every collection takes the next revision', () => {
  const store = new ObjectStore();
  const first = store.collection('pods').put('a/x', object('x'));
  const second = store.collection('nodes').put('n', object('n'));
  assert.equal(second.revision, first.revision + 1);
  assert.equal(second.object.metadata.resourceVersion, String(second.revision));
  assert.equal(store.collection('pods').remove('a/x')?.revision, second.revision + 1);
});

test('[SB2] what is stored is frozen all the way down and encoded once', () => {
  const stored = new ObjectStore().collection('pods').put('a/x', object('x', { app: 'web' }));
  assert.throws(() => (stored.object.metadata.labels!['app'] = 'db'), TypeError);
  assert.equal(stored.json, stored.json);
  assert.deepEqual(JSON.parse(stored.json), stored.object);
});

test('[SB3] lists are in byte order, of one namespace or of all', () => {
  const pods = new ObjectStore().collection('pods');
  for (const key of ['ns/b', 'ns-a/z', 'ns/a', 'other/c', 'ns0/d']) pods.put(key, object(key));
  assert.deepEqual(names(pods.list()), ['ns-a/z', 'ns/a', 'ns/b', 'ns0/d', 'other/c']);
  assert.deepEqual(names(pods.list('ns')), ['ns/a', 'ns/b']);
  assert.deepEqual(names(pods.list('nobody')), []);
});

test('[SB4] a list at an earlier revision is what was there then', () => {
  const store = new ObjectStore();
  const pods = store.collection('pods');
  pods.put('a/x', object('x', { v: '1' }));
  pods.put('a/y', object('y'));
  const then = store.current;
  pods.put('a/x', object('x', { v: '2' }));
  pods.remove('a/y');
  pods.put('a/z', object('z'));
  assert.deepEqual(names(pods.listAt(then)), ['a/x', 'a/y']);
  assert.deepEqual(pods.listAt(then)[0]?.object.metadata.labels, { v: '1' });
  assert.deepEqual(names(pods.listAt(store.current)), ['a/x', 'a/z']);
  assert.deepEqual(names(pods.listAt(then, 'b')), []);
});

test('[SB5] a history forgets its oldest changes, and says so', () => {
  const store = new ObjectStore({ historyLimit: 3 });
  const pods = store.collection('pods');
  const start = store.current;
  for (let i = 0; i < 5; i += 1) pods.put(`a/${i}`, object(String(i)));
  assert.equal(pods.history.length, 3);
  assert.equal(new WatchCursor(pods, start).read(10), 'expired');
  const events = new WatchCursor(pods, start + 2).read(10);
  assert.ok(events !== 'expired');
  assert.deepEqual(names(events.map(({ current }) => current)), ['a/2', 'a/3', 'a/4']);
  store.forgetHistory();
  assert.equal(new WatchCursor(pods, start + 3).read(10), 'expired');
  assert.deepEqual(new WatchCursor(pods, store.current).read(10), []);
});

test('[SB5] a collection that is new after a loss expires what was before it, too', () => {
  const store = new ObjectStore();
  store.collection('pods').put('a/x', object('x'));
  store.forgetHistory();
  assert.equal(new WatchCursor(store.collection('nodes'), 1).read(1), 'expired');
});

test('[SB6] objects enter and leave the view of a selector', () => {
  const store = new ObjectStore();
  const pods = store.collection('pods');
  const cursor = new WatchCursor(pods, store.current);
  for (const app of ['web', 'db', 'web']) pods.put('a/x', object('x', { app }));
  pods.put('a/x', object('x', { app: 'web', more: '1' }));
  pods.remove('a/x');
  const events = cursor.read(10);
  assert.ok(events !== 'expired');
  const seen = events.map((event) =>
    selectEvent(event, ({ object }) => object.metadata.labels?.['app'] === 'web'),
  );
  assert.deepEqual(
    seen.map((event) => event?.type),
    ['ADDED', 'DELETED', 'ADDED', 'MODIFIED', 'DELETED'],
  );
  assert.equal(seen[1]?.stored.object.metadata.labels?.['app'], 'web');
  assert.equal(seen[1]?.stored.object.metadata.resourceVersion, String(events[1]?.revision));
});

test('[SB7] listeners hear once a turn, after the call', async () => {
  const pods = new ObjectStore().collection('pods');
  let heard = 0;
  const stop = pods.onChange(() => (heard += 1));
  pods.put('a/x', object('x'));
  pods.put('a/y', object('y'));
  assert.equal(heard, 0);
  await Promise.resolve();
  assert.equal(heard, 1);
  stop();
  pods.put('a/z', object('z'));
  await Promise.resolve();
  assert.equal(heard, 1);
});
