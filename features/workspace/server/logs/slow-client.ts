import type { Clock } from '@krateyard/telemetry/clock';

export interface SlowClientBounds {
  /** Lines are skipped for a client that has taken nothing for so long … */
  readonly stuckMs: number;
  /** … or has been behind, with no more than a second's rest, for so long. */
  readonly behindMs: number;
  /** A socket that has taken nothing for so long is given up. */
  readonly lostMs: number;
}

export const SLOW_CLIENT: SlowClientBounds = { stuckMs: 5_000, behindMs: 30_000, lostMs: 120_000 };

/** A rest that is shorter does not mean that a client keeps up. */
const REST_MS = 1_000;
const LOOK_MS = 500;

/** Watches whether a client takes what it is given. Looks while it does not; costs no timer else. */
export class SlowClient {
  readonly #clock: Clock;
  readonly #bounds: SlowClientBounds;
  readonly #on: { readonly skip: () => void; readonly lost: () => void };
  #stuckSince: number | undefined;
  #behindSince: number | undefined;
  #freeSince = -Infinity;
  #cancel: (() => void) | undefined;

  /** `skip` is called while lines should be skipped, again and again; `lost` once. */
  constructor(clock: Clock, bounds: SlowClientBounds, on: { skip: () => void; lost: () => void }) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#on = on;
  }

  /** Whether there is room now. */
  saw(hasRoom: boolean): void {
    const now = this.#clock.monotonic();
    if (hasRoom) {
      if (this.#stuckSince !== undefined) this.#freeSince = now;
      this.#stuckSince = undefined;
      return;
    }
    if (this.#stuckSince !== undefined) return;
    if (this.#behindSince === undefined || now - this.#freeSince > REST_MS) this.#behindSince = now;
    this.#stuckSince = now;
    this.#cancel ??= this.#clock.every(LOOK_MS, () => this.#look());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    if (this.#stuckSince === undefined) return this.stop();
    const now = this.#clock.monotonic();
    const stuck = now - this.#stuckSince;
    if (stuck >= this.#bounds.lostMs) {
      this.stop();
      this.#on.lost();
    } else if (stuck >= this.#bounds.stuckMs || now - (this.#behindSince ?? now) >= this.#bounds.behindMs) {
      this.#on.skip();
    }
  }
}
