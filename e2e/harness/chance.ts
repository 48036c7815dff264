/** What looks random and is the same at every run, so that a failure can be looked at again. */
export interface Chance {
  /** In [0, 1). */
  readonly random: () => number;
  /** A whole number from 0 on. */
  readonly below: (bound: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
}

/** mulberry32. */
export function chanceFrom(seed: number): Chance {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(random() * bound);
  return { random, below, pick: (items) => items[below(items.length)]! };
}
