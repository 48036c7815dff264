import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindRights } from '../../contract/rights-api.ts';
import { cellOf, furtherOf, kindNamed, shownRows } from './rights-rows.ts';

const rights = (kind: string, group: string, more: Partial<KindRights> = {}): KindRights => ({
  kind: {
    path: `${group}/v1/${kind.toLowerCase()}s`,
    group,
    version: 'v1',
    resource: `${kind.toLowerCase()}s`,
    kind,
    namespaced: true,
  },
  verbs: ['get', 'list', 'delete', 'deletecollection'],
  allowed: [],
  named: [],
  subresources: {},
  ...more,
});

test('[FR6] a cell says allowed, only some names, not allowed, or that there is no such verb', () => {
  const pods = rights('Pod', '', {
    allowed: ['get', 'deletecollection'],
    named: [
      { names: ['b'], verbs: ['delete'] },
      { names: ['a', 'b'], verbs: ['delete'] },
    ],
    subresources: { exec: ['create'] },
  });
  assert.deepEqual(cellOf(pods, 'get'), { state: 'allowed' });
  assert.deepEqual(cellOf(pods, 'delete'), { state: 'some', names: ['a', 'b'] });
  assert.deepEqual(cellOf(pods, 'list'), { state: 'refused' });
  assert.deepEqual(cellOf(pods, 'watch'), { state: 'none' });
  assert.deepEqual(furtherOf(pods), [
    { of: 'pods', subresource: undefined, verbs: ['deletecollection'] },
    { of: 'pods/exec', subresource: '/exec', verbs: ['create'] },
  ]);
});

test('[FR6] kinds are filtered by words, the core ones first, those of no use on demand', () => {
  const items = [
    rights('Widget', 'x.example', { allowed: ['get'] }),
    rights('Deployment', 'apps', { allowed: ['list'] }),
    rights('Pod', '', { subresources: { log: ['get'] } }),
    rights('Node', ''),
  ];
  const kinds = (typed: string, all: boolean) => shownRows(items, typed, all).map(({ kind }) => kind.kind);
  assert.deepEqual(kinds('', false), ['Pod', 'Deployment', 'Widget']);
  assert.deepEqual(kinds('', true), ['Node', 'Pod', 'Deployment', 'Widget']);
  assert.deepEqual(kinds('x.example GET', true), ['Widget']);
  assert.equal(kindNamed(items, ' pods ')?.kind.kind, 'Pod');
  assert.equal(kindNamed(items, 'widgets.x.example')?.kind.kind, 'Widget');
  assert.equal(kindNamed(items, 'po'), undefined);
});
