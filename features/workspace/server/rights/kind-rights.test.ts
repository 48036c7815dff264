import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { kindRights } from './kind-rights.ts';

const pods: ResourceKind = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  singular: 'pod',
  shortNames: ['po'],
  categories: [],
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'create', 'delete'],
  subresources: ['log', 'exec', 'status'],
} as unknown as ResourceKind;

const rule = (verbs: string[], resources: string[], more: object = {}) => ({
  verbs,
  apiGroups: [''],
  resources,
  ...more,
});

test('[FR4] verbs of all rules that fit, and none that the kind does not know', () => {
  const rights = kindRights(pods, [
    rule(['get', 'list'], ['pods', 'services']),
    rule(['delete'], ['*'], { apiGroups: ['apps'] }),
    rule(['watch'], ['*'], { apiGroups: ['*'] }),
    rule(['bind', 'use'], ['pods']),
  ]);
  assert.deepEqual(rights.allowed, ['get', 'list', 'watch']);
  assert.deepEqual(kindRights(pods, [rule(['*'], ['*'])]).allowed, pods.verbs);
  assert.deepEqual(kindRights(pods, []).allowed, []);
});

test('[FR4] rights on some names stand apart, without what is allowed on all', () => {
  const rights = kindRights(pods, [
    rule(['get'], ['pods']),
    rule(['get', 'delete'], ['pods'], { resourceNames: ['web', 'db'] }),
    rule(['get'], ['pods'], { resourceNames: ['x'] }),
  ]);
  assert.deepEqual(rights.allowed, ['get']);
  assert.deepEqual(rights.named, [{ names: ['db', 'web'], verbs: ['delete'] }]);
});

test('[FR4] subresources have rights of their own', () => {
  assert.deepEqual(kindRights(pods, [rule(['get'], ['pods'])]).subresources, {});
  assert.deepEqual(
    kindRights(pods, [rule(['create'], ['pods/exec']), rule(['get'], ['*/log']), rule(['get'], ['pods/*'])])
      .subresources,
    { log: ['get'], exec: ['get', 'create'], status: ['get'] },
  );
  assert.deepEqual(kindRights(pods, [rule(['get'], ['*'])]).subresources['log'], ['get']);
});
