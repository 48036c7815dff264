import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubevirtDefinitions } from '@krateyard/sandbox/kubevirt/definitions';
import { kubevirtRoles } from '@krateyard/sandbox/kubevirt/roles';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { roomFixture } from './room-fixture.ts';
import { vmsCases } from './vms-cases.ts';

const fixture = await roomFixture();
const { target, gateway, person } = fixture;

test('[VM6] the room is dark without KubeVirt, says what is missing, and lights up when it comes', async () => {
  const who = await person('early');
  await who.grant('view');
  const dark = await pollUntil('the room to be dark', async () => {
    const reply = await who.api.get('/api/vms', { namespace: '*' });
    return reply.status === 503 && reply;
  });
  assert.match(dark.body.message as string, /virtualmachines of kubevirt\.io\/v1 is not served/);
  for (const crd of kubevirtDefinitions())
    await target.make('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd as Wire);
  for (const role of kubevirtRoles())
    await target.make('/apis/rbac.authorization.k8s.io/v1/clusterroles', role as Wire);
  const lit = await pollUntil(
    'the room to light up',
    async () => {
      const reply = await who.api.get('/api/vms', { namespace: '*' });
      return reply.status === 200 && reply;
    },
    { deadlineMs: 40_000 },
  );
  assert.deepEqual(lit.body, []);
  assert.ok(gateway.pid > 0);
});

vmsCases(fixture);
