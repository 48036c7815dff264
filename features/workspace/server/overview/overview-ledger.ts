import type { Cache, CacheChange, CollectionLease, Freshness } from '@krateyard/kube/cache/cache';
import type { ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import { parseKey } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { toStatus } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import { ChangeFeed, type FeedItem } from './change-feed.ts';
import type { Derived, Surroundings } from './finding.ts';
import { noticeChange } from './noticed-changes.ts';
import {
  OVERVIEW_KINDS,
  overviewKind,
  STORAGE_CLASSES,
  type OverviewKind,
  type OverviewKindName,
} from './overview-kinds.ts';

/** What is known of one object. */
export interface LedgerEntry {
  readonly kind: OverviewKind;
  readonly key: string;
  /** '' for what is in none. */
  readonly namespace: string;
  readonly name: string;
  readonly derived: Derived;
}

export interface LedgerListener {
  /** One object came, changed or went. Called synchronously; must be fast. */
  onEntry(before: LedgerEntry | undefined, after: LedgerEntry | undefined): void;
  onFeed(item: FeedItem): void;
  /** How current it is, or what it is made of, has changed. */
  onState(): void;
}

interface Source {
  readonly kind: OverviewKind;
  readonly lease: CollectionLease;
  readonly entries: Map<string, LedgerEntry>;
  /** Why there is nothing to be had. */
  dark: string | undefined;
  stop: () => void;
}

export interface LedgerDeps {
  readonly cache: Cache;
  readonly kinds: ResourceKinds;
  readonly clock: Clock;
}

/** How often what depends on time is looked at; and whether a kind that was not served is served now. */
const REVISIT_MS = 5_000;
const LOOK_AGAIN_MS = 60_000;
/** Who asks again within this does not make everything be read anew. */
const LINGER_MS = 15_000;

/**
 * What is known of every object that the overview is made of: each is read once when it changes, whoever looks. Runs while
 * somebody holds it. Knows of no person: views choose what may be seen.
 */
export class OverviewLedger {
  readonly feed = new ChangeFeed((item) => this.#tell((listener) => listener.onFeed(item)));
  readonly #deps: LedgerDeps;
  readonly #sources = new Map<OverviewKindName, Source>();
  readonly #listeners = new Set<LedgerListener>();
  readonly #revisits = new Map<
    string,
    { readonly source: Source; readonly key: string; readonly at: number }
  >();
  /** Kinds that the cache has no room for, and what it says. */
  readonly #refused = new Map<OverviewKindName, string>();
  #classes: CollectionLease | undefined;
  #holders = 0;
  #running = false;
  #cancelStop: (() => void) | undefined;
  #stops: (() => void)[] = [];

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
  }

  /** Starts with the first holder, stops a while after the last one has let go. */
  hold(): Disposable {
    this.#holders += 1;
    this.#cancelStop?.();
    this.#cancelStop = undefined;
    if (!this.#running) this.#start();
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        this.#holders -= 1;
        if (this.#holders === 0) this.#cancelStop = this.#deps.clock.after(LINGER_MS, () => this.#stop());
      },
    };
  }

  listen(listener: LedgerListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  *entries(): IterableIterator<LedgerEntry> {
    for (const { entries } of this.#sources.values()) yield* entries.values();
  }

  /** Why nothing of the kind is known; undefined while it is, or is coming. Null: the cluster does not serve it, and need not. */
  darkness(name: OverviewKindName): string | null | undefined {
    const source = this.#sources.get(name);
    if (source) return source.dark;
    return this.#refused.get(name) ?? (overviewKind(name).optional ? null : undefined);
  }

  /** The worst of all that is to be had. */
  freshness(): Freshness {
    const known = [...this.#sources.values()]
      .filter(({ dark }) => dark === undefined)
      .map(({ lease }) => lease.collection.freshness());
    const now = new Date(this.#deps.clock.now()).toISOString();
    return known.reduce<Freshness>((worst, one) => (rank(one) > rank(worst) ? one : worst), {
      state: known.length === 0 ? 'syncing' : 'live',
      observedAt: now,
      lagMs: 0,
    });
  }

  /** Resolves when everything that is to be had has its first list. Rejects when the signal aborts. */
  async synced(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#sources.values()].map(({ lease }) =>
        lease.collection.synced(signal).catch((error: unknown) => {
          if (signal.aborted) throw error;
        }),
      ),
    );
  }

  #start(): void {
    this.#running = true;
    this.#leaseClasses();
    this.#refused.clear();
    for (const kind of OVERVIEW_KINDS) if (!kind.optional) this.#open(kind);
    void this.#openServed();
    this.#stops = [
      this.#deps.clock.every(REVISIT_MS, () => this.#revisit()),
      this.#deps.clock.every(LOOK_AGAIN_MS, () => void this.#openServed()),
    ];
  }

  #stop(): void {
    this.#running = false;
    this.#cancelStop = undefined;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    for (const source of this.#sources.values()) source.stop();
    this.#sources.clear();
    this.#revisits.clear();
    this.#classes?.[Symbol.dispose]();
    this.#classes = undefined;
    this.feed.clear();
  }

  /** Classes change seldom; then every claim is read again. */
  #leaseClasses(): void {
    try {
      const lease = this.#deps.cache.lease(STORAGE_CLASSES);
      this.#classes = lease;
      const unobserve = lease.collection.observe({ onChanges: () => this.#rederive('claims') });
      lease.collection.synced().catch(() => {
        // Then claims are judged by their age alone.
      });
      this.#stops.push(unobserve);
    } catch {
      // The cache has no room for them.
    }
  }

  async #openServed(): Promise<void> {
    for (const kind of OVERVIEW_KINDS) {
      if (!kind.optional || this.#sources.has(kind.name)) continue;
      const { group, version, resource } = kind.gvr;
      const served = await this.#deps.kinds.find(`${group}/${version}/${resource}`).catch(() => undefined);
      if (served && this.#running && !this.#sources.has(kind.name)) this.#open(kind);
    }
  }

  #open(kind: OverviewKind): void {
    let lease: CollectionLease;
    try {
      lease = this.#deps.cache.lease(kind.gvr);
    } catch (error) {
      this.#refused.set(kind.name, toStatus(error).message);
      return;
    }
    this.#refused.delete(kind.name);
    const { collection } = lease;
    const source: Source = { kind, lease, entries: new Map(), dark: undefined, stop: () => {} };
    this.#sources.set(kind.name, source);
    const unobserve = collection.observe({
      onChanges: (changes) => this.#changed(source, changes),
      onFreshness: () => this.#tell((listener) => listener.onState()),
    });
    const over = new AbortController();
    source.stop = () => {
      over.abort();
      unobserve();
      lease[Symbol.dispose]();
    };
    const known = Array.from(collection.entries(), ([key, object]): CacheChange => ({
      type: 'added',
      key,
      object,
    }));
    this.#changed(source, known);
    collection.synced(over.signal).then(
      () => this.#setDark(source, undefined),
      (error: unknown) => {
        if (!over.signal.aborted) this.#setDark(source, toStatus(error).message);
      },
    );
  }

  #setDark(source: Source, dark: string | undefined): void {
    source.dark = dark;
    this.#tell((listener) => listener.onState());
  }

  #changed(source: Source, changes: readonly CacheChange[]): void {
    if (changes.length > 0 && source.dark !== undefined) this.#setDark(source, undefined);
    const around = this.#surroundings();
    for (const change of changes) {
      for (const item of noticeChange(source.kind, change, around.now)) this.feed.put(item);
      const gone = change.type === 'deleted';
      this.#set(source, change.key, gone ? undefined : change.object, around);
    }
  }

  #set(source: Source, key: string, object: KubeObject | undefined, around: Surroundings): void {
    const { kind, entries } = source;
    if (!kind.derive) return;
    const before = entries.get(key);
    const id = `${kind.name} ${key}`;
    this.#revisits.delete(id);
    let after: LedgerEntry | undefined;
    if (object) {
      const derived = kind.derive(object, around);
      if (derived.revisitAt !== undefined) this.#revisits.set(id, { source, key, at: derived.revisitAt });
      const { namespace, name } = before ?? parseKey(key);
      after = { kind, key, namespace, name, derived };
      entries.set(key, after);
    } else entries.delete(key);
    if (before || after) this.#tell((listener) => listener.onEntry(before, after));
  }

  #revisit(): void {
    const around = this.#surroundings();
    const due = [...this.#revisits.values()].filter(({ at }) => at <= around.now);
    for (const { source, key } of due) {
      this.#set(source, key, source.lease.collection.get(key), around);
    }
  }

  #rederive(name: OverviewKindName): void {
    const source = this.#sources.get(name);
    if (!source) return;
    const around = this.#surroundings();
    for (const [key, object] of source.lease.collection.entries()) this.#set(source, key, object, around);
  }

  #surroundings(): Surroundings {
    const classes = this.#classes?.collection;
    const known = classes !== undefined && classes.resourceVersion() !== '';
    return {
      now: this.#deps.clock.now(),
      storageClass: (name) => (known ? (classes.get(name) ?? null) : undefined),
    };
  }

  #tell(say: (listener: LedgerListener) => void): void {
    for (const listener of this.#listeners) say(listener);
  }
}

const rank = ({ state }: Freshness): number => ['live', 'lagging', 'syncing', 'disconnected'].indexOf(state);
