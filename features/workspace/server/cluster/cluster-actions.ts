import type { Principal } from '@krateyard/auth/principal';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { ClusterInfo, KindList, KindSummary } from '../../contract/resource-api.ts';
import { nodeColumns } from '../../contract/columns/cluster.ts';
import type { StatusCell } from '../../contract/status-word.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { kindRef } from '../resources/kind-directory.ts';
import { readPersonRules } from './person-rules.ts';

type ClusterDeps = Pick<WorkspaceDeps, 'access' | 'actingAs' | 'cache' | 'client' | 'kinds' | 'logger'>;

const NODES = { group: '', version: 'v1', resource: 'nodes', namespaced: false } as const;
const NAMESPACES = { ...SHORT_KINDS.namespaces, namespaced: false } as const;
const PODS = { ...SHORT_KINDS.pods, namespaced: true } as const;

/** What is told about the cluster while the API server does not answer is what is still known. */
const ASK_DEADLINE_MS = 5000;
/** Without the kinds there is no menu: better late than never. */
const KINDS_DEADLINE_MS = 25_000;
/** Namespaces that are asked for rules to fill the menu of kinds. */
const MAX_RULE_NAMESPACES = 100;

export async function clusterInfo(
  deps: ClusterDeps,
  who: Principal,
  gone: AbortSignal,
): Promise<ClusterInfo> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(ASK_DEADLINE_MS)]);
  const [version, nodes, namespaces] = await Promise.all([
    ifTold(deps, 'version', readVersion(deps, signal)),
    ifTold(deps, 'nodes', countNodes(deps, who, signal)),
    ifTold(deps, 'namespaces', visibleNamespaceNames(deps, who, signal)),
  ]);
  return {
    name: deps.client.cluster,
    ...version,
    connection: deps.client.connection(),
    user: { username: who.username, groups: [...who.groups] },
    ...(nodes && { nodes }),
    ...(namespaces && { namespaces }),
  };
}

/** The kinds that this person may list somewhere, each preferred version once. */
export async function kindList(deps: ClusterDeps, who: Principal, gone: AbortSignal): Promise<KindList> {
  const soon = AbortSignal.any([gone, AbortSignal.timeout(ASK_DEADLINE_MS)]);
  const signal = AbortSignal.any([gone, AbortSignal.timeout(KINDS_DEADLINE_MS)]);
  const [kinds, namespaces] = await Promise.all([
    deps.kinds.all(signal),
    ifTold(deps, 'namespaces', visibleNamespaceNames(deps, who, soon)),
  ]);
  const asked = (namespaces ?? []).slice(0, MAX_RULE_NAMESPACES);
  const rules = await readPersonRules(deps.actingAs(who), asked.length === 0 ? ['default'] : asked, signal);
  const watchable = kinds.filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'));
  const listed = onePerKind(watchable).filter((kind) => rules.mayList(kind));
  return { items: await Promise.all(listed.map((kind) => summary(deps, who, kind, soon))) };
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

/** What cannot be told now is left out, and the log says why. */
async function ifTold<T>({ logger }: ClusterDeps, part: string, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (err) {
    logger.debug('a part of what is told about the cluster is left out', { part, err });
    return undefined;
  }
}

async function readVersion(
  { client }: ClusterDeps,
  signal: AbortSignal,
): Promise<Pick<ClusterInfo, 'version' | 'platform'>> {
  const answer = await client.request<{ gitVersion?: string; platform?: string }>({
    path: '/version',
    signal,
  });
  return {
    ...(answer.gitVersion !== undefined && { version: answer.gitVersion }),
    ...(answer.platform !== undefined && { platform: answer.platform }),
  };
}

async function countNodes(
  { access, cache }: ClusterDeps,
  who: Principal,
  signal: AbortSignal,
): Promise<ClusterInfo['nodes']> {
  const scope = await access.scope(who, NODES, undefined, signal);
  if (!scope.all) return undefined;
  using lease = cache.lease(NODES);
  await lease.collection.synced(signal);
  const nodes = Array.from(lease.collection.entries(), ([, node]) => node);
  return { total: nodes.length, ready: nodes.filter(isReady).length };
}

function isReady(node: KubeObject): boolean {
  const cell = nodeColumns[0]!.value(node) as StatusCell;
  return cell.word === 'Running' || cell.word === 'Pending';
}

/** Those that the person may list, or else those in which they may see pods. */
async function visibleNamespaceNames(
  { access, cache }: ClusterDeps,
  who: Principal,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const everywhere = await access.scope(who, NAMESPACES, undefined, signal);
  if (!everywhere.all) {
    const scope = await access.scope(who, PODS, undefined, signal);
    return scope.all ? undefined : [...scope.namespaces].toSorted();
  }
  using lease = cache.lease(NAMESPACES);
  await lease.collection.synced(signal);
  return Array.from(lease.collection.entries(), ([name]) => name).toSorted();
}
