import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person } from './room-fixture.ts';

/** Resolves with the task, however it ended. A guest under emulation takes its time to start, and to stop. */
export function untilTaskEnded(who: Person, id: string): Promise<Wire> {
  return pollUntil(
    'the task to end',
    async () => {
      const { body } = await who.api.get(`/api/tasks/${id}`);
      return !['requested', 'accepted'].includes(body.state as string) && (body as Wire);
    },
    { deadlineMs: 120_000 },
  );
}
