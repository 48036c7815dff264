import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertStatus } from '../harness/assert-status.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture } from './room-fixture.ts';
import { untilLit } from './until-lit.ts';
import { ConsoleBench, echoes } from './vm-console-cases.ts';
import { finished, recordingsOf } from './vm-console-recording-cases.ts';

const fixture = await roomFixture([
  '--shell-hold-seconds=1',
  '--record-namespaces=*',
  '--console-unattended-minutes=0',
]);
await bringKubeVirt(fixture.target);
await untilLit(fixture);

test('[CO15] [RC7] where the rule says so every console is recorded from its first byte, and who recorded may not remove it', async () => {
  const bench = await ConsoleBench.set(fixture);
  const vm = await bench.make('ruled', 'Always');
  const typist = await fixture.person('typist');
  const role = await typist.role([
    {
      apiGroups: ['subresources.kubevirt.io'],
      resources: ['virtualmachineinstances/console'],
      verbs: ['get'],
    },
    { apiGroups: ['kubevirt.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
  ]);
  await typist.grant(role, bench.namespace);
  await pollUntil('the right', async () => {
    const query = { namespace: bench.namespace };
    return (await typist.api.get(`/api/vms/${vm}/console/info`, query)).status === 200;
  });
  const console = await bench.open(typist, vm);
  assert.equal(console.hello['recording'], true);
  await echoes(console, 'by-rule');
  console.send({ type: 'record', on: false });
  assert.equal((await console.frame('error')).status.reason, 'Forbidden');
  await console.close();
  const [found] = await recordingsOf(typist, { vm });
  const { policy, by } = await finished(typist, found!.id);
  assert.deepEqual([policy, by], [true, undefined]);
  assertStatus(await typist.api.delete(`/api/recordings/${found!.id}`), 403, 'Forbidden');
  const { who: keeper } = await bench.person('keeper');
  await pollUntil('the right', async () => (await recordingsOf(keeper, { vm })).length > 0);
  assert.equal((await keeper.api.delete(`/api/recordings/${found!.id}`)).status, 204);
});
