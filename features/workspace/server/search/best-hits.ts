/** Keeps the `limit` best of many by `compare` (negative: the first is better), without sorting them all. */
export class BestHits<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #kept: T[] = [];
  #total = 0;

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** How many were offered. */
  get total(): number {
    return this.#total;
  }

  offer(hit: T): void {
    this.#total += 1;
    const last = this.#kept.at(-1);
    if (last !== undefined && this.#kept.length >= this.#limit && this.#compare(last, hit) <= 0) return;
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#kept[middle]!, hit) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#kept.splice(low, 0, hit);
    if (this.#kept.length > this.#limit) this.#kept.pop();
  }

  /** Best first. */
  best(): readonly T[] {
    return this.#kept;
  }
}
