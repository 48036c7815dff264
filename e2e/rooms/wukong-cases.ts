import assert from 'node:assert/strict';
import type { Reply } from '../harness/api.ts';
import { assertStatus } from '../harness/assert-status.ts';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { bringWukong, WUKONG_API, wukong } from '../harness/wukong.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import { machine } from './vms-cases.ts';

const VMS = '/apis/kubevirt.io/v1';

/** What the levers do to the objects: the same whether or not an operator follows them. */
export function wukongCases({ target, person }: RoomFixture): void {
  const read = async (path: string): Promise<Wire> => (await target.admin.get(path)).body as Wire;
  const wukongOf = (namespace: string, name: string): Promise<Wire> =>
    read(`${WUKONG_API}/namespaces/${namespace}/wukongs/${name}`);
  const vmOf = (namespace: string, name: string): Promise<Wire> =>
    read(`${VMS}/namespaces/${namespace}/virtualmachines/${name}`);
  const act = (who: Person, namespace: string, name: string, action: string): Promise<Reply> =>
    who.api.post(`/api/vms/${name}/action`, { action }, { namespace });

  /** A Wukong with its machine: made by its operator, or by hand where there is none. Resolves when the room shows both. */
  async function make(who: Person, namespace: string, name: string, startStrategy: Wire): Promise<void> {
    const owner = await target.make(
      `${WUKONG_API}/namespaces/${namespace}/wukongs`,
      wukong(name, { startStrategy }),
    );
    if (target.kind === 'cluster') {
      const runStrategy = startStrategy.autoStart === false ? 'Halted' : startStrategy.runStrategy;
      const vm = machine(`${name}-vm`, { runStrategy });
      const { apiVersion, kind, metadata } = owner;
      vm.metadata.ownerReferences = [{ apiVersion, kind, name, uid: metadata.uid, controller: true }];
      await target.make(`${VMS}/namespaces/${namespace}/virtualmachines`, vm);
    }
    await pollUntil(
      'the machine',
      async () => {
        const { body } = await who.api.get(`/api/vms/${name}`, { namespace });
        return body.wukong === name && body.status === 'Stopped';
      },
      { deadlineMs: 60_000 },
    );
  }

  cases(
    'levers of Wukong',
    target,
    (it) => {
      it('[VK2, VK3] start and stop set its startStrategy, and its run strategy stays', async () => {
        const namespace = await target.namespace('wk-lever');
        const who = await person('lever');
        await who.grant('edit', namespace);
        await make(who, namespace, 'web', { autoStart: false, runStrategy: 'RerunOnFailure' });
        const before = await vmOf(namespace, 'web-vm');
        const started = await act(who, namespace, 'web', 'start');
        assert.equal(started.status, 202, started.text);
        const on = await wukongOf(namespace, 'web');
        assert.deepEqual(on.spec.startStrategy, { autoStart: true, runStrategy: 'RerunOnFailure' });
        const stopped = await act(who, namespace, 'web-vm', 'stop');
        assert.equal(stopped.status, 202, stopped.text);
        const off = await wukongOf(namespace, 'web');
        assert.deepEqual(off.spec.startStrategy, { autoStart: false, runStrategy: 'RerunOnFailure' });
        if (target.kind === 'cluster') assert.deepEqual((await vmOf(namespace, 'web-vm')).spec, before.spec);
      });

      it(
        '[VK2, VK3] a machine that runs by request is asked, and one that would stay off is not',
        async () => {
          const namespace = await target.namespace('wk-manual');
          const who = await person('manual');
          await who.grant('edit', namespace);
          await make(who, namespace, 'asked', { runStrategy: 'Manual' });
          const { body } = await act(who, namespace, 'asked', 'start');
          assert.ok(body.task, JSON.stringify(body));
          await pollUntil(
            'the machine to run',
            async () => (await who.api.get('/api/vms/asked', { namespace })).body.status === 'Running',
            { deadlineMs: 120_000 },
          );
          assert.equal((await act(who, namespace, 'asked', 'stop')).status, 202);
          const { spec } = await wukongOf(namespace, 'asked');
          assert.deepEqual(spec.startStrategy, { runStrategy: 'Manual' });
          await make(who, namespace, 'off', { autoStart: false, runStrategy: 'Manual' });
          assert.equal((await act(who, namespace, 'off', 'start')).status, 202);
          const on = await wukongOf(namespace, 'off');
          assert.deepEqual(on.spec.startStrategy, { autoStart: true, runStrategy: 'Always' });
        },
        { deadlineMs: 300_000 },
      );

      it(
        '[VK2] delete deletes the Wukong',
        async () => {
          const namespace = await target.namespace('wk-delete');
          const who = await person('deleter');
          await who.grant('edit', namespace);
          await make(who, namespace, 'gone', { autoStart: false });
          assert.equal((await act(who, namespace, 'gone', 'delete')).status, 202);
          await pollUntil(
            'the Wukong and its machine to go',
            async () => {
              const [owner, vm] = [await wukongOf(namespace, 'gone'), await vmOf(namespace, 'gone-vm')];
              return owner.code === 404 && vm.code === 404;
            },
            { deadlineMs: 60_000 },
          );
        },
        { deadlineMs: 120_000 },
      );

      it('[VK7] who may change machines and not Wukongs changes nothing of theirs', async () => {
        const namespace = await target.namespace('wk-rights');
        const who = await person('halfway');
        await who.grant('view', namespace);
        const role = await who.role([
          { apiGroups: ['kubevirt.io'], resources: ['*'], verbs: ['*'] },
          { apiGroups: ['subresources.kubevirt.io'], resources: ['*'], verbs: ['*'] },
        ]);
        await who.grant(role, namespace);
        await make(who, namespace, 'theirs', { autoStart: false, runStrategy: 'Always' });
        for (const action of ['start', 'delete']) {
          const refused = await act(who, namespace, 'theirs', action);
          assert.equal(refused.status, 403, refused.text);
          assert.match(refused.body.message as string, /wukongs/);
        }
        const { spec } = await wukongOf(namespace, 'theirs');
        assert.deepEqual(spec.startStrategy, { autoStart: false, runStrategy: 'Always' });
      });

      it('[VK4] a snapshot of its machine is asked of its operator', async () => {
        const namespace = await target.namespace('wk-snap');
        const who = await person('keeper');
        await who.grant('edit', namespace);
        await make(who, namespace, 'db', { autoStart: false });
        const taken = await who.api.post(
          '/api/snapshots',
          { name: 'before', vmName: 'db-vm' },
          { namespace },
        );
        assert.equal(taken.status, 202, taken.text);
        assert.deepEqual(
          [taken.body.snapshot.wukongName, taken.body.snapshot.wukong, taken.body.snapshot.vmName],
          ['db', 'db', 'db-vm'],
        );
        const made = await read(`${WUKONG_API}/namespaces/${namespace}/wukongsnapshots/before`);
        assert.deepEqual(made.spec, { wukongName: 'db' });
        const list = await pollUntil('the snapshot to be listed', async () => {
          const { body } = await who.api.get('/api/vms/db/snapshots', { namespace });
          return (body as Wire[]).length > 0 && (body as Wire[]);
        });
        assert.deepEqual(
          list.map(({ name }) => name as string),
          ['before'],
        );
        assertStatus(await who.api.post('/api/snapshots/after/restore', {}, { namespace }), 404, 'NotFound');
        const removed = await who.api.delete('/api/snapshots/before', undefined, { namespace });
        assert.equal(removed.status, 200, removed.text);
        await pollUntil('it to go', async () => {
          const { body } = await who.api.get('/api/snapshots', { namespace });
          return (body as Wire[]).length === 0;
        });
      });
    },
    { concurrency: 2, before: () => bringWukong(target) },
  );
}
