import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatusError } from '@krateyard/status/status-error';
import type { KubeObject } from '../meta/object.ts';
import { realCluster } from '../test-servers/real-cluster.ts';

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

const reason = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: StatusError) => error.reason,
  );

test('[KC9] [KC15] [KC18] a real API server: writes, patches, conflicts, watch', async (t) => {
  const { client, namespace } = await realCluster(t);
  const key = { name: 'a', namespace };
  const { metadata } = await client.list(CONFIG_MAPS, { namespace });
  await client.create<ConfigMap>(CONFIG_MAPS, { metadata: key, data: { x: '1' } }, { fieldManager: 'one' });
  assert.equal(await reason(client.create(CONFIG_MAPS, { metadata: key })), 'AlreadyExists');
  assert.equal(await reason(client.get(CONFIG_MAPS, 'none', namespace)), 'NotFound');
  const { object } = await client.patch<ConfigMap>(
    CONFIG_MAPS,
    key,
    'merge',
    { data: { y: '2' } },
    { fieldManager: 'one' },
  );
  assert.deepEqual(object.data, { x: '1', y: '2' });
  await client.patch(CONFIG_MAPS, key, 'strategic', { data: { y: null } });
  await client.patch(CONFIG_MAPS, key, 'json', [{ op: 'add', path: '/data/z', value: '3' }]);
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data: { x: 'taken' } };
  assert.equal(await reason(client.apply(CONFIG_MAPS, applied, { fieldManager: 'two' })), 'Conflict');
  await client.apply(CONFIG_MAPS, applied, { fieldManager: 'two', force: true, dryRun: true });
  assert.deepEqual((await client.get<ConfigMap>(CONFIG_MAPS, 'a', namespace)).data, { x: '1', z: '3' });
  assert.equal(await client.delete(CONFIG_MAPS, 'a', namespace), undefined);
  const seen: string[] = [];
  const stop = new AbortController();
  const options = {
    namespace,
    fieldSelector: 'metadata.name=a',
    resourceVersion: metadata.resourceVersion!,
    signal: stop.signal,
  };
  for await (const { type } of client.watch(CONFIG_MAPS, options)) {
    seen.push(type);
    if (type === 'DELETED') break;
  }
  assert.deepEqual(seen, ['ADDED', 'MODIFIED', 'MODIFIED', 'MODIFIED', 'DELETED']);
  assert.equal(await reason(client.list(CONFIG_MAPS, { limit: 1, continue: 'garbage' })), 'BadRequest');
});

test('[KC7] a real API server sees whom we act as', async (t) => {
  const { client, namespace } = await realCluster(t);
  const zoe = client.as({
    username: 'Zoë',
    groups: ['a,b', 'c'],
    extra: { 'example.com/scope': ['x', 'ü'] },
  });
  const review = await zoe.request<{ status: { userInfo: unknown } }>({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  assert.deepEqual(review.status.userInfo, {
    username: 'Zoë',
    groups: ['a,b', 'c', 'system:authenticated'],
    extra: { 'example.com/scope': ['x', 'ü'] },
  });
  assert.equal(await reason(zoe.list(CONFIG_MAPS, { namespace })), 'Forbidden');
});
