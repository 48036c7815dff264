import type { Client } from '@krateyard/kube/client/client';
import { connectRfb } from '@krateyard/rfb/connect-rfb';
import type { PaintedScreen } from '@krateyard/rfb/painted-screen';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { dialScreen, type ScreenGrip } from './screen-dial.ts';
import type { AttachedScreen } from './screen-line.ts';
import type { MachineAddress } from './screen-machine.ts';
import { upstreamLink } from './upstream-link.ts';

export interface AttachNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onBytes: (count: number) => void;
}

/** Connects a machine's screen to the picture of it, as the client's identity. `signal` gives up what is not connected yet. */
export async function attachScreen(
  client: Client,
  at: MachineAddress,
  screen: PaintedScreen,
  how: { readonly grip: ScreenGrip; readonly signal: AbortSignal },
  needs: AttachNeeds,
): Promise<AttachedScreen> {
  const socket = await dialScreen(client, at, how);
  const link = upstreamLink(socket, needs.clock, needs.onBytes);
  const life = new AbortController();
  const giveUp = (): void => life.abort(how.signal.reason);
  how.signal.addEventListener('abort', giveUp, { once: true });
  if (how.signal.aborted) giveUp();
  try {
    return await connectRfb(link, { screen, signal: life.signal, clock: needs.clock, logger: needs.logger });
  } finally {
    how.signal.removeEventListener('abort', giveUp);
  }
}
