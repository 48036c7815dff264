import type { Clock } from './browser-clock.ts';

export interface RetryBounds {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** For what the gateway holds for a short while only: the first tries come soon. */
export const SOON: RetryBounds = { firstMs: 250, lastMs: 4_000 };

/**
 * Doubles with every attempt up to the last, jittered in its upper half: a thousand consoles do not come back in the same instant.
 * `attempt` counts from 0.
 */
export function retryDelayMs(
  clock: Pick<Clock, 'random'>,
  attempt: number,
  { firstMs, lastMs }: RetryBounds,
): number {
  const ceiling = Math.min(lastMs, firstMs * 2 ** attempt);
  return ceiling / 2 + (clock.random() * ceiling) / 2;
}
