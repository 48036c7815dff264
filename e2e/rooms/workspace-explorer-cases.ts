import assert from 'node:assert/strict';
import { loadAll } from 'js-yaml';
import { JSON_PATCH } from '../harness/api.ts';
import type { KindsFrame } from '@krateyard/workspace/contract/watch-protocol';
import { cases } from '../harness/cases.ts';
import { widget, widgetCrd } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { configMap, type RoomFixture } from './room-fixture.ts';

/** What the explorer asks of the gateway beyond lists and watches, against any cluster. */
export function workspaceExplorerCases({ target, person }: RoomFixture): void {
  cases('explorer', target, (it) => {
    it('[EX4] what a filter matches is a file, as YAML that can be applied and as CSV without formulas', async () => {
      const namespace = await target.bareNamespace('export');
      const who = await person('viewer');
      await who.grant('view', namespace);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await target.make(path, configMap('plain', { text: 'a: b\n---\nc' }, { tier: 'web' }));
      await target.make(path, configMap('odd', {}, { tier: 'web' }));
      await target.make(path, configMap('other', {}, { tier: 'db' }));
      const query = { namespace, labelSelector: 'tier=web', sort: 'name' };
      const yaml = await pollUntil('both', async () => {
        const reply = await who.api.get('/api/resources/configmaps', { ...query, format: 'yaml' });
        return reply.status === 200 && loadAll(reply.text).length === 2 && reply;
      });
      assert.match(String(yaml.headers['content-type']), /yaml/);
      assert.match(String(yaml.headers['content-disposition']), /attachment; filename="configmaps.yaml"/);
      assert.equal(yaml.headers['x-krateyard-left-out'], '0');
      const documents = loadAll(yaml.text) as Wire[];
      assert.deepEqual(
        documents.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name]),
        [
          ['v1', 'ConfigMap', 'odd'],
          ['v1', 'ConfigMap', 'plain'],
        ],
      );
      assert.equal(documents[1]?.data.text, 'a: b\n---\nc');
      assert.equal(documents[1]?.metadata.managedFields, undefined);
      const some = await who.api.get('/api/resources/configmaps', {
        ...query,
        format: 'csv',
        limit: 1,
        columns: 'name,keys',
      });
      assert.deepEqual(some.text.split('\r\n').slice(0, 2), ['Name,Keys', 'odd,0']);
      assert.equal(some.headers['x-krateyard-left-out'], '1');
      const nobody = await person('nobody');
      assert.equal(
        (await nobody.api.get('/api/resources/configmaps', { ...query, format: 'yaml' })).status,
        403,
      );
    });

    it('[EX4] cells choose in lists as they do on the watch', async () => {
      const namespace = await target.bareNamespace('where');
      const who = await person('viewer');
      await who.grant('view', namespace);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      for (const name of ['one', 'two'])
        await target.make(path, configMap(name, name === 'two' ? { a: '1', b: '2' } : {}));
      const get = (where: string) => who.api.get('/api/resources/configmaps', { namespace, where });
      const found = await pollUntil('the one', async () => {
        const reply = await get('keys:2');
        return reply.status === 200 && reply.body.total === 1 && (reply.body.items as Wire[]);
      });
      assert.equal(found[0]?.metadata.name, 'two');
      assert.equal((await get('nonsense')).status, 400);
      assert.equal((await get('nocolumn:x')).status, 400);
    });

    it('[EX5] columns follow the CRD while the table is open, and a broken one harms no other', async () => {
      const namespace = await target.bareNamespace('columns');
      const group = `${target.unique('g')}.example.com`;
      const who = await person('viewer');
      const role = await who.role([
        { apiGroups: [group], resources: ['widgets'], verbs: ['get', 'list', 'watch'] },
      ]);
      await who.grant(role);
      const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      await target.make(crds, widgetCrd(group));
      const path = `/apis/${group}/v1/namespaces/${namespace}/widgets`;
      await pollUntil('the kind', async () => (await target.admin.get(path)).status === 200);
      await target.make(path, widget(group, 'a', { size: 3, colour: 'blue' }));
      const kind = `${group}/v1/widgets`;
      await pollUntil(
        'the right',
        async () => (await who.api.get(`/api/resources/${kind}`)).body.total === 1,
      );
      const watch = await who.watch();
      const model = await watch.subscribe({
        id: 'w',
        kind,
        window: { offset: 0, limit: 10, sort: 'colour' },
      });
      assert.deepEqual(model.keys(), [`${namespace}/a`]);
      const titles = (): string[] => watch.subscribedOf('w')?.columns.map(({ title }) => title) ?? [];
      assert.ok(titles().includes('Colour'));
      const columns = [
        { name: 'Broken', type: 'string', jsonPath: '.spec[?(@.x' },
        { name: 'Dimension', type: 'integer', jsonPath: '.spec.size' },
      ];
      const patched = await target.admin.patch(`${crds}/widgets.${group}`, JSON_PATCH, [
        { op: 'replace', path: '/spec/versions/0/additionalPrinterColumns', value: columns.slice(1) },
      ]);
      assert.equal(patched.status, 200, patched.text);
      await pollUntil(
        'the new columns',
        () => titles().includes('Dimension') && !titles().includes('Colour'),
      );
      assert.deepEqual((await watch.synced('w')).keys(), [`${namespace}/a`]);
      // Not every API server takes a path that is none.
      const broken = await target.admin.patch(`${crds}/widgets.${group}`, JSON_PATCH, [
        { op: 'replace', path: '/spec/versions/0/additionalPrinterColumns', value: columns },
      ]);
      if (broken.status !== 200) return;
      await pollUntil('the broken one', () => titles().includes('Broken'));
      assert.deepEqual((await watch.synced('w')).keys(), [`${namespace}/a`]);
      const csv = await who.api.get(`/api/resources/${kind}`, {
        format: 'csv',
        columns: 'name,broken,dimension',
      });
      assert.deepEqual(csv.text.split('\r\n').slice(0, 2), ['Name,Broken,Dimension', 'a,,3']);
    });

    it('[WP25] the kinds that one may list are told as they come and go, and nothing else', async () => {
      const namespace = await target.bareNamespace('kinds');
      const group = `${target.unique('g')}.example.com`;
      const who = await person('widgeteer');
      const rules = [
        { apiGroups: ['', group], resources: ['pods', 'configmaps', 'widgets'], verbs: ['list', 'watch'] },
      ];
      await who.grant(await who.role(rules), namespace);
      // Rules are asked for where pods may be listed; a binding takes effect a moment later.
      await pollUntil('the rights', async () =>
        (await who.api.get('/api/resources')).text.includes('"configmaps"'),
      );
      const client = await who.watch();
      client.send({ type: 'kinds', id: 'k' });
      const frames = (): KindsFrame[] =>
        client.frames.filter((frame): frame is KindsFrame & { type: 'kinds' } => frame.type === 'kinds');
      const [first] = await pollUntil('the kinds', () => frames().length > 0 && frames());
      assert.deepEqual([first!.id, first!.whole, first!.synced], ['k', true, true]);
      assert.deepEqual(first!.freshness!.state, 'live');
      assert.ok('configmaps' in first!.parts! && !('secrets' in first!.parts!));
      const path = `${group}/v1/widgets`;
      const told = (came: boolean) =>
        pollUntil(came ? 'the kind' : 'its end', () =>
          frames().find(({ parts = {} }) => path in parts && (parts[path] !== null) === came),
        );
      const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      await target.make(crds, widgetCrd(group));
      const came = await told(true);
      assert.equal((came.parts![path] as { kind: string }).kind, 'Widget');
      assert.equal(came.whole, undefined);
      await target.admin.delete(`${crds}/widgets.${group}`);
      await told(false);
      client.send({ type: 'unsubscribe', id: 'k' });
      await client.frame('unsubscribed');
    });
  });
}
