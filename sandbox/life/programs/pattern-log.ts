import type { Clock } from '@krateyard/telemetry/clock';
import type { ContainerLog, LogLine } from '../container-log.ts';
import { fraction } from '../hash.ts';
import type { TimerQueue } from '../timer-queue.ts';

/** What a program says over time, as a function of time, so that nobody has to be awake for it to be said. */
export interface LogPattern {
  readonly banner: readonly string[];
  /** Mean time between lines. */
  readonly periodMs: number;
  /** The text of line `index`, said at `at`; always the same for the same arguments. */
  line(index: number, at: number): string;
}

/** Older lines than these are gone, as after a rotation. */
const KEPT_LINES = 5000;
const BANNER_STEP_MS = 13;

/** A log whose lines are worked out when somebody reads them. */
export class PatternLog implements ContainerLog {
  #pattern: LogPattern;
  #seed: string;
  #startMs: number;
  #clock: Clock;
  #timers: TimerQueue;
  #endedAt: number | undefined;
  #lastWords: readonly string[] = [];
  #waiting = new Map<() => void, () => void>();

  constructor(options: {
    pattern: LogPattern;
    seed: string;
    clock: Clock;
    timers: TimerQueue;
    startMs: number;
  }) {
    this.#pattern = options.pattern;
    this.#seed = options.seed;
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#startMs = options.startMs;
  }

  get closed(): boolean {
    return this.#endedAt !== undefined;
  }

  first(): number {
    return Math.max(0, this.end() - KEPT_LINES);
  }

  oldest(): number {
    return this.first();
  }

  end(): number {
    return this.#said(this.#endedAt ?? this.#clock.now()) + this.#lastWords.length;
  }

  line(index: number): LogLine {
    const { banner } = this.#pattern;
    if (this.#endedAt !== undefined) {
      const last = index - this.#said(this.#endedAt);
      if (last >= 0) return { at: this.#endedAt, text: this.#lastWords[last]! };
    }
    if (index < banner.length) return { at: this.#startMs + index * BANNER_STEP_MS, text: banner[index]! };
    const at = this.#atOf(index - banner.length);
    return { at, text: this.#pattern.line(index - banner.length, at) };
  }

  close(lastWords: readonly string[] = []): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = this.#clock.now();
    this.#lastWords = lastWords;
    for (const [run, cancel] of Array.from(this.#waiting)) {
      cancel();
      this.#waiting.delete(run);
      run();
    }
  }

  whenMore(run: () => void): () => void {
    const next = this.line(this.end()).at;
    const cancel = this.#timers.after(Math.max(1, Math.ceil(next - this.#clock.now())), () => {
      this.#waiting.delete(run);
      run();
    });
    this.#waiting.set(run, cancel);
    return () => {
      cancel();
      this.#waiting.delete(run);
    };
  }

  #said(now: number): number {
    const { banner, periodMs } = this.#pattern;
    const inBanner = Math.floor((now - this.#startMs) / BANNER_STEP_MS) + 1;
    if (inBanner <= banner.length) return Math.max(0, inBanner);
    const whole = Math.max(0, Math.floor((now - this.#bodyMs()) / periodMs));
    return banner.length + whole + (this.#atOf(whole) <= now ? 1 : 0);
  }

  /** Line `index` falls somewhere into its own period, so that lines keep their order. */
  #atOf(index: number): number {
    return this.#bodyMs() + (index + 0.9 * fraction(`${this.#seed}@${index}`)) * this.#pattern.periodMs;
  }

  #bodyMs(): number {
    return this.#startMs + this.#pattern.banner.length * BANNER_STEP_MS + 40;
  }
}
