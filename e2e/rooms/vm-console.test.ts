import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture } from './room-fixture.ts';
import { vmConsoleCases } from './vm-console-cases.ts';

const fixture = await roomFixture(['--shell-hold-seconds=5']);
await bringKubeVirt(fixture.target);
const early = await fixture.person('early');
await early.grant('view');
await pollUntil(
  'the room to light up',
  async () => (await early.api.get('/api/vms', { namespace: '*' })).status === 200,
  { deadlineMs: 40_000 },
);
await vmConsoleCases(fixture);
