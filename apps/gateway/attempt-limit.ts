import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import { dropOldest } from '@krateyard/auth/drop-oldest';

const WINDOW_MS = 60_000;

/** Slows down guessing: at most `max` failed attempts a minute from one address. */
export class AttemptLimit {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #maxAddresses = 10_000;
  readonly #failures = new Map<string, { count: number; since: number }>();

  constructor(options: { clock: Clock; max: number }) {
    this.#clock = options.clock;
    this.#max = options.max;
  }

  /** Throws StatusError TooManyRequests with the seconds to wait when the address has failed too often. */
  require(address: string): void {
    const known = this.#current(address);
    if (!known || known.count < this.#max) return;
    const waitMs = known.since + WINDOW_MS - this.#clock.now();
    throw new StatusError('TooManyRequests', 'Too many failed attempts to sign in from this address.', {
      details: { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
    });
  }

  failed(address: string): void {
    const known = this.#current(address) ?? { count: 0, since: this.#clock.now() };
    this.#failures.delete(address);
    this.#failures.set(address, { ...known, count: known.count + 1 });
    dropOldest(this.#failures, this.#maxAddresses);
  }

  #current(address: string): { count: number; since: number } | undefined {
    const known = this.#failures.get(address);
    if (known && this.#clock.now() - known.since < WINDOW_MS) return known;
    this.#failures.delete(address);
    return undefined;
  }
}
