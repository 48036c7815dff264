import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubevirtDefinitions } from '@krateyard/sandbox/kubevirt/definitions';
import { bringKubeVirt, DEFINITIONS } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { roomFixture } from './room-fixture.ts';
import { VmEventsClient } from './vm-events-client.ts';
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
  await bringKubeVirt(target);
  const lit = await pollUntil(
    'the room to light up',
    async () => {
      const reply = await who.api.get('/api/vms', { namespace: '*' });
      return reply.status === 200 && reply;
    },
    { deadlineMs: 40_000 },
  );
  assert.deepEqual(lit.body, []);
});

test('[VW4] what is not served is told as dark, and its updates come when it is', async () => {
  const snapshots = kubevirtDefinitions().filter(({ metadata }) =>
    metadata.name?.endsWith('snapshot.kubevirt.io'),
  );
  for (const { metadata } of snapshots) await target.admin.delete(`${DEFINITIONS}/${metadata.name}`);
  const who = await person('patient');
  await who.grant('view');
  const client = await VmEventsClient.open(gateway.origin, who, '?namespace=*');
  target.undo(() => Promise.resolve(client.close()));
  await client.until('synced', ({ type }) => type === 'synced');
  const dark = client.frames.filter(({ type }) => type === 'dark');
  assert.deepEqual(dark.map(({ resource }) => resource as string).toSorted(), ['restore', 'snapshot']);
  assert.match(dark[0]!.reason as string, /not served by this cluster/);
  for (const crd of snapshots) await target.make(DEFINITIONS, crd as Wire);
  await pollUntil('the definitions to be served', async () => {
    const { status } = await target.admin.get('/apis/snapshot.kubevirt.io/v1beta1/virtualmachinesnapshots');
    return status === 200;
  });
  const at = '/apis/snapshot.kubevirt.io/v1beta1/namespaces/default/virtualmachinesnapshots';
  await target.make(at, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'late' },
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'nobody' } },
  });
  await client.until(
    'the snapshot',
    ({ resource, data }) => resource === 'snapshot' && data?.name === 'late',
  );
});

vmsCases(fixture);
