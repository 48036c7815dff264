import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindSummary } from '../contract/resource-api.ts';
import { conditionsOf, pairsOf } from './object-facts.ts';
import { groupOf, kindItems } from './kind-groups.ts';
import { objectQuery, queryOf, scopedView } from './query-of.ts';
import { WatchWire } from './watch-wire.ts';

const kind = (group: string, resource: string, name: string, verbs = ['list']): KindSummary => ({
  path: group ? `${group}/v1/${resource}` : resource,
  group,
  version: 'v1',
  resource,
  kind: name,
  namespaced: true,
  singular: name.toLowerCase(),
  shortNames: [],
  categories: [],
  verbs,
  subresources: [],
});

test('kinds are grouped as people think, most used first, and told apart by group', () => {
  const items = kindItems([
    kind('example.com', 'pods', 'Pod'),
    kind('', 'secrets', 'Secret'),
    kind('apps', 'deployments', 'Deployment'),
    kind('', 'pods', 'Pod'),
    kind('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', ['create']),
  ]);
  assert.deepEqual(
    items.map(({ label, group, hint }) => `${group}: ${label} ${hint ?? ''}`.trim()),
    ['Workloads: Pod core', 'Workloads: Deployment', 'Config: Secret', 'Custom: Pod example.com'],
  );
  assert.equal(groupOf({ group: '', resource: 'bindings' }), 'config');
});

test('the filter becomes selectors, search and cell filters', () => {
  const view = { kind: 'pods', namespaces: ['b', 'a'], filter: 'web label=app=shop status:Failed node:n1' };
  assert.deepEqual(queryOf(view), {
    kind: 'pods',
    namespaces: ['a', 'b'],
    labelSelector: 'app=shop',
    search: 'web',
    where: { status: ['failed'], node: ['n1'] },
  });
  assert.deepEqual(objectQuery('v1/nodes', 'n1'), {
    kind: 'v1/nodes',
    namespaces: [],
    fieldSelector: 'metadata.name=n1',
  });
});

test('chosen namespaces are left out where a kind is in none', () => {
  const view = {
    kind: 'v1/nodes',
    namespaces: ['a'],
    filter: '',
    sort: undefined,
    open: undefined,
    tab: 'summary',
  } as const;
  assert.deepEqual(scopedView(view, []).namespaces, []);
  const things = { ...view, kind: 'example.com/v1/things' };
  assert.deepEqual(scopedView(things, []).namespaces, ['a']);
  assert.deepEqual(scopedView(things, [{ path: things.kind, namespaced: false }]).namespaces, []);
  assert.deepEqual(scopedView(things, [{ path: things.kind, namespaced: true }]).namespaces, ['a']);
});

test('rows reach every subscription of their stream, and no other', () => {
  const wire = new WatchWire();
  const read = (frame: object) => wire.read(JSON.stringify(frame));
  const subscribed = (id: string, stream: string) =>
    read({
      type: 'subscribed',
      id,
      stream,
      kind: {},
      columns: [],
      namespaces: null,
      payload: 'patch',
      resumed: false,
    });
  subscribed('1', 's1');
  subscribed('2', 's1');
  subscribed('3', 's2');
  assert.deepEqual(read({ type: 'delta', stream: 's1', changes: [], resume: 'r1' })?.ids, ['1', '2']);
  subscribed('2', 's3');
  assert.deepEqual(read({ type: 'delta', stream: 's1', changes: [], resume: 'r2' })?.ids, ['1']);
  wire.unsubscribe('1');
  assert.deepEqual(read({ type: 'snapshot', stream: 's1', part: 0, items: [] })?.ids, []);
  const ended = read({
    type: 'ended',
    stream: 's3',
    status: { message: 'gone', reason: 'Forbidden', code: 403 },
  });
  assert.deepEqual([ended?.ids, ended?.ended], [['2'], true]);
  assert.equal(wire.read('no json'), undefined);
  assert.equal(read({ type: 'from-the-future' }), undefined);
  assert.equal(read({ type: 'hello', heartbeatMs: 5000 })?.heartbeatMs, 5000);
});

test('conditions of any shape are read or left out, never an error', () => {
  const of = (conditions: unknown) => conditionsOf({ metadata: {}, status: { conditions } });
  assert.deepEqual(of(undefined), []);
  assert.deepEqual(of([null, 3, {}, { type: 7 }]), []);
  const words = of([
    { type: 'Ready', status: 'True' },
    { type: 'Ready', status: 'False' },
    { type: 'MemoryPressure', status: 'True' },
    { type: 'MemoryPressure', status: 'False' },
    { type: 'Ready', status: 'Unknown' },
  ]).map(({ word }) => word);
  assert.deepEqual(words, ['Running', 'Pending', 'Failed', 'Running', 'Unknown']);
  assert.deepEqual(pairsOf({ b: 1, a: 'x' }), [
    ['a', 'x'],
    ['b', '1'],
  ]);
});
