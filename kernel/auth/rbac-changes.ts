import type { Cache, CacheChange, CollectionLease } from '@krateyard/kube/cache/cache';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Principal } from './principal.ts';

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' };
const ROLES: GroupVersionResource = { ...RBAC, resource: 'roles' };
const CLUSTER_ROLES: GroupVersionResource = { ...RBAC, resource: 'clusterroles' };
const ROLE_BINDINGS: GroupVersionResource = { ...RBAC, resource: 'rolebindings' };
const CLUSTER_ROLE_BINDINGS: GroupVersionResource = { ...RBAC, resource: 'clusterrolebindings' };
export const NAMESPACES: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' };

interface Subject {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Whose rights may have changed, and where. */
export interface AccessChange {
  /** Undefined: in every namespace and at the cluster scope. */
  readonly namespaces: ReadonlySet<string> | undefined;
  affects(who: Principal): boolean;
}

/** A change that may concern everybody, everywhere. */
export const EVERYTHING: AccessChange = { namespaces: undefined, affects: () => true };

/** What access review needs to know of the cluster as it is now; released with the disposer. */
export interface RbacWatch extends Disposable {
  /** The names of all namespaces, or undefined while they are not known (not synced, no right). */
  namespaces(): ReadonlySet<string> | undefined;
  /** Resolves when `namespaces` is known; rejects when it cannot be. */
  ready(signal: AbortSignal): Promise<void>;
  /** True while every watch is connected, so that an answer may be kept until a change is seen. */
  live(): boolean;
}

/** Watches roles, bindings and namespaces through the gateway's cache, shared with whoever shows them. */
export function watchRbac(cache: Cache, onChange: (change: AccessChange) => void): RbacWatch {
  const leases: CollectionLease[] = [];
  const stops: (() => void)[] = [];
  const follow = (
    gvr: GroupVersionResource,
    describe: (change: CacheChange) => AccessChange,
  ): CollectionLease => {
    const lease = cache.lease(gvr);
    leases.push(lease);
    // What the first list brings is no change; but what was asked before it came may be older than it.
    let synced = lease.collection.resourceVersion() !== '';
    stops.push(
      lease.collection.observe({
        onChanges: (changes) => {
          if (synced) for (const change of changes) if (matters(change)) onChange(describe(change));
        },
      }),
    );
    if (!synced) {
      const stop = new AbortController();
      stops.push(() => stop.abort());
      lease.collection.synced(stop.signal).then(
        () => {
          synced = true;
          onChange(EVERYTHING);
        },
        () => {
          // Stopped, or the gateway may not watch this: answers then live shortly (`live`).
          synced = true;
        },
      );
    }
    return lease;
  };
  follow(CLUSTER_ROLES, () => ({ namespaces: undefined, affects: () => true }));
  follow(CLUSTER_ROLE_BINDINGS, (change) => ({ namespaces: undefined, affects: boundBy(change) }));
  follow(ROLES, (change) => ({ namespaces: new Set([namespaceOf(change)]), affects: () => true }));
  follow(ROLE_BINDINGS, (change) => ({
    namespaces: new Set([namespaceOf(change)]),
    affects: boundBy(change),
  }));
  const namespaces = follow(NAMESPACES, (change) => ({
    namespaces: new Set([change.object.metadata.name ?? '']),
    affects: () => true,
  }));
  return {
    ready: (signal) => namespaces.collection.synced(signal),
    // What is seen of some namespaces only hides changes in others.
    live: () =>
      leases.every(
        ({ collection }) => collection.namespaces() === undefined && collection.freshness().state === 'live',
      ),
    namespaces: () => {
      const { collection } = namespaces;
      if (collection.resourceVersion() === '') return undefined;
      return new Set(Array.from(collection.entries(), ([key]) => key));
    },
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
      for (const lease of leases) lease[Symbol.dispose]();
    },
  };
}

/** A namespace whose labels change gives nobody a right; its coming and going does. */
function matters(change: CacheChange): boolean {
  return change.type !== 'modified' || change.object.kind !== 'Namespace';
}

function namespaceOf(change: CacheChange): string {
  return change.object.metadata.namespace ?? '';
}

/** The people whom the binding names, before or after the change. */
function boundBy(change: CacheChange): (who: Principal) => boolean {
  const before = change.type === 'modified' ? subjects(change.old) : [];
  const named = [...before, ...subjects(change.object)];
  return (who) => named.some((subject) => isSubject(who, subject));
}

function subjects(binding: KubeObject): readonly Subject[] {
  return Array.isArray(binding['subjects']) ? (binding['subjects'] as Subject[]) : [];
}

function isSubject(who: Principal, subject: Subject): boolean {
  if (subject.kind === 'Group') return who.groups.includes(subject.name ?? '');
  if (subject.kind === 'ServiceAccount') {
    return who.username === `system:serviceaccount:${subject.namespace}:${subject.name}`;
  }
  return who.username === subject.name;
}
