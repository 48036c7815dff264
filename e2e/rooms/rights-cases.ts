import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { RoomFixture } from './room-fixture.ts';

interface KindRights {
  readonly kind: { readonly path: string };
  readonly allowed: readonly string[];
  readonly named: readonly { readonly names: readonly string[]; readonly verbs: readonly string[] }[];
  readonly subresources: Readonly<Record<string, readonly string[]>>;
}

/** What a person is told of their own rights, against any cluster. */
export function rightsCases({ target, person }: RoomFixture): void {
  cases('rights', target, (it) => {
    it('[FR4] rights are told by namespace, and those everywhere apart', async () => {
      const namespace = await target.bareNamespace('rights');
      const who = await person('knower');
      await who.grant('view', namespace);
      await who.grant(
        await who.role([
          { apiGroups: [''], resources: ['nodes'], verbs: ['delete'] },
          { apiGroups: [''], resources: ['secrets'], resourceNames: ['one'], verbs: ['get'] },
        ]),
        namespace,
      );
      await who.grant(await who.role([{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] }]));
      const rights = async (query: Record<string, string>): Promise<Map<string, KindRights>> => {
        const reply = await who.api.get('/api/rights', query);
        assert.equal(reply.status, 200, reply.text);
        return new Map((reply.body.items as KindRights[]).map((one) => [one.kind.path, one]));
      };
      const inside = await pollUntil('the roles to hold', async () => {
        const found = await rights({ namespace });
        return (
          found.get('pods')?.allowed.includes('list') &&
          found.get('v1/nodes')?.allowed.includes('list') &&
          found
        );
      });
      assert.deepEqual(inside.get('pods')!.allowed.toSorted(), ['get', 'list', 'watch']);
      assert.deepEqual(inside.get('pods')!.subresources['log'], ['get']);
      assert.deepEqual(
        inside.get('v1/nodes')!.allowed.toSorted(),
        ['get', 'list'],
        'a role of a namespace means nothing for nodes',
      );
      assert.deepEqual(inside.get('secrets')!.named, [{ names: ['one'], verbs: ['get'] }]);
      const everywhere = await rights({});
      assert.deepEqual(everywhere.get('pods')!.allowed, []);
      assert.deepEqual(everywhere.get('v1/nodes')!.allowed.toSorted(), ['get', 'list']);
    });

    it('[FR5] one question is answered by the API server, with its reason', async () => {
      const namespace = await target.bareNamespace('question');
      const who = await person('asker');
      await who.grant('view', namespace);
      const ask = (body: object) => who.api.post('/api/rights/question', body);
      const pods = { verb: 'list', group: '', resource: 'pods', namespace };
      await pollUntil('the role to hold', async () => (await ask(pods)).body.allowed === true);
      assert.match((await ask(pods)).body.reason as string, /RBAC: allowed by RoleBinding/);
      const refused = await ask({ ...pods, verb: 'delete', name: 'web' });
      assert.equal(refused.body.allowed, false);
      for (const body of [{}, { ...pods, verb: '' }, { ...pods, verb: 'LIST' }, { ...pods, resource: '' }])
        assert.equal((await ask(body)).status, 422);
    });
  });
}
