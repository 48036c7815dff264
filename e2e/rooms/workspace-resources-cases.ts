import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, type Reply } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { configMap, type RoomFixture } from './room-fixture.ts';

const SHORT = [
  'pods',
  'deployments',
  'statefulsets',
  'daemonsets',
  'services',
  'ingresses',
  'configmaps',
  'secrets',
  'pvcs',
  'events',
  'crds',
  'namespaces',
];

function namesOf(reply: Reply): string[] {
  return (reply.body.items as Wire[]).map(({ metadata }) => metadata.name as string);
}

function assertStatus(reply: Reply, code: number, reason: string): void {
  assert.equal(reply.status, code, reply.text);
  assert.deepEqual(
    [reply.body.kind, reply.body.apiVersion, reply.body.status, reply.body.reason, reply.body.code],
    ['Status', 'v1', 'Failure', reason, code],
  );
  assert.equal(reply.body.details.requestId, reply.headers['x-request-id']);
}

/** The REST half of the room from outside, against any cluster. */
export function workspaceResourcesCases({ target, person, gateway }: RoomFixture): void {
  cases('lists', target, (it) => {
    it('[WR1, WR3] a list tells what is there, sorted, searched, selected and paged', async () => {
      const namespace = await target.namespace('list');
      const who = await person('reader');
      await who.grant('view', namespace);
      for (const [name, tier] of [
        ['a', 'web'],
        ['b', 'db'],
        ['c', 'web'],
      ] as const) {
        await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap(name, {}, { tier }));
      }
      const get = (query: Record<string, string | number>): Promise<Reply> =>
        who.api.get('/api/resources/configmaps', { namespace, labelSelector: 'tier', ...query });
      const all = await pollUntil('the three', async () => {
        const reply = await get({ sort: 'name' });
        return reply.body.total === 3 && reply;
      });
      assert.deepEqual(namesOf(all), ['a', 'b', 'c']);
      assert.deepEqual(
        [all.body.kind.kind, all.body.namespaces, all.body.freshness.state],
        ['ConfigMap', [namespace], 'live'],
      );
      assert.match(all.body.resourceVersion as string, /^\d+$/);
      assert.deepEqual(namesOf(await get({ sort: '-name', limit: 1, offset: 1 })), ['b']);
      assert.equal((await get({ limit: 1 })).body.total, 3);
      assert.deepEqual(namesOf(await get({ labelSelector: 'tier=db' })), ['b']);
      assert.deepEqual(namesOf(await get({ fieldSelector: 'metadata.name!=a', sort: 'name' })), ['b', 'c']);
      assert.deepEqual(namesOf(await get({ search: 'db', sort: 'name' })), ['b']);
    });

    it('[WR2] every kind of the seed goes by its short path, and by its long one', async () => {
      const who = await person('viewer');
      await who.grant(
        await who.role([{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]),
      );
      for (const path of SHORT) {
        const reply = await pollUntil(path, async () => {
          const answer = await who.api.get(`/api/resources/${path}`);
          return answer.status === 200 && answer;
        });
        const { group, version, resource } = reply.body.kind;
        const long = [group, version, resource].filter((part) => part !== '').join('/');
        assert.equal((await who.api.get(`/api/resources/${long}`, { limit: 0 })).body.kind.path, path);
      }
      assert.equal((await who.api.get('/api/resources/apps/v1/replicasets')).status, 200);
      assert.equal((await who.api.get('/api/resources/v1/nodes')).body.kind.namespaced, false);
    });

    it('[WR4] an unchanged list is 304, and marked as private', async () => {
      const namespace = await target.namespace('etag');
      const who = await person('reader');
      await who.grant('view', namespace);
      await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap('a'));
      const same = await pollUntil('a quiet moment', async () => {
        const first = await who.api.get('/api/resources/configmaps', { namespace });
        const again = await who.api.get(
          '/api/resources/configmaps',
          { namespace },
          { 'if-none-match': String(first.headers['etag']) },
        );
        return again.status === 304 && first;
      });
      assert.equal(same.headers['cache-control'], 'private, no-cache');
      const other = await who.api.get('/api/resources/configmaps', { namespace, sort: 'name' });
      assert.notEqual(other.headers['etag'], same.headers['etag']);
    });

    it('[WR9] cluster and kinds are told to each as they may see them', async () => {
      const namespace = await target.namespace('kinds');
      const [viewer, nobody] = [await person('viewer'), await person('nobody')];
      await viewer.grant('view', namespace);
      const cluster = await pollUntil('the namespace', async () => {
        const reply = await viewer.api.get('/api/cluster');
        return JSON.stringify(reply.body.namespaces) === JSON.stringify([namespace]) && reply;
      });
      assert.equal(cluster.body.user.username, viewer.username);
      assert.match(cluster.body.version as string, /^v1\./);
      assert.equal(cluster.body.nodes, undefined);
      const paths = (reply: Reply): string[] =>
        (reply.body.items as Wire[]).map(({ path }) => path as string);
      const kinds = paths(await viewer.api.get('/api/resources'));
      assert.ok(kinds.includes('pods') && kinds.includes('deployments'), kinds.join());
      assert.ok(!kinds.includes('secrets') && !kinds.includes('v1/nodes'), kinds.join());
      assert.equal(paths(await nobody.api.get('/api/resources')).includes('pods'), false);
    });
  });

  cases('objects and writes', target, (it) => {
    it('[WR5, WR6] read, create, apply, patch and delete are done as the person', async () => {
      const namespace = await target.namespace('write');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const object = '/api/resource/configmaps/a';
      const created = await who.api.post('/api/resources/configmaps', configMap('a', { x: '1' }), {
        ns: namespace,
      });
      assert.equal(created.status, 201, created.text);
      assert.deepEqual(created.body.warnings, []);
      const query = { ns: namespace };
      const dry = await who.api.patch(
        object,
        MERGE_PATCH,
        { data: { x: 'dry' } },
        { ...query, dryRun: 'true' },
      );
      assert.equal(dry.body.object.data.x, 'dry');
      const read = await who.api.get(object, query);
      assert.deepEqual([read.body.data, read.body.metadata.managedFields], [{ x: '1' }, undefined]);
      for (const [type, patch] of [
        [MERGE_PATCH, { data: { m: '1' } }],
        [STRATEGIC_PATCH, { data: { s: '1' } }],
        [JSON_PATCH, [{ op: 'add', path: '/data/j', value: '1' }]],
      ] as const) {
        assert.equal((await who.api.patch(object, type, patch, query)).status, 200);
      }
      const conflict = await who.api.put(object, configMap('a', { x: '2' }), {
        ...query,
        fieldManager: 'another',
      });
      assertStatus(conflict, 409, 'Conflict');
      assert.equal(conflict.body.details.causes[0].field, '.data.x');
      const forced = await who.api.put(object, configMap('a', { x: '2' }), {
        ...query,
        fieldManager: 'another',
        force: 'true',
      });
      assert.equal(forced.body.object.data.x, '2', forced.text);
      const yaml = await who.api.get(object, { ...query, format: 'yaml' });
      assert.match(String(yaml.headers['content-type']), /^application\/yaml/);
      assert.deepEqual((load(yaml.text) as Wire).data, { j: '1', m: '1', s: '1', x: '2' });
      const full = (await target.admin.get(`/api/v1/namespaces/${namespace}/configmaps/a`)).body;
      assert.ok((full.metadata.managedFields as Wire[]).some(({ manager }) => manager === 'krateyard'));
      const wrong = await who.api.delete(object, undefined, { ...query, uid: 'another' });
      assertStatus(wrong, 409, 'Conflict');
      assert.equal((await who.api.delete(object, undefined, query)).status, 200);
      assertStatus(await who.api.get(object, query), 404, 'NotFound');
    });

    it('[WR6] YAML is taken too, and fields that do not exist are refused', async () => {
      const namespace = await target.namespace('yaml');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const put = (text: string): Promise<Reply> =>
        who.api.ask('PUT', '/api/resource/v1/configmaps/y', {
          body: text,
          contentType: 'application/yaml',
          query: { ns: namespace },
        });
      const applied = await put('metadata:\n  name: y\ndata:\n  a: "1"\n');
      assert.equal(applied.body.object?.data?.a, '1', applied.text);
      const strict = await put('metadata:\n  name: y\nnonsense: 1\n');
      assert.ok(strict.status >= 400 && strict.status < 500, strict.text);
      assertStatus(await put('a: [unclosed'), 400, 'BadRequest');
    });

    it('[WR7] scale and restart', async () => {
      const namespace = await target.namespace('levers');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const labels = { app: 'd' };
      await target.make(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'c', image: 'registry.example/none:1' }] },
          },
        },
      });
      const query = { ns: namespace };
      const scaled = await who.api.post(
        '/api/resource/deployments/d/scale',
        { replicas: 1 },
        { ...query, dryRun: 'true' },
      );
      assert.equal(scaled.body.object?.spec?.replicas, 1, scaled.text);
      const restarted = await who.api.ask('POST', '/api/resource/apps/v1/deployments/d/restart', { query });
      assert.ok(
        restarted.body.object?.spec?.template?.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'],
        restarted.text,
      );
      await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap('a'));
      assertStatus(
        await who.api.post('/api/resource/configmaps/a/scale', { replicas: 1 }, query),
        405,
        'MethodNotAllowed',
      );
      assertStatus(
        await who.api.ask('POST', '/api/resource/configmaps/a/restart', { query }),
        405,
        'MethodNotAllowed',
      );
    });

    it('[WR8] every failure is a Status with the request id', async () => {
      const namespace = await target.namespace('fail');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const query = { ns: namespace };
      const ask = who.api;
      await pollUntil(
        'the right',
        async () => (await ask.get('/api/resources/configmaps', query)).status === 200,
      );
      assertStatus(await ask.get('/api/resources/nopes'), 404, 'NotFound');
      assertStatus(await ask.get('/api/resources/x/y/z/w'), 404, 'NotFound');
      assertStatus(
        await ask.get('/api/resources/configmaps', { ...query, labelSelector: 'a b' }),
        400,
        'BadRequest',
      );
      assertStatus(
        await ask.get('/api/resources/configmaps', { ...query, fieldSelector: 'x' }),
        400,
        'BadRequest',
      );
      assertStatus(await ask.get('/api/resources/configmaps', { ...query, sort: 'nope' }), 400, 'BadRequest');
      assertStatus(await ask.get('/api/resources/configmaps', { ...query, limit: -1 }), 400, 'BadRequest');
      assertStatus(await ask.get('/api/resources/v1/nodes'), 403, 'Forbidden');
      assertStatus(await ask.get('/api/resource/configmaps/a'), 400, 'BadRequest');
      assertStatus(await ask.get('/api/resource/configmaps/a', query), 404, 'NotFound');
      assertStatus(await ask.get('/api/resource/v1/nodes/n'), 403, 'Forbidden');
      assertStatus(
        await ask.post('/api/resources/configmaps', { metadata: { name: 'BAD NAME' } }, query),
        422,
        'Invalid',
      );
      assertStatus(await ask.post('/api/resources/configmaps', [], query), 422, 'Invalid');
      assertStatus(
        await ask.post('/api/resources/configmaps', { kind: 'Pod', metadata: { name: 'a' } }, query),
        400,
        'BadRequest',
      );
      assertStatus(
        await ask.ask('POST', '/api/resources/configmaps', { body: '{', query }),
        400,
        'BadRequest',
      );
      assertStatus(
        await ask.ask('PUT', '/api/resource/configmaps/a', { body: 'x', contentType: 'text/plain', query }),
        415,
        'UnsupportedMediaType',
      );
      assertStatus(
        await ask.patch('/api/resource/configmaps/a', 'application/json', {}, query),
        415,
        'UnsupportedMediaType',
      );
      assertStatus(
        await ask.post('/api/resources/configmaps', configMap('a', { x: 'x'.repeat(4_000_000) }), query),
        413,
        'RequestEntityTooLarge',
      );
      assertStatus(
        await ask.post('/api/resource/deployments/d/scale', { replicas: -1 }, query),
        422,
        'Invalid',
      );
      assert.equal((await ask.post('/api/resources/configmaps', configMap('a'), query)).status, 201);
      assertStatus(await ask.post('/api/resources/configmaps', configMap('a'), query), 409, 'AlreadyExists');
      assertStatus(await ask.withToken(undefined).get('/api/resources/configmaps'), 401, 'Unauthorized');
    });
  });

  cases('secrets', target, (it) => {
    const VALUE = 'c0rrect-horse-battery';
    const encoded = Buffer.from(VALUE).toString('base64');
    const leaks = (text: string): boolean => text.includes(VALUE) || text.includes(encoded);

    it('[WS1] values are nowhere: lists, watches, patches, objects, answers of writes, errors', async () => {
      const namespace = await target.namespace('secrets');
      const who = await person('admin');
      await who.grant('admin', namespace);
      const collection = `/api/v1/namespaces/${namespace}/secrets`;
      const manifest = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: 's',
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { pw: encoded } }),
          },
        },
        data: { pw: encoded },
      };
      await target.make(collection, manifest);
      const client = await who.watch();
      for (const payload of ['full', 'patch'] as const) {
        await client.subscribe({ id: payload, kind: 'secrets', namespaces: [namespace], payload });
      }
      await target.admin.patch(`${collection}/s`, MERGE_PATCH, {
        stringData: { other: VALUE },
        metadata: { labels: { seen: 'yes' } },
      });
      const key = `${namespace}/s`;
      await pollUntil(
        'the change',
        () =>
          client.streamOf('patch')?.objects.get(key)?.['dataSizes'] !== undefined &&
          JSON.stringify(client.streamOf('patch')?.objects.get(key)).includes('"seen"'),
      );
      const query = { ns: namespace };
      const object = '/api/resource/secrets/s';
      const texts = [
        JSON.stringify(client.frames),
        (await who.api.get('/api/resources/secrets', { namespace })).text,
        (await who.api.get(object, query)).text,
        (await who.api.get(object, { ...query, format: 'yaml' })).text,
        (await who.api.patch(object, MERGE_PATCH, { data: { third: encoded } }, query)).text,
        (
          await who.api.put(
            object,
            { metadata: { name: 's' }, stringData: { pw: VALUE } },
            { ...query, force: 'true' },
          )
        ).text,
        (
          await who.api.post(
            '/api/resources/secrets',
            { metadata: { name: 'n' }, stringData: { a: VALUE } },
            query,
          )
        ).text,
        (
          await who.api.post(
            '/api/resources/secrets',
            { metadata: { name: 'BAD' }, stringData: { a: VALUE } },
            query,
          )
        ).text,
        (await who.api.get('/api/resources/secrets', { namespace, fieldSelector: `data.pw=${encoded}x` }))
          .text,
        (await who.api.delete(object, undefined, { ...query, dryRun: 'true' })).text,
      ];
      for (const [index, text] of texts.entries())
        if (index !== 8) assert.equal(leaks(text), false, `answer ${index}: ${text}`);
      assert.match(texts[2]!, /"dataSizes":\{.*"pw":21/);
      assert.equal(leaks(gateway.log), false);
      const found = await who.api.get('/api/resources/secrets', {
        namespace,
        fieldSelector: `data.pw=${encoded}`,
      });
      assert.equal(found.body.total, 0, 'a selector must not tell a value either');
    });

    it('[WS2] reveal answers one value, uncached and audited; without the right it is refused and audited', async () => {
      const namespace = await target.namespace('reveal');
      const [owner, viewer] = [await person('owner'), await person('viewer')];
      await owner.grant('admin', namespace);
      await viewer.grant('view', namespace);
      await target.make(`/api/v1/namespaces/${namespace}/secrets`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        data: { pw: encoded, raw: '/w==' },
      });
      const reveal = (who: typeof owner, key: string): Promise<Reply> =>
        who.api.post('/api/resource/secrets/s/reveal', { key }, { ns: namespace });
      const shown = await reveal(owner, 'pw');
      assert.deepEqual(shown.body, { key: 'pw', encoding: 'utf8', value: VALUE });
      assert.equal(shown.headers['cache-control'], 'no-store');
      assert.deepEqual((await reveal(owner, 'raw')).body, { key: 'raw', encoding: 'base64', value: '/w==' });
      assertStatus(await reveal(owner, 'none'), 404, 'NotFound');
      assertStatus(await reveal(viewer, 'pw'), 403, 'Forbidden');
      const lines = await pollUntil('four audit lines', () => {
        const found = gateway.log
          .split('\n')
          .filter((line) => line.includes('secret.reveal') && line.includes(namespace));
        return found.length === 4 && found.map((line) => JSON.parse(line) as Wire);
      });
      assert.deepEqual(
        lines.map(({ user, name, key, outcome }) => [user, name, key, outcome]),
        [
          [owner.username, 's', 'pw', 'allowed'],
          [owner.username, 's', 'raw', 'allowed'],
          [owner.username, 's', 'none', 'refused'],
          [viewer.username, 's', 'pw', 'refused'],
        ],
      );
      assert.equal(leaks(gateway.log), false);
    });
  });
}
