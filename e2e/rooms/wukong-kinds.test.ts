import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wukongDefinitions } from '@krateyard/sandbox/wukong/definitions';
import { bringKubeVirt, DEFINITIONS } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { bringWukong, wukong, WUKONG_API } from '../harness/wukong.ts';
import type { Wire } from '../harness/wire.ts';
import { roomFixture } from './room-fixture.ts';
import { VmEventsClient } from './vm-events-client.ts';
import { machine } from './vms-cases.ts';

const { target, gateway, person } = await roomFixture();
await bringKubeVirt(target);
const DEADLINE = { deadlineMs: 60_000 };

test('[VK6] machines become a Wukong’s, and cease to be, as the kinds come and go', async () => {
  const namespace = await target.namespace('wk-light');
  const who = await person('watcher');
  await who.grant('edit', namespace);
  await pollUntil(
    'the room to light up',
    async () => (await who.api.get('/api/vms', { namespace })).status === 200,
    DEADLINE,
  );
  await target.make(`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`, machine('plain-vm'));
  const client = await VmEventsClient.open(
    gateway.origin,
    who,
    `?namespace=${namespace}&resource=vm,snapshot`,
  );
  target.undo(() => Promise.resolve(client.close()));
  await client.until('the machine', ({ data }) => data?.name === 'plain-vm');
  assert.equal((await who.api.get('/api/vms/plain-vm', { namespace })).body.wukong, undefined);

  await bringWukong(target);
  const at = `${WUKONG_API}/namespaces/${namespace}`;
  await target.make(`${at}/wukongs`, wukong('web', { startStrategy: { autoStart: false } }));
  await client.until(
    'its Wukong to be told',
    ({ data }) => data?.name === 'web-vm' && data.wukong === 'web' && data.wukongPhase === 'Stopped',
    DEADLINE.deadlineMs,
  );
  await target.make(`${at}/wukongs`, wukong('plain', { startStrategy: { autoStart: false } }));
  const joined = await pollUntil('the plain machine to have one of its name', async () => {
    const { body } = await who.api.get('/api/vms/plain-vm', { namespace });
    return body.wukong === 'plain' && (body as Wire);
  });
  assert.match(joined.reason as string, /is there and is not this Wukong/);

  for (const { metadata } of wukongDefinitions())
    await target.admin.delete(`${DEFINITIONS}/${metadata.name}`);
  await pollUntil(
    'the plain machine to be without',
    async () => {
      const { body } = await who.api.get('/api/vms/plain-vm', { namespace });
      return body.wukong === undefined && body.name === 'plain-vm';
    },
    DEADLINE,
  );
  await pollUntil(
    'the kinds to be gone',
    async () => (await target.admin.get(`${WUKONG_API}/wukongs`)).status === 404,
  );
});
