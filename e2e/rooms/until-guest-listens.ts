import { pollUntil } from '../harness/poll-until.ts';
import { VncClient, type ScreenAddress, type Visitor } from './screen-client.ts';

/**
 * Resolves when the guest of a machine that runs has started, and nobody is at its screen any more: one that still starts changes
 * the picture by itself.
 */
export async function untilGuestListens(at: ScreenAddress, who: Visitor, deadlineMs: number): Promise<void> {
  const vnc = await VncClient.open(at, who);
  try {
    await vnc.shows();
    await vnc.listens(deadlineMs);
  } finally {
    vnc.close();
  }
  const info = new URL(`/api/vms/${at.vm}/vnc/info?namespace=${at.namespace}`, at.origin);
  const headers = { authorization: `Bearer ${who.token}` };
  await pollUntil('everybody to have left', async () => {
    const { viewers } = (await (await fetch(info, { headers })).json()) as { viewers: readonly unknown[] };
    return viewers.length === 0;
  });
}
