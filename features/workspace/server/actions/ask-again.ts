import { reasonOf, type StatusError } from '@krateyard/status/status-error';
import { backoffMs, type Clock } from '@krateyard/telemetry/clock';

const ATTEMPTS = 4;
const PASSING = new Set(['TooManyRequests', 'ServiceUnavailable', 'ServerTimeout', 'Timeout']);

/**
 * Asks again, with growing and jittered pauses, what may be asked twice: writes that set a value and deletions of one very
 * object. Never a creation: who did not get the answer does not know whether it happened.
 */
export async function askAgain<T>(clock: Clock, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt >= ATTEMPTS || !PASSING.has(reasonOf(error))) throw error;
      const told = ((error as StatusError).details?.retryAfterSeconds ?? 0) * 1000;
      const pause = backoffMs(clock, attempt - 1, { baseMs: 300, maxMs: 5_000 });
      await clock.sleep(Math.max(pause, Math.min(told, 10_000)), signal);
    }
  }
}
