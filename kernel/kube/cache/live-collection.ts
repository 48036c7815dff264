import type { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { formatGvr, type GroupVersionResource } from '../meta/group-version.ts';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubeObject, WatchEvent } from '../meta/object.ts';
import type { CacheChange, Collection, CollectionObserver, Freshness } from './cache.ts';
import { FreshnessTracker } from './freshness-tracker.ts';
import type { ReflectorTarget } from './reflector.ts';
import { Store } from './store.ts';

export interface LiveCollectionNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lagAfterMs: number;
  /** Asked while the first list comes in: why no more may be kept, or undefined. */
  readonly admit: () => StatusError | undefined;
}

/** A Collection that a Reflector feeds. */
export class LiveCollection<T extends KubeObject = KubeObject> implements Collection<T>, ReflectorTarget<T> {
  readonly gvr: GroupVersionResource;
  readonly #logger: Logger;
  readonly #admit: () => StatusError | undefined;
  readonly #store: Store<T>;
  readonly #tracker: FreshnessTracker;
  readonly #observers = new Set<CollectionObserver<T>>();
  readonly #waiters = new Set<PromiseWithResolvers<void>>();
  #resourceVersion = '';
  #synced = false;
  #impossible: StatusError | undefined;

  constructor(gvr: GroupVersionResource, needs: LiveCollectionNeeds) {
    this.gvr = gvr;
    this.#logger = needs.logger;
    this.#admit = needs.admit;
    this.#store = new Store<T>(gvr);
    this.#tracker = new FreshnessTracker({
      clock: needs.clock,
      lagAfterMs: needs.lagAfterMs,
      onChange: (freshness) => this.#tellFreshness(freshness),
    });
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  get hasSynced(): boolean {
    return this.#synced;
  }

  get(key: string): T | undefined {
    return this.#store.get(key);
  }

  entries(namespace?: string): Iterable<readonly [key: string, object: T]> {
    return this.#store.entries(namespace);
  }

  size(namespace?: string): number {
    return this.#store.size(namespace);
  }

  resourceVersion(): string {
    return this.#resourceVersion;
  }

  freshness(): Freshness {
    return this.#tracker.current();
  }

  observe(observer: CollectionObserver<T>): () => void {
    // A wrapper, so that one observer that is given twice is called and disposed of twice.
    const own = {
      ...observer,
      onChanges: observer.onChanges.bind(observer),
      onFreshness: observer.onFreshness?.bind(observer),
    } as CollectionObserver<T>;
    this.#observers.add(own);
    return () => void this.#observers.delete(own);
  }

  async synced(signal?: AbortSignal): Promise<void> {
    if (this.#synced) return;
    if (this.#impossible) throw this.#impossible;
    signal?.throwIfAborted();
    const waiter = Promise.withResolvers<void>();
    const onAbort = (): void => waiter.reject(signal?.reason);
    this.#waiters.add(waiter);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await waiter.promise;
    } finally {
      this.#waiters.delete(waiter);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Part of a list: what is there is taken over, what is missing is decided by `filled`. Throws when a first list is too much for the budget. */
  fill(objects: readonly T[], seen: Set<string>): void {
    const changes: CacheChange<T>[] = [];
    const refused = this.#synced ? undefined : this.#admit();
    if (refused) {
      this.impossible(refused, true);
      throw refused;
    }
    for (const object of objects) seen.add(this.#store.upsert(object, changes));
    this.#tell(changes);
  }

  /** The list is complete: what it did not name is gone. */
  filled(seen: ReadonlySet<string>, resourceVersion: string): void {
    const changes: CacheChange<T>[] = [];
    this.#store.retain(seen, changes);
    this.#resourceVersion = resourceVersion;
    this.#synced = true;
    this.#impossible = undefined;
    this.#tell(changes);
    this.#tracker.proven();
    for (const waiter of this.#waiters) waiter.resolve();
  }

  apply(events: readonly WatchEvent<T>[]): void {
    const changes: CacheChange<T>[] = [];
    for (const { type, object } of events) {
      if (type === 'DELETED') this.#store.remove(formatKey(keyOf(object)), changes, object);
      else this.#store.upsert(object, changes);
      this.#resourceVersion = object.metadata.resourceVersion ?? this.#resourceVersion;
    }
    this.#tell(changes);
    this.#tracker.proven();
  }

  proven(resourceVersion?: string): void {
    if (resourceVersion !== undefined) this.#resourceVersion = resourceVersion;
    if (this.#synced) this.#tracker.proven();
  }

  behind(reason: string): void {
    if (this.#synced) this.#tracker.behind(reason);
  }

  disconnected(reason: string): void {
    this.#tracker.disconnected(reason);
  }

  /** This cannot be listed until somebody changes the cluster; what is known stays unless `gone`. */
  impossible(error: StatusError, gone: boolean): void {
    this.#impossible = error;
    if (gone) this.#clear();
    this.#tracker.disconnected(error.message);
    for (const waiter of this.#waiters) waiter.reject(error);
  }

  close(): void {
    this.#tracker.close();
    this.#observers.clear();
  }

  #clear(): void {
    const changes: CacheChange<T>[] = [];
    this.#store.retain(new Set(), changes);
    this.#synced = false;
    this.#resourceVersion = '';
    this.#tell(changes);
  }

  #tell(changes: readonly CacheChange<T>[]): void {
    if (changes.length === 0) return;
    for (const observer of this.#observers) this.#guarded(() => observer.onChanges(changes));
  }

  #tellFreshness(freshness: Freshness): void {
    for (const observer of this.#observers) this.#guarded(() => observer.onFreshness?.(freshness));
  }

  /** An observer that breaks its contract and throws must not cost the others their changes. */
  #guarded(call: () => void): void {
    try {
      call();
    } catch (err) {
      this.#logger.error('cache observer failed', { gvr: formatGvr(this.gvr), err });
    }
  }
}
