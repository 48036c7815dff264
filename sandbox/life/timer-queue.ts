import type { Clock } from '@krateyard/telemetry/clock';

interface Entry {
  readonly at: number;
  readonly sequence: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Any number of timers on one timer of the clock, so that an idle cluster of many pods costs nothing. Entries that are due
 * together run in the order in which they were made.
 */
export class TimerQueue {
  #clock: Clock;
  #heap: Entry[] = [];
  #sequence = 0;
  #cancelTimer: (() => void) | undefined;
  #armedAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#heap.length;
  }

  /** Calls `run` once, `delayMs` from now; the disposer cancels. */
  after(delayMs: number, run: () => void): () => void {
    const entry = {
      at: this.#clock.now() + Math.max(0, delayMs),
      sequence: this.#sequence++,
      run,
      cancelled: false,
    };
    push(this.#heap, entry);
    this.#arm();
    return () => {
      entry.cancelled = true;
    };
  }

  close(): void {
    this.#heap = [];
    this.#disarm();
  }

  #arm(): void {
    const next = this.#heap[0];
    if (!next || next.at >= this.#armedAt) return;
    this.#disarm();
    this.#armedAt = next.at;
    this.#cancelTimer = this.#clock.after(Math.max(0, next.at - this.#clock.now()), () => this.#fire());
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#armedAt = Number.POSITIVE_INFINITY;
  }

  #fire(): void {
    this.#disarm();
    const now = this.#clock.now();
    while (this.#heap[0] && this.#heap[0].at <= now) {
      const entry = pop(this.#heap);
      if (!entry.cancelled) entry.run();
    }
    this.#arm();
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(entry, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length > 0) sink(heap, last);
  return top;
}

function sink(heap: Entry[], entry: Entry): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
    if (!before(heap[child]!, entry)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = entry;
}
