import assert from 'node:assert/strict';
import { get } from 'node:https';
import { after, before, test } from 'node:test';
import type { KubeObject, WatchEvent } from '@krateyard/kube/meta/object';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { ask, type Wire } from '../test-request.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const MAPS_GVR = { group: '', version: 'v1', resource: 'configmaps' } as const;

let sandbox: Sandbox;
before(async () => {
  sandbox = await createSandbox({ historyLimit: 200 });
});
after(() => sandbox.stop());

const map = (name: string, data: Record<string, string> = {}, metadata: object = {}): Wire => ({
  metadata: { name, ...metadata },
  data,
});
const admin = (path: string, how?: Parameters<typeof ask>[3]) => ask(sandbox, 'admin', path, how);
const merge = (path: string, body: unknown) =>
  admin(path, { method: 'PATCH', body, headers: { 'content-type': 'application/merge-patch+json' } });

/** Events of a watch, until `count` have come or it ends. */
async function watched(path: string, count: number): Promise<Wire[]> {
  const token = sandbox.people.tokenOf('admin');
  const { promise, resolve, reject } = Promise.withResolvers<Wire[]>();
  const request = get(
    sandbox.url + path,
    { ca: sandbox.caPem, agent: false, headers: { authorization: `Bearer ${token}` } },
    (response) => {
      let text = '';
      const lines = (): string[] => text.split('\n').slice(0, -1);
      const done = (): void =>
        resolve(
          lines()
            .slice(0, count)
            .map((line) => JSON.parse(line) as Wire),
        );
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (lines().length >= count) {
          done();
          request.destroy();
        }
      });
      response.on('end', done);
      response.on('error', () => {});
    },
  );
  request.on('error', reject);
  return promise;
}

test('[SB11] pages are one snapshot, and an old token goes on without consistency', async () => {
  for (const name of ['p1', 'p2', 'p3']) await admin(MAPS, { body: map(name, {}, { labels: { page: '' } }) });
  const first = (await admin(`${MAPS}?limit=2&labelSelector=page`)).body;
  await admin(`${MAPS}/p3`, { method: 'DELETE' });
  const rest = (await admin(`${MAPS}?limit=2&labelSelector=page&continue=${first.metadata.continue}`)).body;
  assert.deepEqual(
    [...first.items, ...rest.items].map((item: Wire) => item.metadata.name),
    ['p1', 'p2', 'p3'],
  );
  assert.equal(rest.metadata.resourceVersion, first.metadata.resourceVersion);
  for (let i = 0; i < 210; i += 1)
    await sandbox.client.patch(MAPS_GVR, 'p1', 'default', { data: { i: String(i) } });
  const late = await admin(`${MAPS}?limit=2&continue=${first.metadata.continue}`);
  assert.equal(late.status, 410);
  assert.equal(late.body.reason, 'Expired');
  assert.equal((await admin(`${MAPS}?continue=${late.body.metadata.continue}`)).status, 200);
});

test('[SB12] revisions of the future and none at all', async () => {
  const future = await admin(`${MAPS}?resourceVersion=99999999`);
  assert.equal(future.status, 504);
  assert.equal(future.body.details.causes[0].reason, 'ResourceVersionTooLarge');
  assert.equal((await admin(`${MAPS}?resourceVersion=soon`)).status, 400);
});

test('[SB13] a watch from a forgotten revision ends with one 410', async () => {
  const events = await watched(`${MAPS}?watch=1&resourceVersion=1`, 5);
  assert.deepEqual(
    events.map(({ type, object }) => [type, object.code, object.reason]),
    [['ERROR', 410, 'Expired']],
  );
});

test('[SB14] WatchList tells the present, its end, and what comes', async () => {
  await admin(MAPS, { body: map('wl', {}, { labels: { wl: '' } }) });
  const options = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const events = watched(`${MAPS}?${options}&labelSelector=wl`, 3);
  await pollUntilWatched(() => merge(`${MAPS}/wl`, { data: { n: String(Math.random()) } }), events);
  const [added, bookmark, modified] = await events;
  assert.equal(added.type, 'ADDED');
  assert.equal(bookmark.object.metadata.annotations['k8s.io/initial-events-end'], 'true');
  assert.equal(modified.type, 'MODIFIED');
});

/** Repeats `change` until the watch has seen enough: there is no telling when it began. */
async function pollUntilWatched(change: () => Promise<unknown>, events: Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const seen = await Promise.race([events.then(() => true), change().then(() => false)]);
    if (seen) return;
  }
}

test('[SB15] an old resourceVersion is a conflict', async () => {
  const made = (await admin(MAPS, { body: map('cas', { a: '1' }) })).body;
  await merge(`${MAPS}/cas`, { data: { a: '2' } });
  const reply = await admin(`${MAPS}/cas`, { method: 'PUT', body: { ...made, data: { a: '3' } } });
  assert.equal(reply.status, 409);
  assert.match(
    reply.body.message,
    /Operation cannot be fulfilled on configmaps "cas": the object has been modified/,
  );
  assert.equal((await admin(`${MAPS}/cas`)).body.data.a, '2');
});

test('[SB16] a write that changes nothing takes no revision', async () => {
  const made = (await admin(MAPS, { body: map('same', { a: '1' }) })).body;
  const again = (await admin(`${MAPS}/same`, { method: 'PUT', body: made })).body;
  const patched = (await merge(`${MAPS}/same`, { data: { a: '1' } })).body;
  assert.equal(again.metadata.resourceVersion, made.metadata.resourceVersion);
  assert.equal(patched.metadata.resourceVersion, made.metadata.resourceVersion);
});

test('[SB17] generation follows the spec, status its subresource', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const template = {
    metadata: { labels: { app: 'g' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  };
  const spec = { replicas: 0, paused: true, selector: { matchLabels: { app: 'g' } }, template };
  const made = await admin(path, { body: { metadata: { name: 'gen' }, spec, status: { replicas: 7 } } });
  assert.equal(made.status, 201);
  assert.equal(made.body.metadata.generation, 1);
  assert.equal(made.body.status?.replicas, undefined);
  assert.equal(
    (await merge(`${path}/gen`, { metadata: { labels: { a: 'b' } } })).body.metadata.generation,
    1,
  );
  assert.equal((await merge(`${path}/gen`, { spec: { minReadySeconds: 3 } })).body.metadata.generation, 2);
  const status = (
    await merge(`${path}/gen/status`, { status: { collisionCount: 2 }, spec: { minReadySeconds: 9 } })
  ).body;
  assert.deepEqual([status.status.collisionCount, status.spec.minReadySeconds], [2, 3]);
});

test('[SB18] finalizers hold an object; the write that takes the last one away deletes it', async () => {
  await admin(MAPS, { body: map('held', {}, { finalizers: ['example.com/a', 'example.com/b'] }) });
  const marked = await admin(`${MAPS}/held`, { method: 'DELETE' });
  assert.equal(marked.status, 200);
  assert.match(marked.body.metadata.deletionTimestamp, /Z$/);
  assert.equal((await merge(`${MAPS}/held`, { metadata: { finalizers: ['example.com/a'] } })).status, 200);
  const last = await merge(`${MAPS}/held`, { metadata: { finalizers: null } });
  assert.equal(last.status, 200);
  assert.equal((await admin(`${MAPS}/held`)).status, 404);
});

test('[SB19] dry runs answer and store nothing', async () => {
  const made = await admin(`${MAPS}?dryRun=All`, { body: map('dry') });
  assert.equal(made.status, 201);
  assert.equal((await admin(`${MAPS}/dry`)).status, 404);
  assert.equal((await admin(`${MAPS}?dryRun=Some`, { body: map('dry') })).status, 422);
});

test('[SB20] unknown and doubled fields: refused, warned of, passed over', async () => {
  const body = '{"metadata":{"name":"NAME"},"dada":{},"data":{"a":"1"},"data":{"a":"2"}}';
  const strict = await admin(`${MAPS}?fieldValidation=Strict`, { body: body.replace('NAME', 'fv1') });
  assert.equal(strict.status, 400);
  const warned = await admin(`${MAPS}?fieldValidation=Warn`, { body: body.replace('NAME', 'fv2') });
  assert.equal(warned.status, 201);
  assert.match(
    String(warned.headers['warning']),
    /299 - "duplicate field \\"data\\"".*299 - "unknown field \\"dada\\""/,
  );
  const ignored = await admin(`${MAPS}?fieldValidation=Ignore`, { body: body.replace('NAME', 'fv3') });
  assert.equal(ignored.headers['warning'], undefined);
  assert.equal(ignored.body.dada, undefined);
});

test('[SB22] a custom resource comes and goes with its definition', async () => {
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const version = (name: string, storage: boolean) => ({ name, served: true, storage, schema });
  const spec = {
    group: 'yard.test',
    scope: 'Namespaced',
    names: { plural: 'krates', kind: 'Krate' },
    versions: [version('v1', true), version('v1beta1', false)],
  };
  const made = await admin(crds, { body: { metadata: { name: 'krates.yard.test' }, spec } });
  assert.equal(made.status, 201, made.text);
  const krates = '/apis/yard.test/v1/namespaces/default/krates';
  assert.equal((await admin(krates, { body: { metadata: { name: 'k' }, size: 1 } })).status, 201);
  assert.equal((await admin(krates.replace('v1/', 'v1beta1/') + '/k')).body.apiVersion, 'yard.test/v1beta1');
  assert.equal((await admin(`${crds}/krates.yard.test`, { method: 'DELETE' })).status, 200);
  await admin(MAPS);
  assert.equal((await admin(krates)).status, 404);
  await admin(crds, { body: { metadata: { name: 'krates.yard.test' }, spec } });
  assert.deepEqual((await admin(krates)).body.items, []);
});

test('[SB24] nothing makes the server answer 500 or end', async () => {
  const paths = [
    '/%zz',
    '/api/v1/%00',
    '/apis//',
    '//',
    '/api/v1/pods?limit=x',
    '/api/v1/namespaces//pods',
    `/${'x/'.repeat(500)}`,
  ];
  for (const path of paths) assert.ok((await admin(path)).status < 500, path);
  const bodies = [
    '',
    'null',
    '[]',
    '"x"',
    '{"metadata":1}',
    '{"metadata":{"name":{}}}',
    '{"metadata":{"labels":[]}}',
    '\u0000',
    '{"__proto__":{"a":1},"metadata":{"name":"proto"}}',
  ];
  for (const body of bodies) {
    const reply = await admin(MAPS, { method: 'POST', body });
    assert.ok(reply.status < 500, `${body}: ${reply.text}`);
  }
  const patches = [
    'null',
    '[]',
    '{"metadata":null}',
    '{"metadata":{"name":"other"}}',
    '{"metadata":{"labels":{"a":1}}}',
  ];
  await admin(MAPS, { body: map('victim') });
  for (const body of patches) assert.ok((await merge(`${MAPS}/victim`, body)).status < 500, body);
  assert.equal((await admin(`${MAPS}/victim`)).status, 200);
});

test('[SB25] a quota that is used up refuses', async () => {
  await admin('/api/v1/namespaces', { body: { metadata: { name: 'small' } } });
  const quota = { metadata: { name: 'q' }, spec: { hard: { 'count/secrets': '1' } } };
  await admin('/api/v1/namespaces/small/resourcequotas', { body: quota });
  const secrets = '/api/v1/namespaces/small/secrets';
  assert.equal((await admin(secrets, { body: { metadata: { name: 'a' } } })).status, 201);
  const refused = await admin(secrets, { body: { metadata: { name: 'b' } } });
  assert.equal(refused.status, 403);
  assert.match(
    refused.body.message,
    /secrets "b" is forbidden: exceeded quota: q, requested: count\/secrets=1, used: count\/secrets=1, limited: count\/secrets=1/,
  );
});

test('[SB27] a local watch tells the present and then every change', async () => {
  const seen: string[] = [];
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  await sandbox.client.create(MAPS_GVR, { metadata: { name: 'lw-0', namespace: 'team-a' } } as KubeObject);
  const onEvent = ({ type, object }: WatchEvent): void => {
    if (!object.metadata.name?.startsWith('lw-')) return;
    seen.push(`${type} ${object.metadata.name}`);
    if (type === 'DELETED') resolve();
  };
  sandbox.client.watch(MAPS_GVR, onEvent, stop.signal);
  await sandbox.client.create(MAPS_GVR, { metadata: { name: 'lw-1', namespace: 'team-a' } } as KubeObject);
  await sandbox.client.patch(MAPS_GVR, 'lw-1', 'team-a', { data: { a: '1' } });
  await sandbox.client.delete(MAPS_GVR, 'lw-0', 'team-a');
  await promise;
  stop.abort();
  assert.deepEqual(seen, ['ADDED lw-0', 'ADDED lw-1', 'MODIFIED lw-1', 'DELETED lw-0']);
});
