import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture } from './room-fixture.ts';
import { VncClient } from './screen-client.ts';
import { refused } from './screen-stage.ts';

const { target, gateway, person } = await roomFixture();

test('[SC2] without KubeVirt there are no screens, and that is said', async () => {
  const who = await person('early');
  const nowhere = { origin: gateway.origin, namespace: 'default', vm: 'box' };
  await refused(VncClient.open(nowhere, who), 503, 'ServiceUnavailable');
});

test('[VM6] the room is dark without KubeVirt, says what is missing, and lights up when it comes', async () => {
  const who = await person('early');
  await who.grant('view');
  const dark = await pollUntil('the room to be dark', async () => {
    const reply = await who.api.get('/api/vms', { namespace: '*' });
    return reply.status === 503 && reply;
  });
  assert.match(dark.body.message as string, /virtualmachines of kubevirt\.io\/v1 is not served/);
  await bringKubeVirt(target);
  const lit = await pollUntil(
    'the room to light up',
    async () => {
      const reply = await who.api.get('/api/vms', { namespace: '*' });
      return reply.status === 200 && reply;
    },
    { deadlineMs: 60_000 },
  );
  assert.deepEqual(lit.body, []);
});
