import type { Clock } from '@krateyard/telemetry/clock';
import type { UpgradedSocket } from '@krateyard/runtime/feature';

type Pinged = Pick<UpgradedSocket['ws'], 'on' | 'ping' | 'readyState' | 'terminate' | 'OPEN'>;

/** Pings every `periodMs` and ends a socket that has not answered by the next; the disposer stops it. */
export function keepAlive(clock: Clock, ws: Pinged, periodMs: number): () => void {
  let answered = true;
  ws.on('pong', () => {
    answered = true;
  });
  return clock.every(periodMs, () => {
    if (!answered) ws.terminate();
    answered = false;
    if (ws.readyState === ws.OPEN) ws.ping();
  });
}
