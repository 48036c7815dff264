import assert from 'node:assert/strict';
import type { Reply } from '../harness/api.ts';
import { assertStatus } from '../harness/assert-status.ts';
import { cases } from '../harness/cases.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import { untilTaskEnded } from './until-task-ended.ts';
import { VmEventsClient } from './vm-events-client.ts';

const VMS = '/apis/kubevirt.io/v1';
/** A guest under emulation takes its time to start. */
const RUN_MS = 120_000;
const CASE_MS = 300_000;

/** A machine whose guest is small and obeys its power button. */
export function machine(name: string, spec: Wire = {}): Wire {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, labels: { app: name } },
    spec: {
      runStrategy: 'Manual',
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 10,
          domain: {
            memory: { guest: '64Mi' },
            devices: {
              disks: [{ name: 'root', disk: { bus: 'sata' } }],
              interfaces: [{ name: 'default', masquerade: {} }],
            },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'root', containerDisk: { image: 'local/guest:1', imagePullPolicy: 'Never' } }],
        },
      },
      ...spec,
    },
  };
}

/** The room of machines from outside, against any cluster that runs KubeVirt. */
export function vmsCases({ target, person, gateway }: RoomFixture): void {
  const read = (who: Person, namespace: string, name: string): Promise<Wire> =>
    who.api.get(`/api/vms/${name}`, { namespace }).then(({ body }) => body as Wire);
  const until = (who: Person, namespace: string, name: string, status: string): Promise<Wire> =>
    pollUntil(
      `${name} to be ${status}`,
      async () => {
        const vm = await read(who, namespace, name);
        return vm.status === status && vm;
      },
      { deadlineMs: RUN_MS },
    );
  const act = (who: Person, namespace: string, name: string, action: string): Promise<Reply> =>
    who.api.post(`/api/vms/${name}/action`, { action }, { namespace });

  cases(
    'machines',
    target,
    (it) => {
      it(
        '[VM1, VM2, VM3] are listed, started, restarted and stopped, each as a task that ends when it is seen',
        async () => {
          const namespace = await target.namespace('vms');
          const who = await person('operator');
          await who.grant('edit', namespace);
          await target.make(`${VMS}/namespaces/${namespace}/virtualmachines`, machine('web'));
          const off = await until(who, namespace, 'web', 'Stopped');
          assert.deepEqual(
            [off.cpu, off.memory, off.osImage, off.runStrategy, off.phase, off.ipAddress],
            [1, '64Mi', 'local/guest:1', 'Manual', '', ''],
          );
          assert.deepEqual(off.disks, [
            { name: 'root', size: '', storageClassName: '', boot: true, image: 'local/guest:1' },
          ]);
          await pollUntil('the list to say the same', async () => {
            const list = await who.api.get('/api/vms', { namespace });
            assert.deepEqual(list.body, [await read(who, namespace, 'web')]);
            return true;
          });

          const started = await act(who, namespace, 'web', 'start');
          assert.equal(started.status, 202, started.text);
          assert.equal((await untilTaskEnded(who, started.body.task.id as string)).state, 'observed');
          const on = await until(who, namespace, 'web', 'Running');
          assert.ok(
            on.nodeName !== '' && on.ipAddress !== '' && (on.pod as string).startsWith('virt-launcher-web-'),
          );
          assert.equal(on.networks[0].mode, 'masquerade');
          const again = await act(who, namespace, 'web', 'start');
          assert.equal(again.status, 202);
          assert.equal((await untilTaskEnded(who, again.body.task.id as string)).state, 'observed');

          const stats = await who.api.get('/api/vms/stats', { namespace });
          assert.deepEqual(stats.body, {
            total: 1,
            running: 1,
            stopped: 0,
            error: 0,
            pending: 0,
            totalCpu: 1,
            totalMemory: '1Gi',
          });
          const restarted = await act(who, namespace, 'web', 'restart');
          assert.equal(restarted.status, 202, restarted.text);
          assert.equal((await untilTaskEnded(who, restarted.body.task.id as string)).state, 'observed');
          const after = await until(who, namespace, 'web', 'Running');
          assert.ok((after.startedAt as number) > (on.startedAt as number));

          const paused = await act(who, namespace, 'web', 'pause');
          assert.equal((await untilTaskEnded(who, paused.body.task.id as string)).state, 'observed');
          await until(who, namespace, 'web', 'Paused');
          await act(who, namespace, 'web', 'unpause');
          await until(who, namespace, 'web', 'Running');
          const stopped = await act(who, namespace, 'web', 'stop');
          assert.equal((await untilTaskEnded(who, stopped.body.task.id as string)).state, 'observed');
          await until(who, namespace, 'web', 'Stopped');
          const gone = await act(who, namespace, 'web', 'delete');
          assert.equal((await untilTaskEnded(who, gone.body.task.id as string)).state, 'observed');
          assertStatus(await who.api.get('/api/vms/web', { namespace }), 404, 'NotFound');
        },
        { deadlineMs: CASE_MS },
      );

      it('[VM4] KubeVirt’s refusals say what to do, and bad requests what is wrong', async () => {
        const namespace = await target.namespace('vms-bad');
        const who = await person('clumsy');
        await who.grant('edit', namespace);
        await target.make(
          `${VMS}/namespaces/${namespace}/virtualmachines`,
          machine('idle', { runStrategy: 'Halted' }),
        );
        await until(who, namespace, 'idle', 'Stopped');
        const paused = await act(who, namespace, 'idle', 'pause');
        assertStatus(paused, 409, 'Conflict');
        assert.match(paused.body.message as string, /is off; start it first/);
        const restarted = await act(who, namespace, 'idle', 'restart');
        assertStatus(restarted, 409, 'Conflict');
        assert.match(restarted.body.message as string, /switched off for good; start it instead/);
        assertStatus(await act(who, namespace, 'idle', 'explode'), 422, 'Invalid');
        assertStatus(await act(who, namespace, 'nobody', 'start'), 404, 'NotFound');
        assertStatus(await who.api.get('/api/vms', { namespace: 'Not A Name' }), 400, 'BadRequest');
        assertStatus(await who.api.get('/api/vms/idle', { namespace: '*' }), 400, 'BadRequest');
      });

      it('[VM5] nobody sees or touches machines that the API server would not show them', async () => {
        const [mine, theirs] = [await target.namespace('vms-mine'), await target.namespace('vms-theirs')];
        for (const namespace of [mine, theirs])
          await target.make(`${VMS}/namespaces/${namespace}/virtualmachines`, machine('box'));
        const who = await person('viewer');
        await who.grant('view', mine);
        await until(who, mine, 'box', 'Stopped');
        const all = await who.api.get('/api/vms', { namespace: '*' });
        assert.deepEqual(
          (all.body as Wire[]).map(({ namespace }) => namespace as string),
          [mine],
        );
        assertStatus(await who.api.get('/api/vms', { namespace: theirs }), 403, 'Forbidden');
        assertStatus(await who.api.get('/api/vms/box', { namespace: theirs }), 403, 'Forbidden');
        assertStatus(await act(who, mine, 'box', 'start'), 403, 'Forbidden');
        assert.equal((await read(who, mine, 'box')).status, 'Stopped');
      });
    },
    { before: () => bringKubeVirt(target) },
  );

  cases(
    'snapshots',
    target,
    (it) => {
      it(
        '[VS1, VS2, VS3] are taken, restored into the machine (stopped first) and into a new one, and deleted',
        async () => {
          const namespace = await target.namespace('vms-snap');
          const who = await person('keeper');
          await who.grant('edit', namespace);
          await target.make(`${VMS}/namespaces/${namespace}/virtualmachines`, machine('db'));
          await until(who, namespace, 'db', 'Stopped');
          const started = await act(who, namespace, 'db', 'start');
          assert.equal(started.status, 202, started.text);
          await untilTaskEnded(who, started.body.task.id as string);
          const taken = await who.api.post(
            '/api/snapshots',
            { name: 'before', wukongName: 'db' },
            { namespace },
          );
          assert.equal(taken.status, 202, taken.text);
          const ended = await untilTaskEnded(who, taken.body.task.id as string);
          assert.equal(ended.state, 'observed', JSON.stringify(ended));
          const [snapshot] = (await who.api.get('/api/vms/db/snapshots', { namespace })).body as Wire[];
          assert.deepEqual(
            [
              snapshot!.name,
              snapshot!.wukongName,
              snapshot!.status,
              snapshot!.ready,
              snapshot!.excludedVolumes,
            ],
            ['before', 'db', 'Succeeded', true, ['root']],
          );
          assert.ok((snapshot!.indications as Wire[]).some(({ indication }) => indication === 'Online'));

          const back = await who.api.post('/api/snapshots/before/restore', {}, { namespace });
          assert.equal(back.status, 202, back.text);
          assert.deepEqual(
            (back.body.task.steps as Wire[]).map(({ title }) => title as string),
            ['Stop db', 'Restore before'],
          );
          const restored = await untilTaskEnded(who, back.body.task.id as string);
          assert.equal(restored.state, 'observed', JSON.stringify(restored));
          const restore = await who.api.get(`/api/restores/${back.body.restore as string}`, { namespace });
          assert.equal(restore.body.complete, true);

          const copy = await who.api.post(
            '/api/snapshots/before/restore',
            { newVmName: 'db-copy' },
            { namespace },
          );
          assert.equal(copy.status, 202, copy.text);
          assert.equal((await untilTaskEnded(who, copy.body.task.id as string)).state, 'observed');
          assert.equal((await read(who, namespace, 'db-copy')).name, 'db-copy');
          assertStatus(
            await who.api.post('/api/snapshots/before/restore', { newVmName: 'db-copy' }, { namespace }),
            409,
            'AlreadyExists',
          );
          const removed = await who.api.delete('/api/snapshots/before', undefined, { namespace });
          assert.equal(removed.status, 200, removed.text);
          await pollUntil('the snapshot to go', async () => {
            const { body } = await who.api.get('/api/snapshots', { namespace });
            return (body as Wire[]).length === 0;
          });
          assertStatus(
            await who.api.post('/api/snapshots', { name: 'x', vmName: 'nobody' }, { namespace }),
            404,
            'NotFound',
          );
        },
        { deadlineMs: CASE_MS },
      );
    },
    { before: () => bringKubeVirt(target) },
  );

  cases(
    'changes',
    target,
    (it) => {
      it(
        '[VW1, VW2] all there is, then synced, then every change, as REST has it',
        async () => {
          const namespace = await target.namespace('vms-ws');
          const who = await person('watcher');
          await who.grant('edit', namespace);
          await target.make(`${VMS}/namespaces/${namespace}/virtualmachines`, machine('one'));
          await until(who, namespace, 'one', 'Stopped');
          const client = await VmEventsClient.open(gateway.origin, who, `?namespace=${namespace}`);
          target.undo(() => Promise.resolve(client.close()));
          await client.until('synced', ({ type }) => type === 'synced');
          assert.deepEqual(client.toldFirst('vm'), ['ADDED one']);
          const [first] = client.frames;
          await pollUntil('REST to say the same', async () => {
            const rest = await who.api.get('/api/vms/one', { namespace });
            const last = client.frames.findLast(({ resource }) => resource === 'vm');
            assert.equal(JSON.stringify(last!.data), rest.text);
            return true;
          });
          assert.deepEqual(Object.keys(first!), ['type', 'resource', 'action', 'data', 'timestamp']);
          const { body } = await act(who, namespace, 'one', 'start');
          await client.until(
            'the machine to run',
            ({ resource, data }) => resource === 'vm' && data?.status === 'Running' && data.ready === true,
            RUN_MS,
          );
          await client.until(
            'the task to be observed',
            ({ resource, data }) =>
              resource === 'task' && data?.id === body.task.id && data.state === 'observed',
          );
          assert.equal(client.told('vm').filter((line) => line.startsWith('ADDED')).length, 1);
          await act(who, namespace, 'one', 'delete');
          await client.until(
            'the machine to go',
            ({ resource, action }) => resource === 'vm' && action === 'DELETED',
            RUN_MS,
          );
          assert.equal(client.told('vm').at(-1), 'DELETED one');
        },
        { deadlineMs: CASE_MS },
      );

      it('[VW3, VW4] a right that is lost takes its machines, one that is gained brings them', async () => {
        const [kept, lost] = [await target.namespace('vms-kept'), await target.namespace('vms-lost')];
        for (const [namespace, name] of [
          [kept, 'stays'],
          [lost, 'goes'],
        ] as const)
          await target.make(`${VMS}/namespaces/${namespace}/virtualmachines`, machine(name));
        const who = await person('partial');
        await who.grant('view', kept);
        const take = await who.grant('view', lost);
        await until(who, lost, 'goes', 'Stopped');
        const client = await VmEventsClient.open(gateway.origin, who, '?namespace=*&resource=vm');
        target.undo(() => Promise.resolve(client.close()));
        await client.until('synced', ({ type }) => type === 'synced');
        assert.deepEqual(client.toldFirst('vm').toSorted(), ['ADDED goes', 'ADDED stays']);
        const narrow = await VmEventsClient.open(gateway.origin, who, `?namespace=${lost}&resource=vm`);
        target.undo(() => Promise.resolve(narrow.close()));
        await narrow.until('synced', ({ type }) => type === 'synced');
        await take();
        await client.until('the loss', ({ action, data }) => action === 'DELETED' && data.name === 'goes');
        await narrow.until('that nothing is left to see', ({ type }) => type === 'dark');
        await who.grant('view', lost);
        await pollUntil(
          'the gain',
          () => client.told('vm').filter((line) => line === 'ADDED goes').length === 2,
        );
        assert.equal(client.told('vm').filter((line) => line === 'ADDED stays').length, 1);
        assert.ok(!client.told('vm').includes('DELETED stays'));
        await pollUntil(
          'synced again',
          () => narrow.frames.filter(({ type }) => type === 'synced').length === 2,
        );
      });

      it('[VW7] a client whose socket broke comes back with its token and is told what it missed', async () => {
        const namespace = await target.namespace('vms-back');
        const at = `${VMS}/namespaces/${namespace}/virtualmachines`;
        const [who, other] = [await person('returning'), await person('other')];
        for (const one of [who, other]) await one.grant('edit', namespace);
        for (const name of ['stays', 'goes']) await target.make(at, machine(name));
        for (const name of ['stays', 'goes']) await until(who, namespace, name, 'Stopped');
        const query = `?namespace=${namespace}&resource=vm`;
        const first = await VmEventsClient.open(gateway.origin, who, query);
        const { token } = await first.until('synced', ({ type }) => type === 'synced');
        first.close();
        await target.admin.delete(`${at}/goes`);
        await target.make(at, machine('comes'));
        await until(who, namespace, 'comes', 'Stopped');
        await pollUntil(
          'the machine to go',
          async () => (await who.api.get('/api/vms/goes', { namespace })).status === 404,
        );
        const back = await VmEventsClient.open(gateway.origin, who, `${query}&resume=${token as string}`);
        target.undo(() => Promise.resolve(back.close()));
        const synced = await back.until('synced', ({ type }) => type === 'synced');
        assert.equal(synced.resumed, true, JSON.stringify(back.frames));
        assert.deepEqual(
          back
            .told('vm')
            .filter((line) => !line.startsWith('MODIFIED'))
            .toSorted(),
          ['ADDED comes', 'DELETED goes'],
        );
        for (const [person_, resume] of [
          [other, synced.token],
          [who, 'nonsense'],
        ] as const) {
          const anew = await VmEventsClient.open(
            gateway.origin,
            person_,
            `${query}&resume=${resume as string}`,
          );
          target.undo(() => Promise.resolve(anew.close()));
          const end = await anew.until('synced', ({ type }) => type === 'synced');
          assert.equal(end.resumed, undefined);
          assert.deepEqual(anew.toldFirst('vm').toSorted(), ['ADDED comes', 'ADDED stays']);
        }
        await assert.rejects(VmEventsClient.open(gateway.origin, who, `${query}&resume=%20`), /400/);
      });

      it('[VW5] what cannot be is refused before the upgrade, and senseless frames end the socket', async () => {
        const namespace = await target.namespace('vms-noise');
        const who = await person('noisy');
        await assert.rejects(VmEventsClient.open(gateway.origin, who, `?namespace=${namespace}`), /403/);
        await who.grant('view', namespace);
        await pollUntil(
          'the right',
          async () => (await who.api.get('/api/vms', { namespace })).status === 200,
        );
        await assert.rejects(VmEventsClient.open(gateway.origin, who, '?namespace=No'), /400/);
        await assert.rejects(VmEventsClient.open(gateway.origin, who, '?resource=moon'), /400/);
        const client = await VmEventsClient.open(gateway.origin, who, `?namespace=${namespace}`);
        for (let count = 0; count < 20; count++) client.send('{"type":"noise"}');
        assert.equal(await client.closed, 4500);
      });

      it('[VW6] a ping is answered, and who asks is told how current the machines are', async () => {
        const namespace = await target.namespace('vms-fresh');
        const who = await person('fresh');
        await who.grant('view', namespace);
        await pollUntil(
          'the right',
          async () => (await who.api.get('/api/vms', { namespace })).status === 200,
        );
        const plain = await VmEventsClient.open(gateway.origin, who, `?namespace=${namespace}`);
        const asking = await VmEventsClient.open(
          gateway.origin,
          who,
          `?namespace=${namespace}&resource=vm&freshness=true`,
        );
        const fresh = await asking.until('freshness', ({ type }) => type === 'freshness');
        assert.equal(fresh.state, 'live');
        assert.ok(Date.parse(fresh.observedAt as string) > 0);
        await plain.until('synced', ({ type }) => type === 'synced');
        for (const client of [plain, asking]) {
          client.send('{"type":"ping"}');
          await client.until('pong', ({ type }) => type === 'pong');
        }
        assert.deepEqual(
          plain.frames.map(({ type }) => type as string).filter((type) => type === 'freshness'),
          [],
        );
        for (const client of [plain, asking]) client.close();
      });
    },
    { before: () => bringKubeVirt(target) },
  );
}
