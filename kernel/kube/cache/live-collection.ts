import { createHash } from 'node:crypto';
import type { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { formatGvr, type GroupVersionResource } from '../meta/group-version.ts';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubeObject, WatchEvent } from '../meta/object.ts';
import type { CacheChange, Collection, CollectionObserver, Freshness, FreshnessState } from './cache.ts';
import { FreshnessTracker } from './freshness-tracker.ts';
import { NamespacePart } from './namespace-part.ts';
import type { ReflectorTarget } from './reflector.ts';
import { Store } from './store.ts';

export interface LiveCollectionNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lagAfterMs: number;
  /** Asked while the first list comes in: why no more may be kept, or undefined. */
  readonly admit: () => StatusError | undefined;
}

const BADNESS: Readonly<Record<FreshnessState, number>> = {
  live: 0,
  lagging: 1,
  syncing: 2,
  disconnected: 3,
};

/** A Collection that one Reflector feeds, or while it is narrowed one for each of its namespaces. */
export class LiveCollection<T extends KubeObject = KubeObject> implements Collection<T>, ReflectorTarget<T> {
  readonly gvr: GroupVersionResource;
  readonly #needs: LiveCollectionNeeds;
  readonly #logger: Logger;
  readonly #store: Store<T>;
  readonly #tracker: FreshnessTracker;
  readonly #observers = new Set<CollectionObserver<T>>();
  readonly #waiters = new Set<PromiseWithResolvers<void>>();
  #resourceVersion = '';
  #synced = false;
  #impossible: StatusError | undefined;
  /** By namespace; undefined while the collection is fed as a whole. */
  #parts: ReadonlyMap<string, NamespacePart<T>> | undefined;
  #told: FreshnessState = 'syncing';

  constructor(gvr: GroupVersionResource, needs: LiveCollectionNeeds) {
    this.gvr = gvr;
    this.#needs = needs;
    this.#logger = needs.logger;
    this.#store = new Store<T>(gvr);
    this.#tracker = this.#newTracker();
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
    return this.#parts && this.#synced ? versionOf(this.#parts) : this.#resourceVersion;
  }

  namespaces(): ReadonlySet<string> | undefined {
    return this.#parts && new Set(this.#parts.keys());
  }

  /** While narrowed, the worst of the parts. */
  freshness(): Freshness {
    return this.#parts ? worst(this.#parts) : this.#tracker.current();
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
    const refused = this.#synced ? undefined : this.#needs.admit();
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
    this.#release();
  }

  apply(events: readonly WatchEvent<T>[]): void {
    this.#resourceVersion = events.at(-1)?.object.metadata.resourceVersion ?? this.#resourceVersion;
    this.#change(events);
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

  /**
   * From now on only these namespaces, of which there is at least one, each kept current by its own reflector through the
   * target returned for it; known ones keep theirs. What is in no other namespace is told as deleted.
   */
  narrow(namespaces: ReadonlySet<string>): ReadonlyMap<string, ReflectorTarget<T>> {
    this.#tracker.close();
    const before = this.#parts ?? new Map<string, NamespacePart<T>>();
    const parts = new Map(
      Array.from(namespaces, (name) => [name, before.get(name) ?? this.#newPart(name)] as const),
    );
    for (const [name, part] of before) if (!parts.has(name)) part.close();
    this.#parts = parts;
    const changes: CacheChange<T>[] = [];
    for (const name of this.#store.namespaces()) {
      if (!parts.has(name)) this.#store.retainIn(name, new Set(), changes);
    }
    this.#tell(changes);
    this.#partChanged();
    return parts;
  }

  /** Ends `narrow`: fed as a whole again. What is known stays until the next list. */
  widen(): void {
    if (!this.#parts) return;
    this.#resourceVersion = this.resourceVersion();
    for (const part of this.#parts.values()) part.close();
    this.#parts = undefined;
    if (this.#synced) this.#tracker.behind('The list is being fetched anew.');
    else this.#tracker.syncing();
  }

  close(): void {
    this.#tracker.close();
    for (const part of this.#parts?.values() ?? []) part.close();
    this.#observers.clear();
  }

  #newTracker(): FreshnessTracker {
    const { clock, lagAfterMs } = this.#needs;
    return new FreshnessTracker({ clock, lagAfterMs, onChange: () => this.#freshnessChanged() });
  }

  #newPart(namespace: string): NamespacePart<T> {
    const part = new NamespacePart<T>({
      tracker: this.#newTracker(),
      admit: this.#needs.admit,
      take: (objects, seen) => {
        const changes: CacheChange<T>[] = [];
        for (const object of objects) seen.add(this.#store.upsert(object, changes));
        this.#tell(changes);
      },
      retain: (seen) => {
        const changes: CacheChange<T>[] = [];
        this.#store.retainIn(namespace, seen, changes);
        this.#tell(changes);
      },
      change: (events) => this.#change(events),
      onSettled: () => this.#partChanged(),
    });
    if (this.#synced) part.late(`Namespace "${namespace}" is being listed.`);
    return part;
  }

  /** The first list is complete when every part has its own, or has learned that it cannot. */
  #partChanged(): void {
    this.#freshnessChanged();
    const parts = [...(this.#parts?.values() ?? [])];
    if (parts.length === 0 || parts.some(({ state }) => state.at === 'waiting')) return;
    if (parts.some(({ state }) => state.at === 'synced')) {
      this.#synced = true;
      this.#impossible = undefined;
      this.#release();
      return;
    }
    const [first] = parts;
    if (first?.state.at !== 'impossible') return;
    this.#impossible = first.state.error;
    for (const waiter of this.#waiters) waiter.reject(this.#impossible);
  }

  #release(): void {
    for (const waiter of this.#waiters) waiter.resolve();
  }

  #change(events: readonly WatchEvent<T>[]): void {
    const changes: CacheChange<T>[] = [];
    for (const { type, object } of events) {
      if (type === 'DELETED') this.#store.remove(formatKey(keyOf(object)), changes, object);
      else this.#store.upsert(object, changes);
    }
    this.#tell(changes);
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

  #freshnessChanged(): void {
    const freshness = this.freshness();
    if (freshness.state === this.#told) return;
    this.#told = freshness.state;
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

function worst(parts: ReadonlyMap<string, NamespacePart<never>>): Freshness {
  const all = Array.from(parts.values(), (part) => part.freshness());
  return all.reduce((worse, one) => {
    const difference = BADNESS[one.state] - BADNESS[worse.state];
    return difference > 0 || (difference === 0 && one.lagMs > worse.lagMs) ? one : worse;
  });
}

/** The versions of the parts are no version together, but their digest changes with each of them. */
function versionOf(parts: ReadonlyMap<string, NamespacePart<never>>): string {
  const versions = Array.from(parts, ([namespace, { resourceVersion }]) => `${namespace}=${resourceVersion}`);
  const digest = createHash('sha256').update(versions.toSorted().join());
  return digest.digest('base64url').slice(0, 22);
}
