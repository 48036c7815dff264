import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { MERGE_PATCH } from '../harness/api.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { configMap, type RoomFixture } from './room-fixture.ts';

const MAPS = 'configmaps';
/** Every namespace has this one of its own. */
const withoutRootCa = (keys: readonly string[]): string[] =>
  keys.filter((key) => !key.endsWith('/kube-root-ca.crt'));

/** `/ws/watch` from outside, against any cluster. */
export function workspaceWatchCases({ target, person }: RoomFixture): void {
  const at = (namespace: string, name = ''): string =>
    `/api/v1/namespaces/${namespace}/configmaps${name && `/${name}`}`;

  cases('the watch protocol', target, (it) => {
    it('[WP1] the first frame is hello', async () => {
      const who = await person('newcomer');
      const client = await who.watch();
      const hello = await client.frame('hello');
      assert.equal(hello.protocol, 1);
      assert.ok(hello.heartbeatMs > 0 && hello.epoch !== '' && hello.limits.subscriptions > 0);
    });

    it('[WP2, WP3] a subscription tells its stream, the state, synced, then each change', async () => {
      const namespace = await target.namespace('watch');
      const who = await person('reader');
      await who.grant('view', namespace);
      await target.make(at(namespace), configMap('a', { x: '1' }));
      const client = await who.watch();
      const stream = await client.subscribe({ id: 'm', kind: MAPS, namespaces: [namespace] });
      const { kind, columns, namespaces } = client.subscribedOf('m')!;
      assert.deepEqual([kind.kind, namespaces], ['ConfigMap', [namespace]]);
      assert.ok(columns.some(({ name }) => name === 'keys'));
      const total = stream.total;
      assert.equal(stream.objects.size, total);
      await target.make(at(namespace), configMap('b'));
      await target.admin.patch(at(namespace, 'a'), MERGE_PATCH, { data: { x: '2' } });
      await target.admin.delete(at(namespace, 'b'));
      await pollUntil(
        'the changes',
        () =>
          stream.objects.get(`${namespace}/a`)?.['data'] !== undefined &&
          !stream.objects.has(`${namespace}/b`) &&
          stream.offsets.length > 0 &&
          JSON.stringify(stream.objects.get(`${namespace}/a`)?.['data']) === '{"x":"2"}',
      );
      assert.equal(stream.total, total);
    });

    it('[WP18] who has an object open sees who else has, as long as both may read it', async () => {
      const namespace = await target.namespace('present');
      const [ann, bob, eve] = [await person('ann'), await person('bob'), await person('eve')];
      await ann.grant('view', namespace);
      const drop = await bob.grant('view', namespace);
      await target.make(at(namespace), configMap('a'));
      const open = { type: 'present', on: true, kind: MAPS, namespace, name: 'a' };
      const [hers, his, stranger] = [await ann.watch(), await bob.watch(), await eve.watch()];
      const seenBy = (client: typeof hers): number | undefined =>
        client.frames.findLast((frame) => frame.type === 'present')?.people.length;
      stranger.send(open);
      hers.send(open);
      await pollUntil('nobody else', () => seenBy(hers) === 0);
      his.send({ ...open, kind: 'v1/configmaps' });
      await pollUntil('him', () => seenBy(hers) === 1);
      await pollUntil('her', () => seenBy(his) === 1);
      his.send({ ...open, kind: 'v1/configmaps', on: false });
      await pollUntil('him to leave', () => seenBy(hers) === 0);
      his.send(open);
      await pollUntil('him again', () => seenBy(hers) === 1);
      await drop();
      await pollUntil('him without the right', () => seenBy(hers) === 0);
      await pollUntil('him to be told nobody', () => seenBy(his) === 0);
      assert.equal(seenBy(stranger), undefined);
      for (const odd of [{ kind: 'nonsense' }, { namespace: undefined }, { name: 'none' }]) {
        hers.send({ ...open, ...odd });
      }
      await hers.close();
      his.send({ type: 'ping' });
      await his.frame('pong');
    });

    it('[WP4] patches give the same objects as full values, and the same as the list', async () => {
      const namespace = await target.namespace('patch');
      const who = await person('reader');
      await who.grant('view', namespace);
      await target.make(at(namespace), configMap('a', { 'x.y': '1', long: 'l'.repeat(2000) }));
      const client = await who.watch();
      const full = await client.subscribe({ id: 'f', kind: MAPS, namespaces: [namespace] });
      const patched = await client.subscribe({
        id: 'p',
        kind: MAPS,
        namespaces: [namespace],
        payload: 'patch',
      });
      for (const data of [{ 'x.y': '2' }, { added: 'n' }, { 'x.y': null }, { added: null, other: '3' }]) {
        const annotations = { 'example.com/keys': Object.keys(data).join() };
        await target.admin.patch(at(namespace, 'a'), MERGE_PATCH, { data, metadata: { annotations } });
      }
      const last = (await target.admin.get(at(namespace, 'a'))).body as {
        metadata: { resourceVersion: string };
      };
      const key = `${namespace}/a`;
      const arrived = (model: typeof full): boolean =>
        model.objects.get(key)?.metadata.resourceVersion === last.metadata.resourceVersion;
      await pollUntil('the last version', () => arrived(full) && arrived(patched));
      assert.ok(patched.patches > 0, 'no patch came');
      assert.deepEqual(patched.objects, full.objects);
      const list = (await who.api.get('/api/resources/configmaps', { namespace })).body as {
        items: { metadata: { name: string } }[];
      };
      assert.deepEqual(
        patched.objects.get(key),
        list.items.find(({ metadata }) => metadata.name === 'a'),
      );
    });

    it('[WP5] a window tells only what shows, its order and the total, and can be moved', async () => {
      const namespace = await target.namespace('window');
      const who = await person('reader');
      await who.grant('view', namespace);
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await target.make(at(namespace), configMap(name, {}, { in: 'it' }));
      const client = await who.watch();
      const asked = { kind: MAPS, namespaces: [namespace], labelSelector: 'in=it' };
      const stream = await client.subscribe({
        id: 'w',
        ...asked,
        window: { sort: '-name', offset: 1, limit: 2 },
      });
      assert.deepEqual([stream.keys(), stream.total], [[`${namespace}/d`, `${namespace}/c`], 5]);
      await target.make(at(namespace), configMap('dd', {}, { in: 'it' }));
      await pollUntil('the newcomer', () => stream.order?.[1] === `${namespace}/d` && stream.total === 6);
      assert.deepEqual([...stream.objects.keys()].toSorted(), [`${namespace}/d`, `${namespace}/dd`]);
      await target.admin.delete(at(namespace, 'e'));
      await pollUntil('the deletion', () => stream.total === 5 && stream.order?.[0] === `${namespace}/d`);
      client.send({ type: 'window', id: 'w', sort: 'name', offset: 0, limit: 1 });
      const moved = await pollUntil('the moved window', () => {
        const model = client.streamOf('w');
        return model !== stream && model?.synced === true && model;
      });
      assert.deepEqual([moved.keys(), moved.total], [[`${namespace}/a`], 5]);
    });

    it('[WP6] selectors, search and cells choose; what stops to match goes', async () => {
      const namespace = await target.namespace('select');
      const who = await person('reader');
      await who.grant('view', namespace);
      await target.make(at(namespace), configMap('one', { k: 'v' }, { tier: 'web' }));
      await target.make(at(namespace), configMap('two', {}, { tier: 'db' }));
      const client = await who.watch();
      const asked = { kind: MAPS, namespaces: [namespace] };
      const byLabel = await client.subscribe({ id: 'l', ...asked, labelSelector: 'tier in (web, cache)' });
      const byField = await client.subscribe({ id: 'f', ...asked, fieldSelector: 'metadata.name=two' });
      const bySearch = await client.subscribe({ id: 's', ...asked, search: 'TIER=DB' });
      const byCell = await client.subscribe({
        id: 'c',
        ...asked,
        labelSelector: 'tier',
        where: { keys: ['1'] },
      });
      assert.deepEqual(
        [byLabel, byField, bySearch, byCell].map((model) => model.keys()),
        [[`${namespace}/one`], [`${namespace}/two`], [`${namespace}/two`], [`${namespace}/one`]],
      );
      await target.admin.patch(at(namespace, 'one'), MERGE_PATCH, { metadata: { labels: { tier: 'db' } } });
      await pollUntil('the moves', () => byLabel.objects.size === 0 && bySearch.objects.size === 2);
    });

    it('[WP7] who comes back with a token is told what was missed, once; another epoch brings a snapshot', async () => {
      const namespace = await target.namespace('resume');
      const who = await person('reader');
      await who.grant('view', namespace);
      await target.make(at(namespace), configMap('a', { n: '0' }));
      const first = await who.watch();
      const known = await first.subscribe({ id: 'm', kind: MAPS, namespaces: [namespace] });
      await target.admin.patch(at(namespace, 'a'), MERGE_PATCH, { data: { n: '1' } });
      await pollUntil('the first change', () => known.offsets.length > 0);
      await first.close();
      await target.make(at(namespace), configMap('b'));
      const second = await who.watch();
      const stream = await second.subscribe({
        id: 'm',
        kind: MAPS,
        namespaces: [namespace],
        resume: known.resume,
      });
      assert.equal(second.subscribedOf('m')?.resumed, true);
      await pollUntil('what was missed', () => stream.objects.has(`${namespace}/b`));
      assert.equal(
        second.frames.some(({ type }) => type === 'snapshot'),
        false,
      );
      assert.ok(
        stream.offsets.every((offset) => !known.offsets.includes(offset)),
        'a delta came twice',
      );
      const third = await who.watch();
      const other = known.resume.replace(/^[^.]+/, 'other');
      await third.subscribe({ id: 'm', kind: MAPS, namespaces: [namespace], resume: other });
      assert.equal(third.subscribedOf('m')?.resumed, false);
    });

    it('[WP8] who asks the same gets the same stream', async () => {
      const namespace = await target.namespace('shared');
      const [one, two] = [await person('one'), await person('two')];
      for (const who of [one, two]) await who.grant('view', namespace);
      const clients = [await one.watch(), await two.watch()];
      for (const client of clients)
        await client.subscribe({ id: 'm', kind: MAPS, namespaces: [namespace], labelSelector: 'a=b, c' });
      assert.equal(clients[0]?.subscribedOf('m')?.stream, clients[1]?.subscribedOf('m')?.stream);
    });

    it('[WP9] after unsubscribed nothing of it comes', async () => {
      const namespace = await target.namespace('leave');
      const who = await person('reader');
      await who.grant('view', namespace);
      const client = await who.watch();
      const stream = await client.subscribe({ id: 'm', kind: MAPS, namespaces: [namespace] });
      client.send({ type: 'unsubscribe', id: 'm' });
      await client.frame('unsubscribed');
      const seen = stream.offsets.length;
      await target.make(at(namespace), configMap('late'));
      const other = await client.subscribe({ id: 'n', kind: MAPS, namespaces: [namespace] });
      assert.ok(other.objects.has(`${namespace}/late`));
      assert.equal(stream.offsets.length, seen);
    });

    for (const [what, frame, reason, message] of [
      ['an unknown kind', { kind: 'nopes' }, 'NotFound', /resource type "nopes"/],
      ['a bad label selector', { kind: MAPS, labelSelector: 'a b' }, 'BadRequest', /unable to parse/],
      ['a bad field selector', { kind: MAPS, fieldSelector: 'nonsense' }, 'BadRequest', /field selector/],
      [
        'a column that is none',
        { kind: MAPS, window: { sort: 'nope', offset: 0, limit: 1 } },
        'BadRequest',
        /columns are/,
      ],
      ['a cell of no column', { kind: MAPS, where: { nope: ['x'] } }, 'BadRequest', /no such column/],
      [
        'namespaces of a kind without',
        { kind: 'v1/nodes', namespaces: ['default'] },
        'BadRequest',
        /not in namespaces/,
      ],
      ['no right', { kind: 'secrets' }, 'Forbidden', /cannot list resource "secrets"/],
      [
        'a window that is too large',
        { kind: MAPS, window: { offset: 0, limit: 1e9 } },
        'BadRequest',
        /not valid/,
      ],
    ] as const) {
      it(`[WP10] ${what} is refused with ${reason}`, async () => {
        const who = await person('asker');
        await who.grant('view', await target.namespace('refuse'));
        const client = await who.watch();
        client.send({ type: 'subscribe', id: 'x', ...frame });
        const refusal = await pollUntil('a refusal', () => client.refusal('x'));
        assert.equal(refusal.status.reason, reason);
        assert.match(refusal.status.message, message);
        assert.ok(refusal.status.details?.requestId);
      });
    }

    it('[WP10] ids in use, unknown ids and too many subscriptions are refused', async () => {
      const namespace = await target.namespace('ids');
      const who = await person('asker');
      await who.grant('view', namespace);
      const client = await who.watch();
      const { limits } = await client.frame('hello');
      await client.subscribe({ id: '0', kind: MAPS, namespaces: [namespace] });
      client.send({ type: 'subscribe', id: '0', kind: MAPS });
      client.send({ type: 'unsubscribe', id: 'unknown' });
      for (let id = 1; id <= limits.subscriptions; id += 1) {
        client.send({ type: 'subscribe', id: String(id), kind: MAPS, namespaces: [namespace] });
      }
      const reasonOf = (id: string): Promise<string> =>
        pollUntil(`refusal of ${id}`, () => client.refusal(id)?.status.reason);
      assert.equal(await reasonOf('0'), 'AlreadyExists');
      assert.equal(await reasonOf('unknown'), 'NotFound');
      assert.equal(await reasonOf(String(limits.subscriptions)), 'TooManyRequests');
    });

    it('[WP11] frames without sense get an error each, then 4500; much too large ones 4513 or 1009', async () => {
      const who = await person('babbler');
      const client = await who.watch();
      for (const text of [
        'nonsense',
        '[]',
        '{"type":"dance"}',
        '{"type":"subscribe"}',
        '{"type":"ping","nonce":7}',
      ])
        client.socket.send(text);
      client.socket.send(Buffer.from([0, 1, 2]));
      await pollUntil('six errors', () => client.frames.filter(({ type }) => type === 'error').length === 6);
      client.send({ type: 'ping', nonce: 'n' });
      assert.equal((await client.frame('pong')).nonce, 'n');
      for (let more = 0; more < 30; more += 1) client.socket.send('nonsense');
      assert.equal((await client.closed).code, 4500);
      const large = await who.watch();
      large.socket.send('x'.repeat(100_000));
      assert.equal((await large.closed).code, 4513);
      const larger = await who.watch();
      larger.socket.send('x'.repeat(1_000_000));
      assert.equal((await larger.closed).code, 1009);
    });

    it('[WP12] a quiet socket hears heartbeats and how fresh its streams are', async () => {
      const namespace = await target.namespace('quiet');
      const who = await person('reader');
      await who.grant('view', namespace);
      const client = await who.watch();
      await client.subscribe({ id: 'm', kind: MAPS, namespaces: [namespace] });
      await client.frame('heartbeat');
      const fresh = await client.frame('freshness');
      assert.equal(fresh.stream, client.subscribedOf('m')?.stream);
      assert.equal(fresh.state, 'live');
    });
  });

  cases('who may watch', target, (it) => {
    it('[WA1] without a namespace asked for one gets exactly those that one may read', async () => {
      const [mine, other] = [await target.namespace('mine'), await target.namespace('other')];
      for (const namespace of [mine, other]) await target.make(at(namespace), configMap('a'));
      const who = await person('reader');
      await who.grant('view', mine);
      const client = await who.watch();
      const stream = await client.subscribe({ id: 'm', kind: MAPS });
      assert.deepEqual(client.subscribedOf('m')?.namespaces, [mine]);
      assert.deepEqual(withoutRootCa(stream.keys()), [`${mine}/a`]);
      const both = await client.subscribe({ id: 'b', kind: MAPS, namespaces: [mine, other] });
      assert.deepEqual(withoutRootCa(both.keys()), [`${mine}/a`]);
    });

    it('[WA2] when a right is lost the rows go; when all are lost the subscription ends', async () => {
      const [one, two] = [await target.namespace('one'), await target.namespace('two')];
      for (const namespace of [one, two]) await target.make(at(namespace), configMap('a'));
      const who = await person('reader');
      const revoke = [await who.grant('view', one), await who.grant('view', two)];
      const client = await who.watch();
      await client.subscribe({ id: 'm', kind: MAPS });
      await revoke[0]!();
      const narrowed = await pollUntil('the rows to go', () => {
        const model = client.streamOf('m');
        return model?.synced === true && !model.objects.has(`${one}/a`) && model;
      });
      assert.deepEqual(withoutRootCa(narrowed.keys()), [`${two}/a`]);
      await revoke[1]!();
      const ended = await client.frame('ended');
      assert.deepEqual([ended.id, ended.status.reason], ['m', 'Forbidden']);
      assert.match(ended.status.message, /cannot list resource "configmaps"/);
      await target.make(at(two), configMap('secretive'));
      client.send({ type: 'ping' });
      await client.frame('pong');
      assert.equal(JSON.stringify(client.frames).includes('secretive'), false);
    });

    it('[WA3] when a right is gained the rows come', async () => {
      const [one, two] = [await target.namespace('one'), await target.namespace('two')];
      for (const namespace of [one, two]) await target.make(at(namespace), configMap('a'));
      const who = await person('reader');
      await who.grant('view', one);
      const client = await who.watch();
      await client.subscribe({ id: 'm', kind: MAPS });
      await who.grant('view', two);
      await pollUntil('the rows to come', () => client.streamOf('m')?.objects.has(`${two}/a`));
    });

    it('[WA4] when the token is void the socket closes with 4501', async () => {
      const who = await person('leaver');
      const client = await who.watch();
      await client.frame('hello');
      await who.vanish();
      assert.equal((await client.closed).code, 4501);
    });

    it('[WA5] a new token of the same person goes on; another person’s is refused', async () => {
      const [who, other] = [await person('self'), await person('other')];
      const client = await who.watch();
      client.send({ type: 'auth', token: await who.anotherToken() });
      await client.frame('authenticated');
      client.send({ type: 'auth', token: other.token });
      const refusal = await pollUntil('a refusal', () => client.refusal(undefined));
      assert.equal(refusal.status.reason, 'Forbidden');
      client.send({ type: 'auth', token: 'nonsense' });
      await pollUntil('another', () =>
        client.frames.some((frame) => frame.type === 'error' && frame.status.reason === 'Unauthorized'),
      );
      assert.equal(client.closeCode, undefined);
    });
  });
}
