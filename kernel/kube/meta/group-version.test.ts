import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGvr, parseGroupVersion, resourcePath } from './group-version.ts';
import { formatKey, keyOf, parseKey } from './object-key.ts';

const deployments = { group: 'apps', version: 'v1', resource: 'deployments' };
const pods = { group: '', version: 'v1', resource: 'pods' };

test('[KM1] the text and the path of a kind', () => {
  assert.equal(formatGvr(deployments), 'apps/v1/deployments');
  assert.equal(formatGvr(pods), 'v1/pods');
  assert.deepEqual(parseGroupVersion('apps/v1'), { group: 'apps', version: 'v1' });
  assert.deepEqual(parseGroupVersion('v1'), { group: '', version: 'v1' });
  assert.equal(resourcePath(pods), '/api/v1/pods');
  assert.equal(
    resourcePath(deployments, { namespace: 'a', name: 'b', subresource: 'scale' }),
    '/apis/apps/v1/namespaces/a/deployments/b/scale',
  );
  assert.equal(
    resourcePath(pods, { namespace: 'a/..', name: 'b?c' }),
    '/api/v1/namespaces/a%2F../pods/b%3Fc',
  );
});

test('[KM2] a key goes to text and back', () => {
  for (const key of [
    { namespace: 'a', name: 'b' },
    { namespace: '', name: 'system:node' },
  ]) {
    assert.deepEqual(parseKey(formatKey(key)), key);
  }
  assert.equal(formatKey(keyOf({ metadata: { name: 'b', namespace: 'a' } })), 'a/b');
});
