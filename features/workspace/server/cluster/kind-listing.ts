import type { Principal } from '@krateyard/auth/principal';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { KindSummary } from '../../contract/resource-api.ts';
import { kindRef } from '../resources/kind-directory.ts';
import { ASK_DEADLINE_MS, ifTold, visibleNamespaceNames, type ClusterDeps } from './cluster-actions.ts';
import { readPersonRules } from './person-rules.ts';

/** Without the kinds there is no menu: better late than never. */
const KINDS_DEADLINE_MS = 25_000;
/** Namespaces that are asked for rules to fill the menu of kinds. */
const MAX_RULE_NAMESPACES = 100;

/** The kinds that one person may list somewhere, by the rights that they had when this was read. */
export interface KindListing {
  /** Of what the cluster serves now: each preferred version once. */
  items(gone: AbortSignal): Promise<KindSummary[]>;
}

/** Asks the API server for the person's rights; rejects with what it says when it does not tell. */
export async function readKindListing(
  deps: ClusterDeps,
  who: Principal,
  gone: AbortSignal,
): Promise<KindListing> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(KINDS_DEADLINE_MS)]);
  const soon = AbortSignal.any([gone, AbortSignal.timeout(ASK_DEADLINE_MS)]);
  const [namespaces] = await Promise.all([
    ifTold(deps, 'namespaces', visibleNamespaceNames(deps, who, soon)),
    deps.kinds.all(signal),
  ]);
  const asked = (namespaces ?? []).slice(0, MAX_RULE_NAMESPACES);
  const rules = await readPersonRules(deps.actingAs(who), asked.length === 0 ? ['default'] : asked, signal);
  return {
    items: async (gone) => {
      const kinds = await deps.kinds.all(AbortSignal.any([gone, AbortSignal.timeout(KINDS_DEADLINE_MS)]));
      const watchable = kinds.filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'));
      const listed = onePerKind(watchable).filter((kind) => rules.mayList(kind));
      const soon = AbortSignal.any([gone, AbortSignal.timeout(ASK_DEADLINE_MS)]);
      return Promise.all(listed.map((kind) => summary(deps, who, kind, soon)));
    },
  };
}

/** Preferred versions come first. */
function onePerKind(kinds: readonly ResourceKind[]): readonly ResourceKind[] {
  const first = new Map<string, ResourceKind>();
  for (const kind of kinds) {
    const key = `${kind.group}/${kind.resource}`;
    if (!first.has(key)) first.set(key, kind);
  }
  return [...first.values()];
}

async function summary(
  deps: ClusterDeps,
  who: Principal,
  kind: ResourceKind,
  signal: AbortSignal,
): Promise<KindSummary> {
  const count = await ifTold(deps, 'count', knownCount(deps, who, kind, signal));
  const { singular, shortNames, categories, verbs, subresources } = kind;
  return {
    ...kindRef(kind),
    singular,
    shortNames: [...shortNames],
    categories: [...categories],
    verbs: [...verbs],
    subresources: [...subresources],
    ...(count !== undefined && { count }),
  };
}

/** Only of what a cache holds anyway: a count must not start a watch. */
async function knownCount(
  { cache, access }: ClusterDeps,
  who: Principal,
  kind: ResourceKind,
  signal: AbortSignal,
): Promise<number | undefined> {
  const running = cache.status().find(({ gvr }) => formatGvr(gvr) === formatGvr(kind));
  if (!running || running.freshness.state === 'syncing' || running.leases === 0) return undefined;
  const scope = await access.scope(who, kind, undefined, signal);
  using lease = cache.lease(kind);
  if (scope.all) return lease.collection.size();
  let count = 0;
  for (const namespace of scope.namespaces) count += lease.collection.size(namespace);
  return count;
}
