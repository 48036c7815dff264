import { backoffMs, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { isConflict, isNotFound, reasonOf } from '@krateyard/status/status-error';
import type { TimerQueue } from './timer-queue.ts';

/** Makes what is there as it should be. Resolves with the delay in ms after which to look again, if any. */
export type Reconcile = (key: string) => Promise<number | void>;

/** After this much work the loop lets sockets have their turn. */
const TURN_MS = 8;
const RETRY = { baseMs: 20, maxMs: 10_000 };

/**
 * The one queue of all controllers: keys wait at most once, are worked on one after the other in the order in which they
 * came, and come back with backoff when their reconciler fails. Its length is bounded by the number of objects.
 */
export class WorkLoop {
  #clock: Clock;
  #timers: TimerQueue;
  #logger: Logger;
  #reconcilers = new Map<string, Reconcile>();
  #queue = new Map<string, { reconciler: string; key: string }>();
  #later = new Map<string, { at: number; cancel: () => void }>();
  #failures = new Map<string, number>();
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(clock: Clock, timers: TimerQueue, logger: Logger) {
    this.#clock = clock;
    this.#timers = timers;
    this.#logger = logger;
  }

  register(name: string, reconcile: Reconcile): (key: string) => void {
    this.#reconcilers.set(name, reconcile);
    return (key) => this.add(name, key);
  }

  add(reconciler: string, key: string): void {
    if (this.#closed) return;
    const id = `${reconciler}|${key}`;
    if (!this.#queue.has(id)) this.#queue.set(id, { reconciler, key });
    this.#running ??= Promise.resolve()
      .then(() => this.#drain())
      .finally(() => {
        this.#running = undefined;
        if (this.#queue.size > 0 && !this.#closed) this.#kick();
      });
  }

  /** Looks again after `delayMs`; of several wishes for one key the earliest counts. */
  addAfter(reconciler: string, key: string, delayMs: number): void {
    if (this.#closed) return;
    const id = `${reconciler}|${key}`;
    const at = this.#clock.now() + Math.max(0, delayMs);
    const waiting = this.#later.get(id);
    if (waiting && waiting.at <= at) return;
    waiting?.cancel();
    const cancel = this.#timers.after(delayMs, () => {
      this.#later.delete(id);
      this.add(reconciler, key);
    });
    this.#later.set(id, { at, cancel });
  }

  /** Resolves when nothing waits that could be done now. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.clear();
    for (const { cancel } of this.#later.values()) cancel();
    this.#later.clear();
    await this.idle();
  }

  #kick(): void {
    const first = this.#queue.values().next().value;
    if (first) this.add(first.reconciler, first.key);
  }

  async #drain(): Promise<void> {
    let turnEnds = this.#clock.monotonic() + TURN_MS;
    for (const [id, { reconciler, key }] of this.#queue) {
      this.#queue.delete(id);
      await this.#work(id, reconciler, key);
      if (this.#closed) return;
      if (this.#clock.monotonic() < turnEnds) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turnEnds = this.#clock.monotonic() + TURN_MS;
    }
  }

  async #work(id: string, reconciler: string, key: string): Promise<void> {
    try {
      const again = await this.#reconcilers.get(reconciler)!(key);
      this.#failures.delete(id);
      if (typeof again === 'number') this.addAfter(reconciler, key, again);
    } catch (error) {
      if (this.#closed) return;
      const attempt = this.#failures.get(id) ?? 0;
      this.#failures.set(id, attempt + 1);
      const delayMs = backoffMs(this.#clock, Math.min(attempt, 20), RETRY);
      // The first failures, then ever fewer: a power of two each.
      const told = (attempt & (attempt - 1)) === 0;
      if (told && !isConflict(error) && !isNotFound(error))
        this.#logger.warn('a reconciler failed', {
          part: reconciler,
          name: key,
          attempt,
          delayMs,
          err: error,
          reason: reasonOf(error),
        });
      this.addAfter(reconciler, key, delayMs);
    }
  }
}
