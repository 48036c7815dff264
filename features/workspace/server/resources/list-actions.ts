import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache, Collection } from '@krateyard/kube/cache/cache';
import { StatusError } from '@krateyard/status/status-error';
import type { ListQuery } from '../../contract/resource-api.ts';
import type { EncodedBlocks } from './encoded-blocks.ts';
import type { KindDirectory } from './kind-directory.ts';
import { parseCellFilter } from '../../contract/cell-filter.ts';
import { exportColumns, exportStream, MOST_EXPORTED, type ExportFormat } from './export-body.ts';
import { encodeList, listSpecId, page, type ListBody, type ListSpec } from './list-body.ts';
import { parseUsageSort, usageOrder, usageResource } from '../metrics/usage-order.ts';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { Column } from '../../contract/column.ts';
import { requireEvents } from './merged-event.ts';
import { parseOrder, type Order } from './order.ts';
import { parseSelection } from './selection.ts';
import { leaseSynced } from './synced-collection.ts';
import { namespaceRequest, refuse, visibleNamespaces } from './visible-namespaces.ts';

export interface ListDeps {
  readonly directory: KindDirectory;
  readonly access: AccessReview;
  readonly cache: Cache;
  readonly blocks: EncodedBlocks;
  readonly meter: UsageMeter;
}

/** A list before it is made: whoever has this version (`etag`) already need not have it again. */
export interface PreparedList {
  readonly etag: string;
  readonly body: () => ListBody;
  readonly file: (format: ExportFormat) => ExportFile;
}

/** A list as a file; `leftOut` more match than it holds. */
export interface ExportFile {
  readonly name: string;
  readonly leftOut: number;
  readonly stream: () => Readable;
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
  const merge = mergeOf(kind, query);
  const request = namespaceRequest(kind, namespacesOf(query));
  const columns = await deps.directory.columns(kind);
  const selection = parseSelection({ ...query, where: cellFilterOf(query) }, columns);
  const order =
    (await orderOf(deps, who, kind, columns, query, signal)) ??
    (merge ? parseOrder(undefined, columns) : undefined);
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
    merge,
  };
  return use({
    etag: etagOf(collection, spec),
    body: () => encodeList(collection, spec, deps.blocks),
    file: (format) => exportFile(collection, spec, format, query),
  });
}

/** How long a first look at usage may take; what is not known by then has no place of its own. */
const LOOK_MS = 5_000;

async function orderOf(
  { access, meter }: ListDeps,
  who: Principal,
  kind: ResourceKind,
  columns: readonly Column[],
  query: ListQuery,
  signal: AbortSignal,
): Promise<Order | undefined> {
  if (query.sort === undefined) return undefined;
  const usage = parseUsageSort(query.sort, kind);
  if (!usage) return parseOrder(query.sort, columns);
  using held = meter.hold();
  void held;
  const resource = usageResource(usage.metered);
  const namespaces = namespacesOf(query);
  const asked = resource.namespaced && namespaces.length > 0 ? namespaces : undefined;
  const scope = await access.scope(who, resource, asked, signal);
  await meter.looked(AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)])).catch(() => {});
  const order = usageOrder(usage, scope, meter);
  // The same objects stand elsewhere after the next look: an unchanged collection is not an unchanged list.
  return { ...order, id: `${order.id} ${meter.looks}` };
}

/** A row of several events is no object that a file of objects could hold. */
function mergeOf(kind: ResourceKind, { merge, format }: ListQuery): boolean {
  if (merge !== true) return false;
  requireEvents(kind);
  if (format === 'yaml')
    throw new StatusError('BadRequest', 'yaml has objects as they are: ask without merge, or for csv');
  return true;
}

function cellFilterOf({ where }: ListQuery): Record<string, string[]> | undefined {
  if (where === undefined) return undefined;
  const filter = parseCellFilter(where);
  if (filter) return filter;
  throw new StatusError('BadRequest', 'where must look like "status:failed,pending;node:n1"');
}

function exportFile(
  collection: Collection,
  spec: ListSpec,
  format: ExportFormat,
  query: ListQuery,
): ExportFile {
  const limit = Math.min(spec.limit ?? MOST_EXPORTED, MOST_EXPORTED);
  const { objects, total } = page(collection, { ...spec, limit });
  const leftOut = Math.max(0, total - spec.offset - objects.length);
  const columns = exportColumns(spec.columns, (query.columns ?? '').split(',').filter(Boolean));
  return {
    name: `${spec.kind.resource}.${format}`,
    leftOut,
    stream: () => exportStream(format, objects, spec, columns, leftOut),
  };
}

function namespacesOf({ namespace, ns }: ListQuery): readonly string[] {
  return [namespace, ns].flatMap((text) => text?.split(',') ?? []).filter((name) => name !== '');
}

/** Weak: the same content may be told with another `lagMs`. */
function etagOf(collection: Collection, spec: ListSpec): string {
  const hash = createHash('sha256').update(listSpecId(spec)).digest('base64url').slice(0, 12);
  return `W/"${collection.resourceVersion()}-${collection.freshness().state}-${hash}"`;
}
