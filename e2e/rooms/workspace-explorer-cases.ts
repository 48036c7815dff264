import assert from 'node:assert/strict';
import { loadAll } from 'js-yaml';
import { JSON_PATCH } from '../harness/api.ts';
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
  });
}
