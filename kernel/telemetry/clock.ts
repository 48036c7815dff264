/** Time, timers and randomness, so that whoever waits can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`; the disposer cancels. Real timers of this kind never keep the process alive by themselves. */
  after(delayMs: number, run: () => void): () => void;
  /** Calls `run` every `periodMs` until disposed. */
  every(periodMs: number, run: () => void): () => void;
  /** Resolves after `delayMs`, rejects with the signal's reason when aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
  every: (periodMs, run) => {
    const timer = setInterval(run, periodMs).unref();
    return () => clearInterval(timer);
  },
  sleep: (delayMs, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return promise;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  },
  random: () => Math.random(),
};

/** Waits like `sleep`, but an abort only ends it sooner: for loops that look at their signal themselves. */
export async function pause(
  clock: Pick<Clock, 'sleep'>,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/**
 * A delay that grows by `factor` from `baseMs` to at most `maxMs`, with full jitter in its upper half, so that many
 * clients that failed together do not come back together. `attempt` counts from 0.
 */
export function backoffMs(
  clock: Pick<Clock, 'random'>,
  attempt: number,
  options: { baseMs: number; maxMs: number; factor?: number },
): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * (options.factor ?? 2) ** attempt);
  return ceiling / 2 + (clock.random() * ceiling) / 2;
}
