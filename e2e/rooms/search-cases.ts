import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { configMap, type Person, type RoomFixture } from './room-fixture.ts';

interface Hit {
  readonly kind: string;
  readonly key: string;
  readonly rank: number;
  readonly status?: { readonly word: string };
}

/** Asks until every kind is searched. */
async function search(who: Person, query: Record<string, string | number>): Promise<readonly Hit[]> {
  const reply = await pollUntil(
    'all kinds to be searched',
    async () => {
      const answer = await who.api.get('/api/search', query);
      assert.equal(answer.status, 200, answer.text);
      return answer.body.pending.length === 0 && answer;
    },
    { deadlineMs: 30_000 },
  );
  return reply.body.items as Hit[];
}

const keysOf = (hits: readonly Hit[]): string[] => hits.map(({ kind, key }) => `${kind} ${key}`);

/** The search from outside, against any cluster. */
export function searchCases({ target, person }: RoomFixture): void {
  const make = (namespace: string, name: string): Promise<Wire> =>
    target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap(name));

  cases('search', target, (it) => {
    it('[FR2] objects are found by name, best first, and follow what comes and goes', async () => {
      const namespace = await target.bareNamespace('find');
      const who = await person('finder');
      await who.grant('view', namespace);
      const stem = target.unique('zq').replaceAll('-', '');
      await make(namespace, stem);
      await make(namespace, `${stem}-more`);
      await make(namespace, `a-${stem}`);
      await make(namespace, `x${stem}`);
      const found = (): Promise<readonly Hit[]> => search(who, { q: stem });
      await pollUntil('the four', async () => (await found()).length === 4);
      assert.deepEqual(
        keysOf(await found()),
        [stem, `${stem}-more`, `a-${stem}`, `x${stem}`].map((name) => `configmaps ${namespace}/${name}`),
      );
      assert.deepEqual(keysOf(await search(who, { q: stem, limit: 1 })), [`configmaps ${namespace}/${stem}`]);
      assert.deepEqual(keysOf(await search(who, { q: `cm ${stem.toUpperCase()}-more` })), [
        `configmaps ${namespace}/${stem}-more`,
      ]);
      assert.equal((await search(who, { q: `${namespace}/${stem}` })).length, 4);
      assert.deepEqual(await search(who, { q: `pods ${stem}` }), []);
      assert.deepEqual(await search(who, { q: stem, kinds: 'pods,secrets' }), []);
      assert.deepEqual(await search(who, { q: stem, ns: 'default' }), []);
      assert.deepEqual(await search(who, { q: '' }), []);
      await target.admin.delete(`/api/v1/namespaces/${namespace}/configmaps/${stem}`);
      await make(namespace, `${stem}-late`);
      await pollUntil('what is gone to be gone and what is new to be there', async () => {
        const keys = keysOf(await found());
        return (
          keys.includes(`configmaps ${namespace}/${stem}-late`) &&
          !keys.includes(`configmaps ${namespace}/${stem}`)
        );
      });
    });

    it('[FR3] nobody finds what they may not list and watch, by any query', async () => {
      const [mine, theirs] = [await target.bareNamespace('mine'), await target.bareNamespace('theirs')];
      const stem = target.unique('secretive');
      for (const namespace of [mine, theirs]) await make(namespace, stem);
      await target.make(`/api/v1/namespaces/${mine}/secrets`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: stem },
      });
      const [reader, nobody, all] = [await person('reader'), await person('nobody'), await person('all')];
      await reader.grant(
        await reader.role([{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'watch'] }]),
        mine,
      );
      await all.grant(await all.role([{ apiGroups: [''], resources: ['*'], verbs: ['list', 'watch'] }]));
      await pollUntil(
        'who may see all to see all',
        async () => (await search(all, { q: stem })).length === 3,
      );
      for (const query of [
        { q: stem },
        { q: stem, kinds: 'configmaps,secrets' },
        { q: `${theirs} ${stem}` },
      ]) {
        const keys = keysOf(await search(reader, query));
        assert.deepEqual(
          keys.filter((key) => key !== `configmaps ${mine}/${stem}`),
          [],
          JSON.stringify(query),
        );
        assert.deepEqual(await search(nobody, query), []);
      }
      assert.deepEqual(keysOf(await search(reader, { q: stem })), [`configmaps ${mine}/${stem}`]);
      const answer = await reader.api.get('/api/search', { q: stem, ns: theirs });
      assert.deepEqual([answer.body.items, answer.body.total], [[], 0]);
    });

    it('[FR3] a right that is lost takes its results, one that is gained brings them', async () => {
      const namespace = await target.bareNamespace('turn');
      const stem = target.unique('turning');
      await make(namespace, stem);
      const who = await person('turner');
      assert.deepEqual(await search(who, { q: stem }), []);
      const take = await who.grant('view', namespace);
      await pollUntil('the right to show', async () => (await search(who, { q: stem })).length === 1);
      await take();
      await pollUntil('the right to be gone', async () => (await search(who, { q: stem })).length === 0);
    });

    it('[FR2] kinds that are none and too many of them are refused in words', async () => {
      const who = await person('asker');
      const unknown = await who.api.get('/api/search', { q: 'x', kinds: 'pods,nonsense' });
      assert.deepEqual([unknown.status, unknown.body.reason], [404, 'NotFound']);
      const many = Array.from({ length: 61 }, (_, index) => `v1/k${index}`).join(',');
      const refused = await who.api.get('/api/search', { q: 'x', kinds: many });
      assert.deepEqual([refused.status, refused.body.reason], [400, 'BadRequest']);
      for (const query of [{}, { q: 'x'.repeat(300) }, { q: 'x', limit: 0 }, { q: 'x', limit: 101 }])
        assert.equal((await who.api.get('/api/search', query)).status, 400);
    });
  });
}
