import type { Cache, CollectionLease } from '@krateyard/kube/cache/cache';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { Clock } from '@krateyard/telemetry/clock';
import { NameIndex } from './name-index.ts';

/** What people look for, in the order in which equals stand. */
export const USUAL_KINDS = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'batch/v1/cronjobs',
  'pods',
  'services',
  'ingresses',
  'v1/nodes',
  'namespaces',
  'configmaps',
  'secrets',
  'pvcs',
  'batch/v1/jobs',
  'v1/persistentvolumes',
  'v1/serviceaccounts',
] as const;

/** What others find for their owners' sake, or nobody looks for by name; asked for by `kinds` they are searched all the same. */
const NEVER = new Set([
  'events',
  'endpoints',
  'endpointslices',
  'replicasets',
  'controllerrevisions',
  'leases',
  'roles',
  'rolebindings',
  'clusterroles',
  'clusterrolebindings',
]);

/** How long a kind is followed after the last search. */
const IDLE_MS = 5 * 60_000;

interface Followed {
  readonly lease: CollectionLease;
  /** Made when the first list is there. */
  index: NameIndex | undefined;
  cancelIdle: () => void;
}

/** The indices of the kinds that are searched: each begins with the first search and ends some time after the last. */
export class SearchedKinds implements Disposable {
  readonly #cache: Cache;
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed>();

  constructor(deps: { readonly cache: Cache; readonly clock: Clock }) {
    this.#cache = deps.cache;
    this.#clock = deps.clock;
  }

  /** The index of a kind, or undefined while its first list is on the way. Waits for it until the signal aborts. */
  async index(kind: ResourceKind, patience: AbortSignal): Promise<NameIndex | undefined> {
    const followed = this.#follow(kind);
    if (followed.index) return followed.index;
    try {
      await followed.lease.collection.synced(patience);
    } catch (error) {
      if (patience.aborted) return undefined;
      throw error;
    }
    // It may have been given up meanwhile, or another search was faster.
    if (this.#followed.get(formatGvr(kind)) === followed)
      followed.index ??= new NameIndex(followed.lease.collection);
    return followed.index;
  }

  /** Kinds beyond the usual ones that are in memory anyway: custom resources that somebody looks at. */
  running(): readonly string[] {
    return this.#cache
      .status()
      .filter(({ gvr, leases }) => leases > 0 && !NEVER.has(gvr.resource))
      .map(({ gvr }) => formatGvr(gvr));
  }

  [Symbol.dispose](): void {
    for (const id of this.#followed.keys()) this.#drop(id);
  }

  #follow(kind: ResourceKind): Followed {
    const id = formatGvr(kind);
    const followed = this.#followed.get(id) ?? {
      lease: this.#cache.lease(kind),
      index: undefined,
      cancelIdle: () => {},
    };
    followed.cancelIdle();
    followed.cancelIdle = this.#clock.after(IDLE_MS, () => this.#drop(id));
    this.#followed.set(id, followed);
    return followed;
  }

  #drop(id: string): void {
    const followed = this.#followed.get(id);
    this.#followed.delete(id);
    followed?.cancelIdle();
    followed?.index?.[Symbol.dispose]();
    followed?.lease[Symbol.dispose]();
  }
}
