import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Metrics } from '@krateyard/telemetry/metrics';
import type { LiveScope, Scope } from './access.ts';
import { SETTLE_MS } from './access-answers.ts';
import type { Principal } from './principal.ts';
import type { AccessChange } from './rbac-changes.ts';

type ScopedResource = GroupVersionResource & { namespaced: boolean };

/** Between two looks while a change settles: 0, 200, 400 … ms after it, so that it shows well within a second. */
const SETTLING_PERIOD_MS = 200;
/** What no watch tells (authorizing webhooks) shows after this. */
const PERIOD_MS = 30_000;
/** The same while RBAC cannot be watched; grows with the number of scopes, 50 looks a second in all. */
const BLIND_PERIOD_MS = 600;
const BLIND_MS_PER_SCOPE = 20;

export interface LiveScopesOptions {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly scope: (
    who: Principal,
    resource: ScopedResource,
    namespaces: readonly string[] | undefined,
  ) => Promise<Scope>;
  readonly live: () => boolean;
}

interface Open {
  readonly who: Principal;
  readonly resource: ScopedResource;
  readonly namespaces: readonly string[] | undefined;
  readonly listeners: Set<(scope: Scope) => void>;
  current: Scope;
  /** Monotonic; until then changes may still be on their way to the authorizer. */
  unsettledUntil: number;
  looking: boolean;
  cancel: () => void;
}

/** Scopes that streams hold: looked at again when something that may concern them changed, and from time to time. */
export class LiveScopes {
  readonly #options: LiveScopesOptions;
  readonly #open = new Set<Open>();
  #closed = false;

  constructor(options: LiveScopesOptions) {
    this.#options = options;
    options.metrics.gauge('krateyard_live_scopes', 'Scopes kept current for streams.', [], (gauge) =>
      gauge.set(this.#open.size),
    );
  }

  async open(
    who: Principal,
    resource: ScopedResource,
    namespaces: readonly string[] | undefined,
    signal: AbortSignal | undefined,
  ): Promise<LiveScope> {
    const open: Open = {
      who,
      resource,
      namespaces,
      listeners: new Set(),
      current: { all: false, namespaces: new Set() },
      unsettledUntil: 0,
      looking: true,
      cancel: () => {},
    };
    // Registered before the first look, so that a change during it is not missed.
    this.#open.add(open);
    try {
      open.current = await this.#options.scope(who, resource, namespaces);
    } catch (error) {
      this.#open.delete(open);
      throw error;
    }
    open.looking = false;
    if (signal?.aborted || this.#closed) {
      this.#release(open);
      throw new StatusError('Timeout', 'The request was given up before the answer came.');
    }
    this.#schedule(open);
    return {
      current: () => open.current,
      onChange: (listener) => {
        open.listeners.add(listener);
        return () => open.listeners.delete(listener);
      },
      [Symbol.dispose]: () => this.#release(open),
    };
  }

  changed(change: AccessChange): void {
    const now = this.#options.clock.monotonic();
    for (const open of this.#open) {
      if (!concerns(change, open)) continue;
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

  #release(open: Open): void {
    open.cancel();
    open.listeners.clear();
    this.#open.delete(open);
  }

  #schedule(open: Open): void {
    open.cancel = this.#options.clock.after(this.#delay(open), () => void this.#look(open));
  }

  #delay(open: Open): number {
    const { clock, live } = this.#options;
    if (clock.monotonic() < open.unsettledUntil) return SETTLING_PERIOD_MS;
    const period = live() ? PERIOD_MS : Math.max(BLIND_PERIOD_MS, this.#open.size * BLIND_MS_PER_SCOPE);
    return period * (1 - clock.random() / 10);
  }

  async #look(open: Open): Promise<void> {
    open.looking = true;
    // When the API server cannot tell, what was true stays until it can.
    const next = await this.#options
      .scope(open.who, open.resource, open.namespaces)
      .catch(() => open.current);
    open.looking = false;
    if (!this.#open.has(open)) return;
    const changed = !sameScope(open.current, next);
    open.current = next;
    this.#schedule(open);
    if (changed) for (const listener of open.listeners) listener(next);
  }
}

function concerns(change: AccessChange, open: Open): boolean {
  if (!change.affects(open.who)) return false;
  if (change.namespaces === undefined) return true;
  if (!open.resource.namespaced || (open.namespaces === undefined && open.current.all)) return false;
  return !open.namespaces || open.namespaces.some((namespace) => change.namespaces?.has(namespace));
}

function sameScope(one: Scope, other: Scope): boolean {
  if (one.all || other.all) return one.all === other.all;
  return one.namespaces.size === other.namespaces.size && one.namespaces.isSubsetOf(other.namespaces);
}
