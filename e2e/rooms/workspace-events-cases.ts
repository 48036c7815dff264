import assert from 'node:assert/strict';
import { loadAll } from 'js-yaml';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import type { RoomFixture } from './room-fixture.ts';

const minutesAgo = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z');

interface Said {
  readonly name: string;
  readonly times: number;
  readonly at: string;
  readonly about?: string;
}

/** Events that say the same, from outside, against any cluster. */
export function workspaceEventsCases({ target, person }: RoomFixture): void {
  const say = async (namespace: string, { name, times, at, about = 'web' }: Said): Promise<string> => {
    const made = await target.make(`/api/v1/namespaces/${namespace}/events`, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: about },
      source: { component: 'a-test' },
      type: 'Warning',
      reason: 'BackOff',
      message: `restarted ${times} times`,
      count: times,
      firstTimestamp: at,
      lastTimestamp: at,
    });
    return String((made as Wire)?.metadata?.uid ?? '');
  };

  cases('events that say the same', target, (it) => {
    it('[WP19] they are one row, which names them all and follows as they come and go', async () => {
      const namespace = await target.bareNamespace('alike');
      const who = await person('on-call');
      await who.grant('view', namespace);
      const [first, last] = [minutesAgo(60), minutesAgo(5)];
      await say(namespace, { name: 'a', times: 2, at: first });
      await say(namespace, { name: 'b', times: 5, at: last });
      await say(namespace, { name: 'c', times: 9, at: last, about: 'db' });
      const client = await who.watch();
      const stream = await client.subscribe({
        id: 'e',
        kind: 'events',
        namespaces: [namespace],
        payload: 'patch',
        merge: true,
        window: { sort: 'object', offset: 0, limit: 10 },
      });
      const key = `${namespace}/a`;
      const row = (): Wire => stream.objects.get(key) as Wire;
      const names = (): string[] =>
        ((row()?.alike?.items ?? []) as { name: string }[]).map(({ name }) => name);
      await pollUntil('two rows', () => stream.total === 2 && names().length === 2);
      assert.deepEqual(stream.keys(), [`${namespace}/c`, key]);
      assert.deepEqual(
        [row().message, row().count, row().firstTimestamp, row().lastTimestamp, row().alike.total],
        ['restarted 5 times', 7, new Date(first).toISOString(), new Date(last).toISOString(), 2],
      );
      assert.deepEqual(names(), ['a', 'b'], 'the last seen last');
      assert.ok((row().alike.items as { uid: string }[]).every(({ uid }) => uid !== ''));
      assert.equal((stream.objects.get(`${namespace}/c`) as Wire).alike, undefined);
      await say(namespace, { name: 'd', times: 1, at: minutesAgo(30) });
      await pollUntil('the third', () => names().length === 3);
      assert.deepEqual([row().message, row().count, names()], ['restarted 5 times', 8, ['a', 'd', 'b']]);
      for (const name of ['b', 'd'])
        await target.admin.delete(`/api/v1/namespaces/${namespace}/events/${name}`);
      await pollUntil('one alone', () => stream.objects.get(key)?.['count'] === 2);
      assert.equal(row().alike, undefined);
      await client.close();
    });

    for (const [what, frame, message] of [
      [
        'of another kind',
        { kind: 'configmaps', window: { offset: 0, limit: 1 } },
        /only events can be merged, not configmaps/,
      ],
      ['without a window', { kind: 'events' }, /needs a window/],
    ] as const) {
      it(`[WP19] a merge ${what} is refused`, async () => {
        const who = await person('asker');
        await who.grant('view', await target.namespace('refuse'));
        const client = await who.watch();
        client.send({ type: 'subscribe', id: 'x', merge: true, ...frame });
        const { status } = await pollUntil('a refusal', () => client.refusal('x'));
        assert.deepEqual([status.reason, status.code], ['BadRequest', 400]);
        assert.match(status.message, message);
        assert.ok(status.details?.requestId);
        client.send({ type: 'ping', nonce: 'n' });
        assert.equal((await client.frame('pong')).nonce, 'n', 'nothing else is refused');
        await client.close();
      });
    }

    it('[WR11] a merged list and its table as a file have the rows, a file of objects has each', async () => {
      const namespace = await target.bareNamespace('files');
      const who = await person('on-call');
      await who.grant('view', namespace);
      const [first, last] = [minutesAgo(60), minutesAgo(5)];
      const uids = [
        await say(namespace, { name: 'a', times: 2, at: first }),
        await say(namespace, { name: 'b', times: 5, at: last }),
      ];
      const get = (more: Record<string, string>) =>
        who.api.get('/api/resources/events', { namespace, sort: '-last-seen', ...more });
      const { body } = await pollUntil('one row of two', async () => {
        const reply = await get({ merge: 'true' });
        return reply.status === 200 && reply.body.items?.[0]?.count === 7 && reply;
      });
      const row = body.items[0] as Wire;
      assert.deepEqual([body.total, body.items.length, row.metadata.name], [1, 1, 'a']);
      assert.deepEqual(
        row.alike.items.map(({ uid }: { uid: string }) => uid),
        uids,
      );
      assert.equal((await get({})).body.total, 2);
      const csv = await get({ merge: 'true', format: 'csv', columns: 'message,count,last-seen' });
      assert.deepEqual(csv.text.split('\r\n').slice(1), [
        `${new Date(last).toISOString()},restarted 5 times,7`,
        '',
      ]);
      assert.equal(csv.headers['x-krateyard-left-out'], '0');
      const yaml = await get({ format: 'yaml' });
      assert.deepEqual(
        (loadAll(yaml.text) as Wire[]).map(({ metadata, alike }) => [metadata.name, alike]),
        [
          ['b', undefined],
          ['a', undefined],
        ],
      );
      const refused = await get({ merge: 'true', format: 'yaml' });
      assert.deepEqual([refused.status, refused.body.reason], [400, 'BadRequest']);
      assert.match(refused.body.message as string, /objects as they are/);
      const other = await who.api.get('/api/resources/configmaps', { namespace, merge: 'true' });
      assert.equal(other.status, 400);
      assert.match(other.body.message as string, /only events can be merged/);
      assert.equal((await get({ merge: 'maybe' })).status, 400);
    });
  });
}
