import type { Clock } from './clock.ts';

interface Timer {
  at: number;
  readonly periodMs: number | undefined;
  readonly run: () => void;
}

/** A Clock that stands still until told, for tests. Timers fire in time order during `advance`. */
export class ManualClock implements Clock {
  #now: number;
  #timers = new Set<Timer>();
  #random: () => number;

  constructor(startMs = Date.UTC(2026, 0, 1), random: () => number = () => 0.5) {
    this.#now = startMs;
    this.#random = random;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  random(): number {
    return this.#random();
  }

  /** How many timers wait; a closed component must leave none. */
  get pending(): number {
    return this.#timers.size;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ at: this.#now + delayMs, periodMs: undefined, run });
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#add({ at: this.#now + periodMs, periodMs, run });
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return promise;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = this.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  /** Moves time on by `deltaMs`, firing what is due; promises that a timer resolved run between timers. */
  async advance(deltaMs: number): Promise<void> {
    const end = this.#now + deltaMs;
    for (let next = this.#earliest(end); next; next = this.#earliest(end)) {
      this.#now = next.at;
      if (next.periodMs === undefined) this.#timers.delete(next);
      else next.at += next.periodMs;
      next.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #earliest(end: number): Timer | undefined {
    let found: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (!found || timer.at < found.at)) found = timer;
    }
    return found;
  }
}

/** Lets every promise that can run now run: one turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
