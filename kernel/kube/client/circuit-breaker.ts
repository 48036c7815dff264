import { backoffMs, type Clock } from '@krateyard/telemetry/clock';
import type { ConnectionState } from './client.ts';

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Failures in a row that open it. */
  readonly threshold: number;
  /** First pause; doubles with every trial that fails, up to `maxOpenMs`, with jitter. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly onChange: (state: ConnectionState) => void;
}

/**
 * Closed: everything passes. Open: nothing passes until the pause is over. Half-open: one trial passes; its success closes,
 * its failure opens for longer. Own code, as the libraries at hand read the system's time themselves.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #trips = 0;
  #trial = false;
  #openUntil: number | undefined;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    if (this.#openUntil === undefined) return 'closed';
    return this.#trial || this.#options.clock.monotonic() >= this.#openUntil ? 'half-open' : 'open';
  }

  /** Milliseconds until the next trial; 0 when something may pass now. */
  get waitMs(): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, this.#openUntil - this.#options.clock.monotonic());
  }

  /** Asks to pass; who was let through must report `succeeded`, `failed` or `abandoned`. */
  tryPass(): boolean {
    switch (this.state) {
      case 'closed':
        return true;
      case 'open':
        return false;
      case 'half-open':
        if (this.#trial) return false;
        this.#trial = true;
        this.#options.onChange('half-open');
        return true;
    }
  }

  succeeded(): void {
    const wasClosed = this.#openUntil === undefined;
    this.#failures = 0;
    this.#trips = 0;
    this.#trial = false;
    this.#openUntil = undefined;
    if (!wasClosed) this.#options.onChange('closed');
  }

  failed(): void {
    this.#failures += 1;
    const trialFailed = this.#trial;
    if (!trialFailed && (this.#openUntil !== undefined || this.#failures < this.#options.threshold)) return;
    const { clock, openMs, maxOpenMs } = this.#options;
    this.#trial = false;
    this.#openUntil = clock.monotonic() + backoffMs(clock, this.#trips, { baseMs: openMs, maxMs: maxOpenMs });
    this.#trips += 1;
    this.#options.onChange('open');
  }

  /** The caller gave up before the answer was known: tells nothing about the server. */
  abandoned(): void {
    this.#trial = false;
  }
}
