import assert from 'node:assert/strict';
import type {
  FeedEntry,
  Ingredient,
  Overview,
  Phases,
  ProblemGroup,
  TlsCertificates,
} from '@krateyard/workspace/contract/overview';
import type { OverviewFrame } from '@krateyard/workspace/contract/watch-protocol';
import { createTestCertificates } from '@krateyard/kube/test-servers/test-certificates';
import { assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH } from '../harness/api.ts';
import { cases } from '../harness/cases.ts';
import { configMap, container, deployment, job, pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { RoomFixture } from './room-fixture.ts';
import type { WatchClient } from './watch-client.ts';

/** What a client knows of one overview, by the protocol's own rules. */
function partsOf(
  client: WatchClient,
  id: string,
): { parts: Map<string, unknown>; synced: boolean; resume: string } {
  const parts = new Map<string, unknown>();
  let [stream, synced, resume] = ['', false, ''];
  for (const frame of client.frames) {
    if (frame.type !== 'overview') continue;
    const told: OverviewFrame = frame;
    if (told.id === id) stream = told.stream ?? '';
    if (told.stream !== stream) continue;
    if (told.whole) parts.clear();
    for (const [name, value] of Object.entries(told.parts ?? {})) {
      if (value === null) parts.delete(name);
      else parts.set(name, value);
    }
    if (told.synced) synced = true;
    resume = told.resume ?? resume;
  }
  return { parts, synced, resume };
}

/** `GET /api/overview` and `overview` of `/ws/watch` from outside, against any cluster. */
export function overviewCases({ target, gateway, person }: RoomFixture): void {
  const broken = 'local/does-not-exist:1';
  const core = (namespace: string, resource: string): string => `/api/v1/namespaces/${namespace}/${resource}`;
  const apps = (namespace: string, name = ''): string =>
    `/apis/apps/v1/namespaces/${namespace}/deployments${name && `/${name}`}`;
  const imageless = (name: string) =>
    pod(name, undefined, { containers: [container('true', { image: broken })] });

  const problemsOf = (client: WatchClient, id: string): ProblemGroup[] =>
    [...partsOf(client, id).parts]
      .filter(([name]) => name.startsWith('problem:'))
      .map(([, value]) => value as ProblemGroup);

  cases('the overview', target, (it) => {
    it(
      '[OV1, OV2, OV3, OV10] what is broken for real is told by cause, over the socket as by HTTP',
      async () => {
        const namespace = await target.namespace('broken');
        const who = await person('reader');
        await who.grant('view', namespace);
        const client = await who.watch();
        client.send({ type: 'overview', id: 'o', namespaces: [namespace] });
        await pollUntil('the whole', () => partsOf(client, 'o').synced);
        assert.deepEqual(problemsOf(client, 'o'), []);
        await target.make(core(namespace, 'pods'), imageless('imageless'));
        await target.make(core(namespace, 'pods'), pod('looping', 'exit 3', { restartPolicy: 'Always' }));
        await target.make(
          core(namespace, 'pods'),
          pod('placeless', undefined, { nodeSelector: { no: 'such' } }),
        );
        await target.make(core(namespace, 'persistentvolumeclaims'), {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'classless' },
          spec: {
            storageClassName: 'no-such-class',
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
          },
        });
        await target.make(
          `/apis/batch/v1/namespaces/${namespace}/jobs`,
          job('failing', 'exit 1', { backoffLimit: 0 }),
        );
        const stuck = deployment('stuck', 1, { progressDeadlineSeconds: 2 });
        stuck['spec'].template.spec.containers[0].image = broken;
        await target.make(apps(namespace), stuck);
        await target.make(core(namespace, 'resourcequotas'), {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'short' },
          spec: { hard: { pods: '4' } },
        });
        const expected = {
          'crash-loop': ['looping'],
          'failed-job': ['failing'],
          'image-pull': ['imageless', 'stuck'],
          'pending-volume': ['classless'],
          quota: ['short'],
          'stuck-rollout': ['stuck'],
          unschedulable: ['placeless'],
        };
        const named = (groups: readonly ProblemGroup[]): Record<string, string[]> =>
          Object.fromEntries(
            groups
              .toSorted((a, b) => (a.cause < b.cause ? -1 : 1))
              .map(({ cause, objects }) => [
                cause,
                objects.map(({ name }) => name.replace(/-.*/, '')).toSorted(),
              ]),
          );
        await pollUntil(
          'all causes',
          () => {
            const groups = problemsOf(client, 'o');
            assert.deepEqual(named(groups), expected);
            return true;
          },
          { deadlineMs: 70_000, everyMs: 300 },
        );
        const groups = new Map(problemsOf(client, 'o').map((group) => [group.cause, group]));
        const looping = groups.get('crash-loop')!.objects[0]!;
        assert.match(looping.message, /exit code 3/);
        assert.ok((looping.restarts ?? 0) >= 1);
        assert.match(groups.get('unschedulable')!.objects[0]!.message, /nodes are available/);
        assert.match(groups.get('pending-volume')!.objects[0]!.message, /no storage class "no-such-class"/);
        assert.match(groups.get('quota')!.objects[0]!.message, /pods 4 of 4/);
        // A pod that crashes runs now and then.
        const overview = await pollUntil('the same by HTTP', async () => {
          const told = (await who.api.get('/api/overview', { ns: namespace })).body as Overview;
          assert.deepEqual(named(told.problems), expected);
          return told;
        });
        assert.equal(overview.problems[0]!.severity, 'critical');
        assert.equal(overview.problems.at(-1)!.severity, 'warning');
        assert.equal(overview.namespaces[0]!.problems, 8);
        // What is mended goes.
        await target.admin.delete(`${core(namespace, 'pods')}/placeless`);
        await pollUntil(
          'the mended one to go',
          () => !partsOf(client, 'o').parts.has('problem:unschedulable'),
        );
      },
      { deadlineMs: 120_000 },
    );

    it(
      '[OV4, OV5] requests, phases and changes follow what happens',
      async () => {
        const namespace = await target.namespace('capacity');
        const who = await person('reader');
        await who.grant('view', namespace);
        const client = await who.watch();
        client.send({ type: 'overview', id: 'o' });
        await pollUntil('the whole', () => partsOf(client, 'o').synced);
        const web = deployment('web', 2);
        web['spec'].template.spec.containers[0].resources = {
          requests: { cpu: '10m', memory: '8Mi' },
          limits: { memory: '16Mi' },
        };
        await target.make(apps(namespace), web);
        type Row = Overview['total'];
        const row = (): Row | undefined =>
          partsOf(client, 'o').parts.get(`namespace:${namespace}`) as Row | undefined;
        await pollUntil('two pods to count', () => row()?.pods.count === 2, { deadlineMs: 40_000 });
        assert.deepEqual(
          [row()!.cpu.requested, row()!.memory.requested, row()!.memory.limits],
          [20, 16 * 1024 ** 2, 32 * 1024 ** 2],
        );
        await target.admin.patch(apps(namespace, 'web'), MERGE_PATCH, { spec: { replicas: 1 } });
        await pollUntil('one pod to count', () => row()?.pods.count === 1, { deadlineMs: 40_000 });
        const phases = (): Phases => partsOf(client, 'o').parts.get('phases') as Phases;
        await pollUntil('one pod to run', () => phases()['Running'] === 1, { deadlineMs: 40_000 });
        const changes = (): FeedEntry[] =>
          [...partsOf(client, 'o').parts]
            .filter(([name]) => name.startsWith('change:'))
            .map(([, value]) => value as FeedEntry);
        const said = (reason: string): Promise<FeedEntry> =>
          pollUntil(`${reason} in the feed`, () =>
            changes().find((entry) => entry.reason === reason && entry.name === 'web'),
          );
        assert.equal((await said('Created')).source, 'watch');
        assert.equal((await said('Scaled')).message, '2 → 1');
        assert.equal((await said('ScalingReplicaSet')).source, 'event');
        assert.ok(changes().every((entry) => entry.namespace === namespace));
      },
      { deadlineMs: 120_000 },
    );

    it(
      '[OV8] each person gets what they may see, and nobody a word of the rest',
      async () => {
        const [mine, yours] = [await target.namespace('mine'), await target.namespace('yours')];
        const [me, you, all] = [await person('me'), await person('you'), await person('all')];
        await me.grant('view', mine);
        await you.grant('view', yours);
        await all.grant(
          await all.role([{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]),
        );
        const clients = [await me.watch(), await you.watch(), await all.watch()];
        for (const client of clients) client.send({ type: 'overview', id: 'o' });
        for (const client of clients) await pollUntil('the whole', () => partsOf(client, 'o').synced);
        await target.make(core(mine, 'pods'), imageless('minepod'));
        await target.make(core(yours, 'pods'), imageless('yourspod'));
        const [mineOnly, yoursOnly, both] = clients as [WatchClient, WatchClient, WatchClient];
        const names = (client: WatchClient): string[] =>
          problemsOf(client, 'o').flatMap(({ objects }) => objects.map(({ name }) => name));
        await pollUntil(
          'both for one',
          () => names(both).includes('minepod') && names(both).includes('yourspod'),
          {
            deadlineMs: 40_000,
          },
        );
        await pollUntil(
          'one for each',
          () => names(mineOnly).includes('minepod') && names(yoursOnly).includes('yourspod'),
        );
        const heard = (client: WatchClient): string => JSON.stringify(client.frames);
        assert.ok(!heard(mineOnly).includes(yours) && !heard(mineOnly).includes('yourspod'));
        assert.ok(!heard(yoursOnly).includes(mine) && !heard(yoursOnly).includes('minepod'));
        const state = (client: WatchClient, name: string): string | undefined =>
          (partsOf(client, 'o').parts.get(`ingredient:${name}`) as Ingredient | undefined)?.state;
        assert.deepEqual([state(mineOnly, 'pods'), state(mineOnly, 'nodes')], ['some', 'forbidden']);
        assert.deepEqual([state(both, 'pods'), state(both, 'nodes')], ['all', 'all']);
        assert.ok(![...partsOf(mineOnly, 'o').parts.keys()].some((name) => name.startsWith('node:')));
        assert.ok([...partsOf(both, 'o').parts.keys()].some((name) => name.startsWith('node:')));
        const overview = (await me.api.get('/api/overview')).body as Overview;
        assert.deepEqual([overview.nodes, overview.namespaces.map(({ name }) => name)], [[], [mine]]);
        const refused = await me.api.get('/api/overview', { ns: yours });
        assertStatus(refused, 403, 'Forbidden');
      },
      { deadlineMs: 120_000 },
    );

    it(
      '[OV9] rights that come and go bring and take their part while one looks',
      async () => {
        const [first, second] = [await target.namespace('first'), await target.namespace('second')];
        for (const namespace of [first, second])
          await target.make(core(namespace, 'pods'), imageless(`in-${namespace}`));
        const who = await person('changing');
        const dropFirst = await who.grant('view', first);
        const client = await who.watch();
        client.send({ type: 'overview', id: 'o' });
        const namespaces = (): string[] =>
          problemsOf(client, 'o')
            .flatMap(({ objects }) => objects.map(({ namespace }) => namespace ?? ''))
            .toSorted();
        const become = (expected: string[]): Promise<true> =>
          pollUntil(
            `problems in ${expected.join(' and ')}`,
            () => {
              assert.deepEqual(namespaces(), expected.toSorted());
              return true;
            },
            { deadlineMs: 40_000 },
          );
        await become([first]);
        const dropSecond = await who.grant('view', second);
        await become([first, second]);
        await dropFirst();
        await become([second]);
        await dropSecond();
        const ended = await pollUntil('the end', () => client.refusal('o'));
        assert.deepEqual([ended.type, ended.status.reason], ['ended', 'Forbidden']);
        assert.match(ended.status.message, /cannot list resource "pods"/);
      },
      { deadlineMs: 120_000 },
    );

    it('[OV8] who may see nothing is refused in the API server’s words', async () => {
      const who = await person('nobody');
      const client = await who.watch();
      client.send({ type: 'overview', id: 'o' });
      const refused = await pollUntil('the refusal', () => client.refusal('o'));
      assert.deepEqual([refused.type, refused.status.reason], ['error', 'Forbidden']);
      assertStatus(await who.api.get('/api/overview'), 403, 'Forbidden');
    });

    it('[OV12, WS1] ends of certificates in TLS Secrets, on request, to who may read them, and nothing else', async () => {
      const namespace = await target.namespace('tls');
      const { server } = createTestCertificates();
      const base64 = (text: string): string => Buffer.from(text).toString('base64');
      await target.make(core(namespace, 'secrets'), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'web-tls' },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': base64(server.cert), 'tls.key': base64(server.key) },
      });
      const [keeper, viewer] = [await person('keeper'), await person('viewer')];
      const secrets = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] }];
      await keeper.grant(await keeper.role(secrets), namespace);
      await viewer.grant('view', namespace);
      const reply = await keeper.api.post('/api/overview/certificates', {}, { ns: namespace });
      assert.equal(reply.status, 200, reply.text);
      const { items, more } = reply.body as TlsCertificates;
      assert.deepEqual([items.map(({ name }) => name), more], [['web-tls'], false]);
      assert.ok(items[0]!.notAfter! > Date.now() && items[0]!.notAfter! < Date.now() + 3 * 86_400_000);
      assert.match(items[0]!.subject!, /kube-apiserver/);
      assert.ok(!reply.text.includes(base64(server.key).slice(0, 40)) && !reply.text.includes('BEGIN'));
      const audit = await pollUntil(
        'the audit line',
        () => gateway.log.includes('secret.check-certificates') && gateway.log,
      );
      assert.ok(audit.includes(keeper.username) && !audit.includes(base64(server.key).slice(0, 40)));
      assertStatus(
        await viewer.api.post('/api/overview/certificates', {}, { ns: namespace }),
        403,
        'Forbidden',
      );
    });

    it(
      '[OV10] who comes back with a token goes on from there',
      async () => {
        const namespace = await target.namespace('resume');
        const who = await person('returning');
        await who.grant('view', namespace);
        const before = await who.watch();
        before.send({ type: 'overview', id: 'o', namespaces: [namespace] });
        await pollUntil('the whole', () => partsOf(before, 'o').synced);
        const { resume, parts } = partsOf(before, 'o');
        await before.close();
        await target.make(core(namespace, 'configmaps'), configMap('quiet'));
        const after = await who.watch();
        after.send({ type: 'overview', id: 'p', namespaces: [namespace], resume });
        const opening = await pollUntil('the answer', () =>
          after.frames.find(
            (frame): frame is OverviewFrame & { type: 'overview' } =>
              frame.type === 'overview' && frame.id === 'p',
          ),
        );
        assert.equal(opening.resumed, true);
        await target.make(core(namespace, 'pods'), imageless('later'));
        await pollUntil('the news', () => problemsOf(after, 'p').length === 1, { deadlineMs: 40_000 });
        assert.ok(!after.frames.some((frame) => frame.type === 'overview' && frame.whole === true));
        assert.ok(parts.has('total'));
      },
      { deadlineMs: 90_000 },
    );
  });
}
