import { pollUntil } from '../harness/poll-until.ts';
import type { RoomFixture } from './room-fixture.ts';

/** KubeVirt came after the gateway: it looks again from time to time. */
export async function untilLit(fixture: RoomFixture): Promise<void> {
  const early = await fixture.person('early');
  await early.grant('view');
  await pollUntil(
    'the room to light up',
    async () => (await early.api.get('/api/vms', { namespace: '*' })).status === 200,
    { deadlineMs: 60_000 },
  );
}
