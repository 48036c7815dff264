import type { AccessQuestion, AccessReview, Scope } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { StatusError } from '@krateyard/status/status-error';
import type { VisibleNamespaces } from './view.ts';

/** What of a kind was asked for: these namespaces, or all that the person may read. */
export interface NamespaceRequest {
  readonly kind: ResourceKind;
  readonly namespaces: readonly string[];
}

/** Cluster-scoped objects are in no namespace: StatusError BadRequest when some are named. Doubles go. */
export function namespaceRequest(kind: ResourceKind, namespaces: readonly string[]): NamespaceRequest {
  if (namespaces.length > 0 && !kind.namespaced) {
    throw new StatusError('BadRequest', `${kind.resource} are not in namespaces; ask without`);
  }
  return { kind, namespaces: [...new Set(namespaces)].toSorted() };
}

/** The namespaces of a request that a scope lets through; undefined when nothing does. */
export function visibleNamespaces(
  scope: Scope,
  { kind, namespaces }: NamespaceRequest,
): VisibleNamespaces | undefined {
  if (namespaces.length === 0) {
    if (scope.all) return null;
    return scope.namespaces.size === 0 || !kind.namespaced ? undefined : [...scope.namespaces].toSorted();
  }
  const visible = scope.all ? namespaces : namespaces.filter((name) => scope.namespaces.has(name));
  return visible.length === 0 ? undefined : visible;
}

/** Throws the API server's Forbidden for a request of which nothing may be seen. */
export async function refuse(
  access: AccessReview,
  who: Principal,
  { kind, namespaces }: NamespaceRequest,
  signal?: AbortSignal,
): Promise<never> {
  const [namespace] = namespaces;
  const question: Omit<AccessQuestion, 'verb'> = {
    resource: kind,
    ...(namespace !== undefined && { namespace }),
  };
  // A list from the cache is kept by a watch: whoever may only list does not get it here.
  for (const verb of ['list', 'watch'] as const) await access.require(who, { ...question, verb }, signal);
  // The right came while we asked; whoever tries again gets it.
  throw new StatusError('Conflict', 'Your rights have just changed; try again.');
}
