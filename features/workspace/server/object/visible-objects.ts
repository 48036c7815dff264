import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache } from '@krateyard/kube/cache/cache';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { leaseSynced } from '../resources/synced-collection.ts';

/** A kind's objects that a person may see; undefined: none of them may be looked at. */
export interface VisibleObjects {
  get(name: string, namespace: string | undefined): KubeObject | undefined;
  /** Whether objects there are seen at all: without it an absence means nothing. */
  covers(namespace: string | undefined): boolean;
  entries(): Iterable<KubeObject>;
}

/** A kind that is not known by then is told as unseen. */
const DEADLINE_MS = 4000;

interface ReadDeps {
  readonly access: AccessReview;
  readonly cache: Cache;
}

/**
 * The cached objects of a kind that `who` may list and watch, in one namespace or everywhere. What is returned is read in the
 * same turn: it holds no lease.
 */
export async function visibleObjects(
  { access, cache }: ReadDeps,
  who: Principal,
  kind: ResourceKind,
  namespace: string | undefined,
  gone: AbortSignal,
): Promise<VisibleObjects | undefined> {
  if (!kind.verbs.includes('list') || !kind.verbs.includes('watch')) return undefined;
  const signal = AbortSignal.any([gone, AbortSignal.timeout(DEADLINE_MS)]);
  const within = kind.namespaced ? namespace : undefined;
  const scope = await access.scope(who, kind, within === undefined ? undefined : [within], signal);
  const visible = scope.all ? undefined : scope.namespaces;
  if (visible && (!kind.namespaced || visible.size === 0)) return undefined;
  if (visible && within !== undefined && !visible.has(within)) return undefined;
  using lease = await leaseSynced(cache, kind, signal);
  const { collection } = lease;
  const reach = collection.namespaces();
  const covers = (at: string | undefined): boolean =>
    !kind.namespaced ||
    ((visible === undefined || (at !== undefined && visible.has(at))) &&
      (reach === undefined || (at !== undefined && reach.has(at))));
  const places = within === undefined ? visible && [...visible] : [within];
  if (within !== undefined && !covers(within)) return undefined;
  return {
    covers,
    get: (name, at) => {
      const here = kind.namespaced ? at : undefined;
      return covers(here) ? collection.get(here === undefined ? name : `${here}/${name}`) : undefined;
    },
    entries: function* () {
      if (places === undefined) for (const [, object] of collection.entries()) yield object;
      else for (const place of places) for (const [, object] of collection.entries(place)) yield object;
    },
  };
}
