import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubevirtDefinitions } from '@krateyard/sandbox/kubevirt/definitions';
import { bringKubeVirt, DEFINITIONS } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { roomFixture } from './room-fixture.ts';
import { untilLit } from './until-lit.ts';
import { VmEventsClient } from './vm-events-client.ts';
import { machine, vmsCases } from './vms-cases.ts';

const fixture = await roomFixture();
const { target, gateway, person } = fixture;
await bringKubeVirt(target);
await untilLit(fixture);

test('[VW4] what is not served is told as dark, and its updates come when it is', async () => {
  await bringKubeVirt(target);
  const snapshots = kubevirtDefinitions().filter(({ metadata }) =>
    metadata.name?.endsWith('snapshot.kubevirt.io'),
  );
  for (const { metadata } of snapshots) await target.admin.delete(`${DEFINITIONS}/${metadata.name}`);
  const who = await person('patient');
  await who.grant('view');
  const client = await VmEventsClient.open(gateway.origin, who, '?namespace=*');
  target.undo(() => Promise.resolve(client.close()));
  await client.until('synced', ({ type }) => type === 'synced');
  const dark = await pollUntil('both to be dark', () => {
    const told = client.frames.filter(({ type }) => type === 'dark');
    assert.deepEqual(told.map(({ resource }) => resource as string).toSorted(), ['restore', 'snapshot']);
    return told;
  });
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

test('[VM10] what a machine uses is told to who may list usage, the same by REST and over the socket', async () => {
  await bringKubeVirt(target);
  const namespace = await target.namespace('vms-usage');
  const [who, blind] = [await person('metered'), await person('unmetered')];
  await who.grant('view', namespace);
  const reads = { apiGroups: ['kubevirt.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] };
  await blind.grant(await blind.role([reads]), namespace);
  const vms = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
  await target.make(vms, machine('busy', { runStrategy: 'Always' }));
  const client = await VmEventsClient.open(gateway.origin, who, `?namespace=${namespace}&resource=vm`);
  target.undo(() => Promise.resolve(client.close()));
  const told = await client.until('what it uses', ({ data }) => data?.metrics !== undefined);
  const { cpuUsage, memoryUsage, cpuCores, memoryBytes } = told.data.metrics as Record<string, number>;
  assert.ok(cpuUsage! >= 0 && cpuUsage! <= 100 && memoryUsage! >= 0 && memoryUsage! <= 100);
  assert.ok(cpuCores! >= 0 && memoryBytes! > 0);
  await pollUntil('REST and the socket to say the same', async () => {
    const { text } = await who.api.get('/api/vms/busy', { namespace });
    return text === JSON.stringify(client.frames.findLast(({ resource }) => resource === 'vm')?.data);
  });
  // Its pod may be measured before the guest runs.
  const hidden = await pollUntil('the machine to run', async () => {
    const reply = await blind.api.get('/api/vms/busy', { namespace });
    return reply.body.status === 'Running' && reply.body;
  });
  assert.equal(hidden.metrics, undefined);
});

vmsCases(fixture);
