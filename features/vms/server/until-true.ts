import type { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';

export interface Patience {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** What it is rejected with at the deadline. */
  readonly late: () => StatusError;
  readonly signal: AbortSignal;
}

/**
 * Resolves when `isTrue`, which is asked now and whenever `observe` calls back. Rejects with what it throws, with `late` at the
 * deadline, and with the signal's reason.
 */
export function untilTrue(
  isTrue: () => boolean,
  observe: (look: () => void) => () => void,
  { clock, deadlineMs, late, signal }: Patience,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => {
    try {
      if (isTrue()) resolve();
    } catch (error) {
      reject(error as Error);
    }
  };
  const stop = observe(look);
  const cancel = clock.after(deadlineMs, () => reject(late()));
  const onAbort = (): void => reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  look();
  return promise.finally(() => {
    stop();
    cancel();
    signal.removeEventListener('abort', onAbort);
  });
}
