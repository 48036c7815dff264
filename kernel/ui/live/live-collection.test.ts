import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveCollection, type CollectionView } from './live-collection.ts';
import type { LiveFrame, LiveObject } from './live-frames.ts';

type Frame = LiveFrame<string>;

const pod = (name: string, version = '1', extra: object = {}): LiveObject => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: version },
  ...extra,
});
const key = (name: string): string => `shop/${name}`;
const live = { state: 'live', observedAt: '2026-01-01T00:00:00Z', lagMs: 0 } as const;
const begin = (resumed = false, offset = 0): Frame => ({
  type: 'subscribed',
  head: 'pods',
  resumed,
  window: { offset, limit: 240 },
});
const snapshot = (...items: LiveObject[]): Frame => ({ type: 'snapshot', part: 0, items });
const synced = (...names: string[]): Frame => ({
  type: 'synced',
  total: names.length,
  order: names.map(key),
  freshness: live,
});

function collection() {
  const frames: (() => void)[] = [];
  const state = { torn: 0 };
  const made = new LiveCollection<string>({
    now: () => 1000,
    schedule: (run) => frames.push(run),
    onTorn: () => (state.torn += 1),
  });
  const draw = (): CollectionView<string> => {
    for (const run of frames.splice(0)) run();
    return made.view.get();
  };
  return { made, draw, state, frames };
}

function synchronized(...names: string[]) {
  const all = collection();
  all.made.apply(begin());
  all.made.apply(snapshot(...names.map((name) => pod(name))));
  all.made.apply(synced(...names));
  all.draw();
  return all;
}

const names = (view: CollectionView<string>): string[] =>
  view.rows.map((row) => `${row.object.metadata.name}${row.gone ? ' gone' : ''}`);

test('[UI10] a snapshot shows when it is complete', () => {
  const { made, draw } = collection();
  assert.equal(draw().phase, 'loading');
  made.apply(begin());
  made.apply(snapshot(pod('a')));
  assert.equal(draw().rows.length, 0);
  made.apply({ type: 'snapshot', part: 1, items: [pod('b')] });
  made.apply(synced('b', 'a'));
  assert.deepEqual([draw().phase, names(draw())], ['ready', ['b', 'a']]);
  made.apply(begin(false, 20));
  made.apply(snapshot(pod('c')));
  assert.deepEqual([draw().offset, names(draw())], [0, ['b', 'a']]);
  made.apply({ type: 'synced', total: 21, order: [key('c')], freshness: live });
  assert.deepEqual([draw().offset, draw().total, names(draw())], [20, 21, ['c']]);
});

test('[UI10] a resumed collection keeps what is known', () => {
  const { made, draw } = synchronized('a');
  made.apply(begin(true));
  made.apply({ type: 'delta', changes: [{ op: 'modified', key: key('a'), object: pod('a', '2') }] });
  made.apply(synced('a'));
  assert.equal(draw().rows[0]?.object.metadata['resourceVersion'], '2');
});

test('[UI11] rows that did not change stay the same objects', () => {
  const { made, draw } = synchronized('a', 'b');
  const before = draw().rows;
  made.apply({ type: 'delta', changes: [{ op: 'modified', key: key('b'), object: pod('b', '2') }] });
  assert.equal(draw().rows[0], before[0]);
  assert.notEqual(draw().rows[1], before[1]);
  made.apply(begin());
  made.apply(snapshot(pod('a'), pod('b', '3')));
  made.apply(synced('a', 'b'));
  assert.equal(draw().rows[0], before[0]);
});

test('[UI12] many messages make one view', () => {
  const { made, draw, frames } = synchronized('a');
  let views = 0;
  made.view.subscribe(() => (views += 1));
  for (let version = 2; version < 102; version += 1) {
    made.apply({
      type: 'delta',
      changes: [{ op: 'modified', key: key('a'), object: pod('a', String(version)) }],
    });
  }
  assert.equal(frames.length, 1);
  draw();
  assert.equal(views, 1);
});

test('[UI13] deltas add, change, patch and delete; order leaves out what no longer shows', () => {
  const { made, draw } = synchronized('a', 'b');
  made.apply({
    type: 'delta',
    changes: [
      { op: 'added', key: key('c'), object: pod('c') },
      {
        op: 'modified',
        key: key('a'),
        patch: [{ op: 'add', path: '/status', value: { phase: 'Running' } }],
      },
      { op: 'deleted', key: key('unknown') },
    ],
    total: 9,
    order: [key('c'), key('a')],
  });
  const view = draw();
  assert.deepEqual(names(view), ['c', 'a']);
  assert.equal(view.total, 9);
  assert.deepEqual(view.rows[1]?.object['status'], { phase: 'Running' });
  assert.deepEqual([view.rows[0]?.appearedAt, view.rows[1]?.appearedAt], [1000, undefined]);
});

test('[UI14] while held, places stay and values change', () => {
  const { made, draw } = synchronized('a', 'b');
  made.hold(true);
  made.apply({
    type: 'delta',
    changes: [
      { op: 'added', key: key('0'), object: pod('0') },
      { op: 'deleted', key: key('a') },
      { op: 'modified', key: key('b'), object: pod('b', '2') },
    ],
    order: [key('0'), key('b')],
    total: 2,
  });
  const held = draw();
  assert.deepEqual(names(held), ['a gone', 'b']);
  assert.equal(held.rows[1]?.object.metadata['resourceVersion'], '2');
  assert.equal(held.held, 1);
  made.hold(false);
  assert.deepEqual([names(draw()), draw().held], [['0', 'b'], 0]);
});

test('[UI15] a lost right takes all rows away and says why', () => {
  const { made, draw } = synchronized('a');
  made.hold(true);
  made.apply({ type: 'ended', status: { message: 'no more', reason: 'Forbidden', code: 403 } });
  const view = draw();
  assert.deepEqual(
    [view.phase, view.rows.length, view.total, view.ended, view.status?.message],
    ['failed', 0, 0, true, 'no more'],
  );
  made.apply({ type: 'refused', status: { message: 'still not', reason: 'Forbidden', code: 403 } });
  assert.deepEqual([draw().ended, draw().status?.message], [true, 'still not']);
  made.apply(begin());
  made.apply(snapshot(pod('a')));
  made.apply(synced('a'));
  assert.deepEqual([draw().phase, draw().status, draw().ended], ['ready', undefined, false]);
});

test('[UI16] a patch for what is not known asks anew and shows nothing wrong', () => {
  const { made, draw, state } = synchronized('a');
  const patch = [{ op: 'replace', path: '/status/phase', value: 'Running' }] as const;
  made.apply({ type: 'delta', changes: [{ op: 'modified', key: key('z'), patch }] });
  made.apply({ type: 'delta', changes: [{ op: 'modified', key: key('a'), patch }] });
  assert.equal(state.torn, 2);
  assert.deepEqual(names(draw()), ['a']);
  assert.equal(draw().rows[0]?.object['status'], undefined);
});
