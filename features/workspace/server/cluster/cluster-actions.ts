import type { Principal } from '@krateyard/auth/principal';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { ClusterInfo } from '../../contract/resource-api.ts';
import { nodeColumns } from '../../contract/columns/cluster.ts';
import type { StatusCell } from '../../contract/status-word.ts';
import type { WorkspaceDeps } from '../deps.ts';

export type ClusterDeps = Pick<
  WorkspaceDeps,
  'access' | 'actingAs' | 'cache' | 'client' | 'kinds' | 'logger'
>;

const NODES = { group: '', version: 'v1', resource: 'nodes', namespaced: false } as const;
const NAMESPACES = { ...SHORT_KINDS.namespaces, namespaced: false } as const;
const PODS = { ...SHORT_KINDS.pods, namespaced: true } as const;

/** What is told about the cluster while the API server does not answer is what is still known. */
export const ASK_DEADLINE_MS = 5000;

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

/** What cannot be told now is left out, and the log says why. */
export async function ifTold<T>(
  { logger }: ClusterDeps,
  part: string,
  asked: Promise<T>,
): Promise<T | undefined> {
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
export async function visibleNamespaceNames(
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
