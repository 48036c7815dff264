import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { bringWukong, wukong, WUKONG_API } from '../harness/wukong.ts';
import type { Wire } from '../harness/wire.ts';
import { roomFixture, type Person } from './room-fixture.ts';
import { untilLit } from './until-lit.ts';
import { untilTaskEnded } from './until-task-ended.ts';
import { VmEventsClient } from './vm-events-client.ts';
import { wukongCases } from './wukong-cases.ts';
import { wukongCreateCases } from './wukong-create-cases.ts';

const fixture = await roomFixture();
const { target, gateway, person } = fixture;
await bringKubeVirt(target);
await bringWukong(target);
await untilLit(fixture);
const DEADLINE = { deadlineMs: 60_000 };

test('[VK2, VK4, VK5] an operator follows the levers: start, restart, snapshot, restore, stop, delete', async () => {
  const namespace = await target.namespace('wk-life');
  const who = await person('owner');
  await who.grant('edit', namespace);
  await target.make(
    `${WUKONG_API}/namespaces/${namespace}/wukongs`,
    wukong('db', {
      startStrategy: { autoStart: false },
      disks: [{ name: 'data', size: '3Gi', storageClassName: 'standard' }],
    }),
  );
  const act = async (action: string): Promise<Wire> => {
    const reply = await who.api.post('/api/vms/db/action', { action }, { namespace });
    assert.equal(reply.status, 202, reply.text);
    const ended = await untilTaskEnded(who, reply.body.task.id as string);
    assert.equal(ended.state, 'observed', JSON.stringify(ended));
    return (await who.api.get('/api/vms/db', { namespace })).body as Wire;
  };
  await pollUntil(
    'the machine',
    async () => {
      const { body } = await who.api.get('/api/vms/db', { namespace });
      return body.wukongPhase === 'Stopped';
    },
    DEADLINE,
  );
  const on = await act('start');
  assert.deepEqual([on.status, on.autoStart, on.runStrategy], ['Running', true, 'Always']);
  const again = await act('restart');
  assert.ok((again.startedAt as number) > (on.startedAt as number));

  const taken = await who.api.post('/api/snapshots', { name: 'before', wukongName: 'db' }, { namespace });
  assert.equal(taken.status, 202, taken.text);
  assert.equal((await untilTaskEnded(who, taken.body.task.id as string)).state, 'observed');
  const [snapshot] = (await who.api.get('/api/snapshots', { namespace })).body as Wire[];
  assert.deepEqual(
    [
      snapshot!.name,
      snapshot!.wukongName,
      snapshot!.status,
      snapshot!.ready,
      snapshot!.size,
      snapshot!.includedVolumes,
    ],
    ['before', 'db', 'Succeeded', true, '3Gi', ['data']],
  );

  const restored = await who.api.post('/api/snapshots/before/restore', {}, { namespace });
  assert.equal(restored.status, 202, restored.text);
  assert.match(restored.body.message as string, /would take back .* becomes db-restored/);
  assert.equal((await untilTaskEnded(who, restored.body.task.id as string)).state, 'observed');
  const copy = await who.api.get('/api/vms/db-restored', { namespace });
  assert.deepEqual([copy.status, copy.body.wukong], [200, undefined]);
  for (const newVmName of ['db-vm', 'db-restored']) {
    const refused = await who.api.post('/api/snapshots/before/restore', { newVmName }, { namespace });
    assert.equal(refused.status, 409, refused.text);
    assert.match(refused.body.message as string, /newVmName/);
  }
  assert.equal((await who.api.get('/api/vms/db', { namespace })).body.status, 'Running');

  const off = await act('stop');
  assert.deepEqual([off.status, off.autoStart], ['Stopped', false]);
  const removed = await who.api.delete('/api/snapshots/before', undefined, { namespace });
  assert.equal(removed.status, 200, removed.text);
  const raw = `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${namespace}/virtualmachinesnapshots`;
  await pollUntil('what was taken to go too', async () => {
    const { body } = await target.admin.get(raw);
    return (body.items as Wire[]).length === 0;
  });
  const gone = await who.api.post('/api/vms/db/action', { action: 'delete' }, { namespace });
  assert.equal((await untilTaskEnded(who, gone.body.task.id as string)).state, 'observed');
  assert.equal((await target.admin.get(`${WUKONG_API}/namespaces/${namespace}/wukongs/db`)).status, 404);
});

test('[VK7] who may not list WukongSnapshots sees what was taken by them as KubeVirt’s', async () => {
  await bringWukong(target);
  const namespace = await target.namespace('wk-blind');
  const [owner, blind] = [await person('owner'), await person('blind')];
  await owner.grant('edit', namespace);
  await blind.grant(
    await blind.role([
      {
        apiGroups: ['kubevirt.io', 'snapshot.kubevirt.io'],
        resources: ['*'],
        verbs: ['get', 'list', 'watch'],
      },
    ]),
    namespace,
  );
  await target.make(`${WUKONG_API}/namespaces/${namespace}/wukongs`, wukong('db'));
  await pollUntil(
    'the machine',
    async () => (await owner.api.get('/api/vms/db', { namespace })).status === 200,
    DEADLINE,
  );
  const taken = await owner.api.post('/api/snapshots', { name: 'mine', wukongName: 'db' }, { namespace });
  assert.equal(taken.status, 202, taken.text);
  await untilTaskEnded(owner, taken.body.task.id as string);
  const names = async (who: Person): Promise<string[]> =>
    ((await who.api.get('/api/snapshots', { namespace })).body as Wire[]).map(({ name }) => name as string);
  assert.deepEqual(await names(owner), ['mine']);
  const [raw] = await names(blind);
  assert.match(raw!, /^mine-[0-9a-f]{8}$/);
  const client = await VmEventsClient.open(
    gateway.origin,
    blind,
    `?namespace=${namespace}&resource=snapshot`,
  );
  target.undo(() => Promise.resolve(client.close()));
  await client.until('synced', ({ type }) => type === 'synced');
  assert.deepEqual(client.toldFirst('snapshot'), [`ADDED ${raw}`]);
});

test('[VK7] a right to a machine by its Wukong’s name shows nothing of that Wukong’s machine', async () => {
  await bringWukong(target);
  const namespace = await target.namespace('wk-named');
  const [owner, other] = [await person('owner'), await person('other')];
  await owner.grant('edit', namespace);
  const rules = { apiGroups: ['kubevirt.io'], resources: ['virtualmachines'], verbs: ['get'] };
  await other.grant(await other.role([{ ...rules, resourceNames: ['web'] }]), namespace);
  await target.make(
    `${WUKONG_API}/namespaces/${namespace}/wukongs`,
    wukong('web', { startStrategy: { autoStart: false } }),
  );
  await pollUntil(
    'the machine',
    async () => (await owner.api.get('/api/vms/web', { namespace })).status === 200,
    DEADLINE,
  );
  for (const path of ['/api/vms/web', '/api/vms/web/vnc/info'])
    assert.equal((await other.api.get(path, { namespace })).status, 404, path);
  assert.equal((await other.api.get('/api/vms/web-vm', { namespace })).status, 403);
  const start = await other.api.post('/api/vms/web/action', { action: 'start' }, { namespace });
  assert.equal(start.status, 404, start.text);
});

wukongCases(fixture);
wukongCreateCases(fixture);
