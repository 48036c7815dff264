import assert from 'node:assert/strict';
import type { Ingredient, Overview } from '@krateyard/workspace/contract/overview';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { UsageList } from '@krateyard/workspace/contract/usage-api';
import type { MetricsFrame } from '@krateyard/workspace/contract/watch-protocol';
import { assertStatus } from '../harness/assert-status.ts';
import { cases } from '../harness/cases.ts';
import { deployment } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { RoomFixture } from './room-fixture.ts';
import type { WatchClient } from './watch-client.ts';

/** `GET /api/metrics` and `metrics` of `/ws/watch`, against any cluster: with metrics.k8s.io, or without. */
export function usageCases({ target, person }: RoomFixture): void {
  const METERED = [{ apiGroups: ['metrics.k8s.io'], resources: ['pods'], verbs: ['get', 'list', 'watch'] }];
  // `view` may have usage aggregated into it.
  const PODS = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }];
  const served = async (): Promise<boolean> =>
    (await target.admin.get('/apis/metrics.k8s.io/v1beta1')).status === 200;
  const framesOf = (client: WatchClient, id: string): MetricsFrame[] =>
    client.frames.filter(
      (frame): frame is MetricsFrame & { type: 'metrics' } => frame.type === 'metrics' && frame.id === id,
    );

  cases('usage', target, (it) => {
    it('[MT2] a cluster without metrics says so, and invents nothing', async () => {
      if (await served()) return;
      const namespace = await target.namespace('unmetered');
      const who = await person('reader');
      await who.grant('view', namespace);
      await who.grant(await who.role(METERED), namespace);
      const reply = await who.api.get('/api/metrics', { kind: 'namespaces', name: namespace });
      assertStatus(reply, 503, 'ServiceUnavailable');
      assert.match(reply.text, /metrics\.k8s\.io/);
      const overview = (await who.api.get('/api/overview', { ns: namespace })).body as Overview;
      const usage = overview.ingredients.find(({ name }) => name === 'podUsage') as Ingredient;
      assert.equal(usage.state, 'dark');
      assert.match(usage.reason!, /metrics\.k8s\.io/);
      assert.equal(overview.total.cpu.used, undefined);
    });

    it(
      '[MT3, MT4, MT5] usage of pods, their workload and namespace, for who may see it',
      async () => {
        if (!(await served())) return;
        const namespace = await target.namespace('metered');
        const [who, other] = [await person('metered'), await person('other')];
        await who.grant(await who.role(PODS), namespace);
        const drop = await who.grant(await who.role(METERED), namespace);
        await other.grant(await other.role(PODS), namespace);
        await target.make(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('web', 2));
        const client = await who.watch();
        client.send({ type: 'metrics', id: 'd', kind: 'deployments', keys: [`${namespace}/web`] });
        const frames = await pollUntil(
          'samples',
          () =>
            framesOf(client, 'd').some(({ parts }) => Object.keys(parts ?? {}).length > 0) &&
            framesOf(client, 'd'),
          { deadlineMs: 60_000, everyMs: 200 },
        );
        assert.equal(frames[0]!.whole, true);
        // The meter may look between the two answers.
        await pollUntil('the namespace to use what its pods do', async () => {
          const list = (await who.api.get('/api/metrics', { kind: 'pods', ns: namespace })).body as UsageList;
          assert.equal(Object.keys(list.items).length, 2);
          const sum = Object.values(list.items).reduce((total, { samples }) => total + samples.at(-1)![2], 0);
          const whole = (await who.api.get('/api/metrics', { kind: 'namespaces', name: namespace }))
            .body as UsageList;
          assert.equal(whole.items[namespace]!.samples.at(-1)![2], sum);
          return true;
        });
        assertStatus(await other.api.get('/api/metrics', { kind: 'pods', ns: namespace }), 403, 'Forbidden');
        assertStatus(await who.api.get('/api/metrics', { kind: 'nodes' }), 403, 'Forbidden');
        assertStatus(
          await who.api.get('/api/metrics', { kind: 'deployments', ns: namespace }),
          400,
          'BadRequest',
        );
        const stranger = await other.watch();
        stranger.send({ type: 'metrics', id: 'd', kind: 'pods', keys: [`${namespace}/web`] });
        assert.equal(
          (await pollUntil('the refusal', () => stranger.refusal('d'))).status.reason,
          'Forbidden',
        );
        await drop();
        const ended = await pollUntil('the end', () => client.refusal('d'));
        assert.deepEqual([ended.type, ended.status.reason], ['ended', 'Forbidden']);
      },
      { deadlineMs: 120_000 },
    );

    it(
      '[WC6] pods are sorted by what they use, as far as the person may see it, and it never fails',
      async () => {
        const namespace = await target.namespace('by-usage');
        const [who, other] = [await person('by-usage'), await person('blind')];
        await who.grant(await who.role([...PODS, ...METERED]), namespace);
        await other.grant(await other.role(PODS), namespace);
        await target.make(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('web', 4));
        const list = async (sort: string): Promise<readonly string[]> => {
          const { body } = await who.api.get('/api/resources/pods', { ns: namespace, sort });
          return (body as { items: readonly KubeObject[] }).items.map(
            ({ metadata }) => `${namespace}/${metadata.name}`,
          );
        };
        const names = await pollUntil('the pods', async () => {
          const found = await list('name');
          return found.length === 4 && found;
        });
        const window = { sort: '-memory-used', offset: 0, limit: 10 };
        const client = await who.watch();
        await client.subscribe({ id: 'p', kind: 'pods', namespaces: [namespace], window });
        const blind = await other.watch();
        const unsorted = await blind.subscribe({ id: 'p', kind: 'pods', namespaces: [namespace], window });
        assert.deepEqual(unsorted.order, names);
        if (!(await served())) {
          assert.deepEqual(await list('-memory-used'), names);
          return;
        }
        // The watch follows the meter: at some moment between two looks all three say the same.
        await pollUntil(
          'the order of what is measured',
          async () => {
            const { items } = (await who.api.get('/api/metrics', { kind: 'pods', ns: namespace }))
              .body as UsageList;
            const used = (key: string): number => items[key]?.samples.at(-1)?.[2] ?? -1;
            const expected = names.toSorted((a, b) => used(b) - used(a) || (a < b ? -1 : 1)).join();
            const listed = (await list('-memory-used')).join();
            return (
              Object.keys(items).length === 4 &&
              listed === expected &&
              client.streamOf('p')?.order?.join() === expected
            );
          },
          { deadlineMs: 60_000, everyMs: 200 },
        );
      },
      { deadlineMs: 120_000 },
    );
  });
}
