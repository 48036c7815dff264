import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PODS_KIND } from '../resources/testing/pods-kind.ts';
import { kindRights } from './kind-rights.ts';

const rule = (verbs: string[], resources: string[], more: object = {}) => ({
  verbs,
  apiGroups: [''],
  resources,
  ...more,
});

test('[FR4] verbs of all rules that fit, and none that the kind does not know', () => {
  const rights = kindRights(PODS_KIND, [
    rule(['get', 'list'], ['pods', 'services']),
    rule(['delete'], ['*'], { apiGroups: ['apps'] }),
    rule(['watch'], ['*'], { apiGroups: ['*'] }),
    rule(['bind', 'use'], ['pods']),
  ]);
  assert.deepEqual(rights.allowed, ['get', 'list', 'watch']);
  assert.deepEqual(kindRights(PODS_KIND, [rule(['*'], ['*'])]).allowed, PODS_KIND.verbs);
  assert.deepEqual(kindRights(PODS_KIND, []).allowed, []);
});

test('[FR4] rights on some names stand apart, without what is allowed on all', () => {
  const rights = kindRights(PODS_KIND, [
    rule(['get'], ['pods']),
    rule(['get', 'delete'], ['pods'], { resourceNames: ['web', 'db'] }),
    rule(['get'], ['pods'], { resourceNames: ['x'] }),
  ]);
  assert.deepEqual(rights.allowed, ['get']);
  assert.deepEqual(rights.named, [{ names: ['db', 'web'], verbs: ['delete'] }]);
});

test('[FR4] subresources have rights of their own', () => {
  assert.deepEqual(kindRights(PODS_KIND, [rule(['get'], ['pods'])]).subresources, {});
  assert.deepEqual(
    kindRights(PODS_KIND, [
      rule(['create'], ['pods/exec']),
      rule(['get'], ['*/log']),
      rule(['get'], ['pods/*']),
    ]).subresources,
    { log: ['get'], exec: ['get', 'create'], status: ['get'] },
  );
  assert.deepEqual(kindRights(PODS_KIND, [rule(['get'], ['*'])]).subresources['log'], ['get']);
});
