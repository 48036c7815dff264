import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Metrics } from '@krateyard/telemetry/metrics';
import { SETTLE_MS } from './access-answers.ts';
import type { AccessChange } from './rbac-changes.ts';

/** Between two looks while a change settles: 0, 200, 400 … ms after it, so that it shows well within a second. */
const SETTLING_PERIOD_MS = 200;
/** What no watch tells (authorizing webhooks) shows after this. */
const PERIOD_MS = 30_000;
/** The same while RBAC cannot be watched; grows with the number of looks, 50 a second in all. */
const BLIND_PERIOD_MS = 600;
const BLIND_MS_PER_LOOK = 20;

export interface LiveLooksOptions {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly live: () => boolean;
}

/** What somebody's rights say about one thing: a scope, an answer. */
export interface Look<T> {
  readonly ask: () => Promise<T>;
  /** Whether a change may make it another; the present value says where it matters. */
  readonly concerns: (change: AccessChange, current: T) => boolean;
  readonly same: (one: T, other: T) => boolean;
}

export interface LiveLook<T> extends Disposable {
  current(): T;
  /** Called when it has changed, within a second of the RBAC change. */
  onChange(listener: (next: T) => void): () => void;
}

interface Open {
  readonly concerns: (change: AccessChange) => boolean;
  /** Asks again and tells who listens. */
  readonly refresh: () => Promise<void>;
  /** Monotonic; until then changes may still be on their way to the authorizer. */
  unsettledUntil: number;
  looking: boolean;
  cancel: () => void;
}

/** What streams hold to know of rights: looked at again when something that may concern them changed, and from time to time. */
export class LiveLooks {
  readonly #options: LiveLooksOptions;
  readonly #open = new Set<Open>();
  #closed = false;

  constructor(options: LiveLooksOptions) {
    this.#options = options;
    options.metrics.gauge('krateyard_live_scopes', 'Rights kept current for streams.', [], (gauge) =>
      gauge.set(this.#open.size),
    );
  }

  async open<T>(look: Look<T>, signal: AbortSignal | undefined): Promise<LiveLook<T>> {
    const listeners = new Set<(next: T) => void>();
    let current: { readonly value: T } | undefined;
    const open: Open = {
      // A change during the first look is looked at whatever it concerns.
      concerns: (change) => current === undefined || look.concerns(change, current.value),
      refresh: async () => {
        // When the API server cannot tell, what was true stays until it can.
        const next = await look.ask().catch(() => current!.value);
        if (!this.#open.has(open)) return;
        const changed = !look.same(current!.value, next);
        current = { value: next };
        if (changed) for (const listener of listeners) listener(next);
      },
      unsettledUntil: 0,
      looking: true,
      cancel: () => {},
    };
    // Registered before the first look, so that a change during it is not missed.
    this.#open.add(open);
    const value = await this.#first(open, look, signal);
    current = { value };
    open.looking = false;
    this.#schedule(open);
    return {
      current: () => current!.value,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      [Symbol.dispose]: () => {
        listeners.clear();
        this.#release(open);
      },
    };
  }

  changed(change: AccessChange): void {
    const now = this.#options.clock.monotonic();
    for (const open of this.#open) {
      if (!open.concerns(change)) continue;
      open.unsettledUntil = now + SETTLE_MS;
      if (open.looking) continue;
      open.cancel();
      // Not in this turn: changes come in batches, and the look must see the last.
      open.cancel = this.#options.clock.after(1, () => void this.#look(open));
    }
  }

  close(): void {
    this.#closed = true;
    for (const open of this.#open) this.#release(open);
  }

  async #first<T>(open: Open, look: Look<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      const value = await look.ask();
      if (!signal?.aborted && !this.#closed) return value;
      throw new StatusError('Timeout', 'The request was given up before the answer came.');
    } catch (error) {
      this.#release(open);
      throw error;
    }
  }

  #release(open: Open): void {
    open.cancel();
    this.#open.delete(open);
  }

  #schedule(open: Open): void {
    open.cancel = this.#options.clock.after(this.#delay(open), () => void this.#look(open));
  }

  #delay(open: Open): number {
    const { clock, live } = this.#options;
    if (clock.monotonic() < open.unsettledUntil) return SETTLING_PERIOD_MS;
    const period = live() ? PERIOD_MS : Math.max(BLIND_PERIOD_MS, this.#open.size * BLIND_MS_PER_LOOK);
    return period * (1 - clock.random() / 10);
  }

  async #look(open: Open): Promise<void> {
    open.looking = true;
    await open.refresh();
    open.looking = false;
    if (this.#open.has(open)) this.#schedule(open);
  }
}
