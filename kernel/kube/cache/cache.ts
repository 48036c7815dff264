import type { Reader } from '../client/client.ts';
import type { GroupVersionResource } from '../meta/group-version.ts';
import type { KubeObject } from '../meta/object.ts';

/**
 * How current a collection is, told with every answer.
 * - `syncing`: the first list is not complete; what is there may be partial.
 * - `live`: the watch is connected; `lagMs` is the age of the last proof (event or bookmark), or the delay of the last event.
 * - `lagging`: connected, but the handlers or the proof are behind `lagMs`.
 * - `disconnected`: no watch; the content is what was known at `observedAt`.
 */
export type FreshnessState = 'syncing' | 'live' | 'lagging' | 'disconnected';

export interface Freshness {
  readonly state: FreshnessState;
  /** When the content was last known to be current: ISO 8601, UTC. */
  readonly observedAt: string;
  readonly lagMs: number;
  /** Why, when not live: safe to show. */
  readonly reason?: string;
}

/** `object` is frozen and shared by all: never change it. `old` is what was known before; a tombstone's `object` is the last known state. */
export type CacheChange<T extends KubeObject = KubeObject> =
  | { readonly type: 'added'; readonly key: string; readonly object: T }
  | { readonly type: 'modified'; readonly key: string; readonly object: T; readonly old: T }
  | { readonly type: 'deleted'; readonly key: string; readonly object: T };

export interface CollectionObserver<T extends KubeObject = KubeObject> {
  /** Changes that arrived together, in order. Called synchronously after the store holds them; must not throw and must return fast. */
  onChanges(changes: readonly CacheChange<T>[]): void;
  /** The state of freshness changed (not every tick of `lagMs`). */
  onFreshness?(freshness: Freshness): void;
}

/**
 * A collection kept current by one upstream watch, shared by everybody who holds a lease on it. Keys are `namespace/name` or
 * `name`. Objects are projections: managedFields dropped, strings interned, Secret values removed; read the full object
 * through the Client.
 */
export interface Collection<T extends KubeObject = KubeObject> {
  readonly gvr: GroupVersionResource;
  get(key: string): T | undefined;
  /** All keys and objects; with a namespace only that one's, in O(its size). */
  entries(namespace?: string): Iterable<readonly [key: string, object: T]>;
  size(namespace?: string): number;
  /** Where the content comes from: undefined everywhere, else only these namespaces, as the gateway's identity may read no others. */
  namespaces(): ReadonlySet<string> | undefined;
  /**
   * resourceVersion that the content corresponds to; '' before the first list. Where it comes from several namespaces, a
   * text that is another whenever the content is.
   */
  resourceVersion(): string;
  freshness(): Freshness;
  /** Calls back for every change from now on; read the state first, in the same turn: nothing falls between. */
  observe(observer: CollectionObserver<T>): () => void;
  /** Resolves at the first complete list; rejects with the StatusError that makes it impossible for good (Forbidden, NotFound), or when the signal aborts. */
  synced(signal?: AbortSignal): Promise<void>;
}

/** Where an identity may list and watch a kind: everywhere, or only in these namespaces (none for a cluster-scoped kind). */
export type Reach =
  | { readonly all: true }
  | { readonly all: false; readonly namespaces: ReadonlySet<string> };

export interface CollectionLease<T extends KubeObject = KubeObject> extends Disposable {
  readonly collection: Collection<T>;
}

/**
 * All collections of one cluster. A collection starts with its first lease and stops `idleMs` after its last one is
 * disposed. As a Reader it answers from memory, with the list's metadata.resourceVersion, after the first sync.
 */
export interface Cache extends Reader {
  readonly cluster: string;
  lease<T extends KubeObject = KubeObject>(gvr: GroupVersionResource): CollectionLease<T>;
  /** What runs now, for health and metrics. */
  status(): readonly CollectionStatus[];
  close(): Promise<void>;
}

export interface CollectionStatus {
  readonly gvr: GroupVersionResource;
  readonly objects: number;
  /** Estimated bytes retained. */
  readonly bytes: number;
  readonly freshness: Freshness;
  readonly leases: number;
}
