import { backoffMs, type Clock } from '@krateyard/telemetry/clock';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Pauses between tries of one key; with jitter. */
  readonly retry?: { readonly baseMs: number; readonly maxMs: number };
  /** Tries after which a key is given up until somebody adds it again. */
  readonly maxRetries?: number;
}

/**
 * Keys that wait for work. A key waits at most once; one that is added while it is being worked on comes again
 * afterwards; nobody works on a key that another works on. The number of keys is bounded by the number of objects.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #retry: { readonly baseMs: number; readonly maxMs: number };
  readonly #maxRetries: number;
  readonly #waiting = new Set<string>();
  readonly #active = new Set<string>();
  readonly #again = new Set<string>();
  readonly #retries = new Map<string, number>();
  readonly #delayed = new Map<string, () => void>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#retry = options.retry ?? { baseMs: 200, maxMs: 60_000 };
    this.#maxRetries = options.maxRetries ?? 15;
  }

  /** Keys that wait now, those with a delay not counted. */
  get length(): number {
    return this.#waiting.size;
  }

  add(key: string): void {
    if (this.#closed) return;
    this.#delayed.get(key)?.();
    this.#delayed.delete(key);
    if (this.#active.has(key)) this.#again.add(key);
    else this.#offer(key);
  }

  /** Adds the key once `delayMs` is over. Of several delays for one key the last counts; `add` overtakes them. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed || this.#waiting.has(key)) return;
    this.#delayed.get(key)?.();
    this.#delayed.set(
      key,
      this.#clock.after(delayMs, () => this.add(key)),
    );
  }

  /** The next key; undefined when the queue is closed. Whoever takes it must report `done` or `retry`. */
  take(): Promise<string | undefined> {
    const [key] = this.#waiting;
    if (key !== undefined) {
      this.#begin(key);
      return Promise.resolve(key);
    }
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
    });
  }

  /** The work on this key has succeeded. */
  done(key: string): void {
    this.#retries.delete(key);
    this.#finish(key);
  }

  /** The work has failed: the key comes again after a pause that grows. False when it has been tried often enough and is given up. */
  retry(key: string): boolean {
    const tries = this.#retries.get(key) ?? 0;
    const given = tries >= this.#maxRetries;
    if (given) this.#retries.delete(key);
    else this.#retries.set(key, tries + 1);
    const again = this.#finish(key);
    if (!given && !again) this.addAfter(key, backoffMs(this.#clock, tries, this.#retry));
    return !given;
  }

  /** Ends every wait; keys are dropped, as everything that waits can be found again from the cluster. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#delayed.values()) cancel();
    for (const taker of this.#takers.splice(0)) taker(undefined);
    for (const keys of [this.#waiting, this.#again, this.#delayed, this.#retries]) keys.clear();
  }

  #offer(key: string): void {
    const taker = this.#takers.shift();
    if (!taker) {
      this.#waiting.add(key);
      return;
    }
    this.#begin(key);
    taker(key);
  }

  #begin(key: string): void {
    this.#waiting.delete(key);
    this.#active.add(key);
  }

  #finish(key: string): boolean {
    this.#active.delete(key);
    const again = this.#again.delete(key);
    if (again && !this.#closed) this.#offer(key);
    return again;
  }
}
