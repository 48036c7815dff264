import type { Clock } from '@krateyard/ui/live/browser-clock';
import { SCREENSHOT_EVERY_MS, SCREENSHOTS_AT_ONCE } from '../../contract/screen-protocol.ts';

export interface ThumbnailBudgetOptions {
  readonly clock: Clock;
  /** Asks for one picture; resolves when it is there, rejects when it is not to be had now. */
  readonly ask: (key: string, signal: AbortSignal) => Promise<void>;
}

/** A picture that fails is asked for less and less, down to this. */
const SLOWEST_MS = 60_000;

interface Turn {
  /** When it may be asked for again. */
  due: number;
  failures: number;
}

/**
 * Who is asked for a picture when: only those that are wanted, whoever has waited longest first, each at most every
 * `SCREENSHOT_EVERY_MS`, `SCREENSHOTS_AT_ONCE` at a time, none while it pauses.
 */
export class ThumbnailBudget {
  readonly #clock: Clock;
  readonly #ask: ThumbnailBudgetOptions['ask'];
  readonly #turns = new Map<string, Turn>();
  readonly #asked = new Map<string, AbortController>();
  #wanted: ReadonlySet<string> = new Set();
  #paused = false;
  #cancelTimer: () => void = () => {};

  constructor({ clock, ask }: ThumbnailBudgetOptions) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Who is in view now. Who is not any more is not waited for; its turn counts on, so that scrolling costs nothing. */
  want(keys: ReadonlySet<string>): void {
    this.#wanted = keys;
    for (const [key, stop] of this.#asked) if (!keys.has(key)) stop.abort();
    this.#forget();
    this.#go();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) for (const stop of this.#asked.values()) stop.abort();
    this.#go();
  }

  /** No timer and no request stays. */
  stop(): void {
    this.#paused = true;
    this.#wanted = new Set();
    this.#cancelTimer();
    for (const stop of this.#asked.values()) stop.abort();
  }

  #go(): void {
    this.#cancelTimer();
    if (this.#paused) return;
    const now = this.#clock.now();
    const waiting = [...this.#wanted]
      .filter((key) => !this.#asked.has(key))
      .map((key) => ({ key, due: this.#turns.get(key)?.due ?? 0 }))
      .toSorted((a, b) => a.due - b.due);
    for (const { key, due } of waiting) {
      if (this.#asked.size >= SCREENSHOTS_AT_ONCE) return;
      if (due > now) {
        this.#cancelTimer = this.#clock.after(due - now, () => this.#go());
        return;
      }
      void this.#take(key);
    }
  }

  async #take(key: string): Promise<void> {
    const stop = new AbortController();
    this.#asked.set(key, stop);
    const turn = this.#turns.get(key) ?? { due: 0, failures: 0 };
    turn.due = this.#clock.now() + SCREENSHOT_EVERY_MS;
    this.#turns.set(key, turn);
    try {
      await this.#ask(key, stop.signal);
      turn.failures = 0;
    } catch {
      // Who is told nothing any more has not failed.
      if (!stop.signal.aborted) {
        turn.failures += 1;
        turn.due = this.#clock.now() + Math.min(SLOWEST_MS, SCREENSHOT_EVERY_MS * 2 ** turn.failures);
      }
    }
    this.#asked.delete(key);
    this.#go();
  }

  /** Turns that are over for all who are not in view any more. */
  #forget(): void {
    const now = this.#clock.now();
    for (const [key, { due }] of this.#turns) {
      if (due <= now && !this.#wanted.has(key)) this.#turns.delete(key);
    }
  }
}
