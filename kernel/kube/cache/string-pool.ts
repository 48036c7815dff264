/**
 * Gives equal short strings one copy. Bounded: when `capacity` strings are held it starts anew, so that names that never
 * come again do not pile up; what is common returns at once.
 */
export class StringPool {
  readonly #capacity: number;
  #strings = new Map<string, string>();
  #misses = 0;

  constructor(capacity = 50_000) {
    this.#capacity = capacity;
  }

  intern(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#misses += 1;
    if (this.#strings.size >= this.#capacity) this.#strings = new Map();
    this.#strings.set(text, text);
    return text;
  }

  get size(): number {
    return this.#strings.size;
  }

  /** How often there was no copy yet. */
  get misses(): number {
    return this.#misses;
  }
}
