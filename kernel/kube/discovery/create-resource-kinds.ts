import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import type { Client } from '../client/client.ts';
import { formatGroupVersion } from '../meta/group-version.ts';
import { findKind } from './find-kind.ts';
import { readDiscovery, type ServedVersion } from './read-discovery.ts';
import type { ResourceKind, ResourceKinds } from './resource-kinds.ts';

const FRESH_MS = 10 * 60_000;
/** A name that is not known is worth another look, as it may be a CRD of just now, but not at every keystroke. */
const UNKNOWN_NAME_MS = 3_000;
/** After a failure, what is known is used for this long before the server is asked again. */
const FAILURE_PAUSE_MS = 5_000;

/** Asks on first use. Callers share one request; a caller's signal ends its own wait only. */
export function createResourceKinds(
  client: Pick<Client, 'request'>,
  options: { readonly clock?: Clock } = {},
): ResourceKinds {
  return new DiscoveredKinds(client, options.clock ?? systemClock);
}

class DiscoveredKinds implements ResourceKinds {
  readonly #client: Pick<Client, 'request'>;
  readonly #clock: Clock;
  #versions = new Map<string, ServedVersion>();
  #kinds: readonly ResourceKind[] = [];
  #everAsked = false;
  #askedAt = 0;
  #staleAt = 0;
  #asking: Promise<void> | undefined;

  constructor(client: Pick<Client, 'request'>, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async all(signal?: AbortSignal): Promise<readonly ResourceKind[]> {
    signal?.throwIfAborted();
    if (!this.#everAsked || this.#clock.monotonic() >= this.#staleAt) await until(this.#ask(), signal);
    return this.#kinds;
  }

  async find(name: string, signal?: AbortSignal): Promise<ResourceKind | undefined> {
    const known = findKind(await this.all(signal), name);
    if (known || this.#clock.monotonic() - this.#askedAt < UNKNOWN_NAME_MS) return known;
    await until(this.#ask(), signal);
    return findKind(this.#kinds, name);
  }

  invalidate(): void {
    this.#staleAt = Number.NEGATIVE_INFINITY;
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#refresh().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #refresh(): Promise<void> {
    this.#staleAt = this.#clock.monotonic() + FRESH_MS;
    try {
      this.#take(await readDiscovery(this.#client));
    } catch (error) {
      this.#staleAt = this.#clock.monotonic() + FAILURE_PAUSE_MS;
      if (!this.#everAsked) throw error;
    }
    this.#askedAt = this.#clock.monotonic();
  }

  /** A version whose server is down keeps the kinds that it had. */
  #take(served: readonly ServedVersion[]): void {
    const versions = new Map<string, ServedVersion>();
    for (const each of served) {
      const name = formatGroupVersion(each);
      const before = this.#versions.get(name);
      versions.set(name, each.stale && each.kinds.length === 0 && before ? before : each);
    }
    this.#versions = versions;
    this.#kinds = Object.freeze([...versions.values()].flatMap(({ kinds }) => kinds));
    this.#everAsked = true;
  }
}

/** The promise, unless the signal aborts first. */
async function until(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  signal.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const onAbort = (): void => gone.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, gone.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
