import { createHash } from 'node:crypto';
import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache, Collection } from '@krateyard/kube/cache/cache';
import { StatusError } from '@krateyard/status/status-error';
import type { ListQuery } from '../../contract/resource-api.ts';
import type { EncodedBlocks } from './encoded-blocks.ts';
import type { KindDirectory } from './kind-directory.ts';
import { encodeList, listSpecId, type ListBody, type ListSpec } from './list-body.ts';
import { parseOrder } from './order.ts';
import { parseSelection } from './selection.ts';
import { leaseSynced } from './synced-collection.ts';
import { namespaceRequest, refuse, visibleNamespaces } from './visible-namespaces.ts';

export interface ListDeps {
  readonly directory: KindDirectory;
  readonly access: AccessReview;
  readonly cache: Cache;
  readonly blocks: EncodedBlocks;
}

/** A list before it is made: whoever has this version (`etag`) already need not have it again. */
export interface PreparedList {
  readonly etag: string;
  readonly body: () => ListBody;
}

/** From a query to what this person may see of it. Rejects with StatusError. */
export async function withList<T>(
  deps: ListDeps,
  who: Principal,
  path: string,
  query: ListQuery,
  signal: AbortSignal,
  use: (list: PreparedList) => T,
): Promise<T> {
  const kind = await deps.directory.resolve(path, signal);
  if (!kind.verbs.includes('list') || !kind.verbs.includes('watch')) {
    throw new StatusError('MethodNotAllowed', `${kind.resource} cannot be listed and watched`);
  }
  const request = namespaceRequest(kind, namespacesOf(query));
  const columns = await deps.directory.columns(kind);
  const selection = parseSelection(query, columns);
  const order = query.sort === undefined ? undefined : parseOrder(query.sort, columns);
  const asked = request.namespaces.length === 0 ? undefined : request.namespaces;
  const scope = await deps.access.scope(who, kind, asked, signal);
  const namespaces = visibleNamespaces(scope, request);
  if (namespaces === undefined) return refuse(deps.access, who, request, signal);
  using lease = await leaseSynced(deps.cache, kind, signal);
  const { collection } = lease;
  const offset = query.offset ?? 0;
  const spec: ListSpec = {
    kind,
    columns,
    view: { namespaces, selection },
    order,
    offset,
    limit: query.limit,
  };
  return use({ etag: etagOf(collection, spec), body: () => encodeList(collection, spec, deps.blocks) });
}

function namespacesOf({ namespace, ns }: ListQuery): readonly string[] {
  return [namespace, ns].flatMap((text) => text?.split(',') ?? []).filter((name) => name !== '');
}

/** Weak: the same content may be told with another `lagMs`. */
function etagOf(collection: Collection, spec: ListSpec): string {
  const hash = createHash('sha256').update(listSpecId(spec)).digest('base64url').slice(0, 12);
  return `W/"${collection.resourceVersion()}-${collection.freshness().state}-${hash}"`;
}
