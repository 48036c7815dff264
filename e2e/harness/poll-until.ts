import { setTimeout as pause } from 'node:timers/promises';

export interface PollOptions {
  /** Gives up after this long; 40 s by default. */
  readonly deadlineMs?: number;
  /** About this long between two looks, with a quarter of jitter; 50 ms by default. */
  readonly everyMs?: number;
}

/**
 * Looks until `look` returns something else than `undefined` or `false`, and returns that. Throws with `what` and the last
 * failure when the deadline passes. A `look` that throws is looked at again: the assertion of the last look is the error.
 */
export async function pollUntil<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: PollOptions = {},
): Promise<T> {
  const endsAt = performance.now() + (options.deadlineMs ?? 40_000);
  const everyMs = options.everyMs ?? 50;
  let last: Error | undefined;
  do {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      last = undefined;
    } catch (error) {
      last = error as Error;
    }
    await pause(everyMs * (0.75 + Math.random() / 2));
  } while (performance.now() < endsAt);
  throw new Error(`gave up waiting for ${what}${last === undefined ? '' : `: ${last.message}`}`, {
    cause: last,
  });
}

/** Fails with `what` when the promise has not settled after `deadlineMs`. Leaves no timer. */
export async function within<T>(what: string, deadlineMs: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeoutError(late.reject, what, deadlineMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function setTimeoutError(reject: (error: Error) => void, what: string, deadlineMs: number): NodeJS.Timeout {
  return setTimeout(() => reject(new Error(`${what} took longer than ${deadlineMs} ms`)), deadlineMs);
}
