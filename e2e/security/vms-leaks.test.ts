import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture } from '../rooms/room-fixture.ts';
import { registerVmLeakCases } from './vms-leaks-cases.ts';

const fixture = await roomFixture();
await bringKubeVirt(fixture.target);
const who = await fixture.person('early');
await who.grant('view');
await pollUntil(
  'the room to light up',
  async () => (await who.api.get('/api/vms', { namespace: '*' })).status === 200,
  { deadlineMs: 40_000 },
);
await registerVmLeakCases(fixture);
