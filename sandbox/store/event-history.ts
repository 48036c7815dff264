import type { StoreEvent } from './stored-revision.ts';

/**
 * The last changes of one collection, oldest first. Holds at most `limit` events and forgets the oldest: who asks for what
 * was forgotten is told so, as an etcd that has compacted would.
 */
export class EventHistory {
  readonly #limit: number;
  /** A ring once full: `#first` is the index of the oldest. */
  #events: StoreEvent[] = [];
  #first = 0;
  /** Every change after this revision is still here. */
  #completeAfter: number;

  constructor(limit: number, completeAfter: number) {
    this.#limit = limit;
    this.#completeAfter = completeAfter;
  }

  /** True when all changes after `revision` are still known. */
  covers(revision: number): boolean {
    return revision >= this.#completeAfter;
  }

  get completeAfter(): number {
    return this.#completeAfter;
  }

  get length(): number {
    return this.#events.length;
  }

  push(event: StoreEvent): void {
    if (this.#events.length < this.#limit) {
      this.#events.push(event);
      return;
    }
    this.#completeAfter = this.#events[this.#first]!.revision;
    this.#events[this.#first] = event;
    this.#first = (this.#first + 1) % this.#limit;
  }

  /** Up to `max` changes after `revision`, in order. The caller has asked `covers`. */
  after(revision: number, max = Number.POSITIVE_INFINITY): StoreEvent[] {
    const found: StoreEvent[] = [];
    for (let i = this.#indexAfter(revision); i < this.#events.length && found.length < max; i += 1)
      found.push(this.#at(i));
    return found;
  }

  /** Forgets everything up to `revision`, which must be the store's present one. */
  forget(revision: number): void {
    this.#events = [];
    this.#first = 0;
    this.#completeAfter = revision;
  }

  #at(index: number): StoreEvent {
    return this.#events[(this.#first + index) % this.#events.length]!;
  }

  #indexAfter(revision: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#at(middle).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
