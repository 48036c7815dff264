import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionTarget } from './object-action.ts';
import { podSelector, readyPodOf } from './pods-of.ts';
import { shellAction } from './shell-action.ts';

const target = (group: string, resource: string, object: object): ActionTarget => ({
  kind: { path: resource, group, version: 'v1', resource, kind: '', namespaced: true },
  key: 'shop/web',
  object: { metadata: { name: 'web', namespace: 'shop' }, ...object },
});
const pod = (name: string, ready: boolean, more: object = {}, startTime = '2026-01-01T00:00:00Z') => ({
  metadata: { name, ...more },
  status: { phase: 'Running', startTime, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

test('[TM14] a shell is offered for pods and for workloads, blocked while the pod does not run', () => {
  assert.ok(shellAction.fits(target('', 'pods', {})));
  assert.ok(shellAction.fits(target('apps', 'deployments', {})));
  assert.ok(!shellAction.fits(target('', 'services', {})));
  assert.ok(!shellAction.fits(target('example.com', 'pods', {})));
  assert.equal(shellAction.blocked?.(target('', 'pods', { status: { phase: 'Running' } })), undefined);
  assert.equal(
    shellAction.blocked?.(target('', 'pods', { status: { phase: 'Pending' } })),
    'The pod is not running',
  );
  assert.deepEqual(shellAction.right(target('', 'pods', {})), {
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'web',
  });
});

test('[TM14] of a workload the oldest ready pod is chosen, never one that is being deleted', () => {
  const pods = [
    pod('old-not-ready', false),
    pod('young', true, {}, '2026-03-01T00:00:00Z'),
    pod('going', true, { deletionTimestamp: 'x' }),
    pod('older', true, {}, '2026-02-01T00:00:00Z'),
    { metadata: { name: 'pending' }, status: { phase: 'Pending' } },
  ];
  assert.equal(readyPodOf(pods)?.metadata.name, 'older');
  assert.equal(readyPodOf(pods.slice(0, 1))?.metadata.name, 'old-not-ready');
  assert.equal(readyPodOf([]), undefined);
});

test('[TM14] a workload finds its pods by its selector, labels and expressions', () => {
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
      { key: 'x', operator: 'Exists' },
    ],
  };
  assert.equal(podSelector({ metadata: {}, spec: { selector } }), 'app=web,tier in (a,b),!old,x');
  assert.equal(podSelector({ metadata: {}, spec: { selector: { app: 'rc' } } }), 'app=rc');
  assert.equal(podSelector({ metadata: {} }), '');
});
