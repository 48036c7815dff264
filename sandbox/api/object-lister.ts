import type { StoredRevision } from '../store/stored-revision.ts';
import { ContinueExpiredError, badRequest, expired, tooLargeResourceVersion } from './api-errors.ts';
import { collectionOf, type ApiServerContext } from './api-server-context.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import { matchesFilter, selectedName, selectsEverything, type ObjectFilter } from './field-labels.ts';
import { viewOf } from './object-view.ts';
import type { ResourceDefinition } from './resource-definition.ts';

export interface ListRequest {
  /** undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly filter: ObjectFilter;
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface ListResult {
  readonly items: readonly StoredRevision[];
  readonly revision: number;
  readonly continueToken?: string;
  /** How many follow; only known where no filter had to be tried on them. */
  readonly remaining?: number;
}

/** Lists a collection as it is, or as it was at a revision that is still remembered. */
export function listObjects(
  context: ApiServerContext,
  definition: ResourceDefinition,
  request: ListRequest,
): ListResult {
  const at = startOf(context, definition, request);
  const collection = collectionOf(context, definition);
  const candidates =
    at.revision === context.store.current || at.revision === undefined
      ? present(context, definition, request)
      : collection.listAt(at.revision, request.namespace);
  const revision = at.revision ?? context.store.current;
  const after = at.after === undefined ? 0 : firstAfter(candidates, at.after);
  return page(definition, request, candidates, after, revision);
}

interface ListStart {
  /** undefined: now. */
  readonly revision?: number;
  /** The last key of the page before. */
  readonly after?: string;
}

function startOf(context: ApiServerContext, definition: ResourceDefinition, request: ListRequest): ListStart {
  const { history } = collectionOf(context, definition);
  if (request.continueToken !== undefined && request.continueToken !== '') {
    if (request.resourceVersion !== undefined && request.resourceVersion !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    const token = decodeContinue(request.continueToken);
    if (token.revision === -1) return { after: token.after };
    if (!history.covers(token.revision)) throw new ContinueExpiredError(encodeContinue(-1, token.after));
    return token;
  }
  const asked = parseRevision(request.resourceVersion);
  if (asked > context.store.current) throw tooLargeResourceVersion(asked, context.store.current);
  if (request.resourceVersionMatch !== 'Exact') return {};
  if (!history.covers(asked)) throw expired('The resourceVersion for the provided list is too old.');
  return { revision: asked };
}

/** A resource version as clients send it; absent and '0' both ask for whatever there is. */
export function parseRevision(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,20}$/.test(text))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  return Number(text);
}

function present(
  context: ApiServerContext,
  definition: ResourceDefinition,
  request: ListRequest,
): StoredRevision[] {
  const collection = collectionOf(context, definition);
  const name = selectedName(request.filter);
  if (name === undefined || (definition.namespaced && request.namespace === undefined))
    return collection.list(request.namespace);
  const found = collection.get(request.namespace === undefined ? name : `${request.namespace}/${name}`);
  return found ? [found] : [];
}

function firstAfter(candidates: readonly StoredRevision[], key: string): number {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (candidates[middle]!.key <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function page(
  definition: ResourceDefinition,
  request: ListRequest,
  candidates: readonly StoredRevision[],
  from: number,
  revision: number,
): ListResult {
  const limit = request.limit !== undefined && request.limit > 0 ? request.limit : Number.POSITIVE_INFINITY;
  const everything = selectsEverything(request.filter);
  const items: StoredRevision[] = [];
  let next = from;
  for (; next < candidates.length && items.length < limit; next += 1) {
    const view = viewOf(definition, candidates[next]!);
    if (everything || matchesFilter(definition, request.filter, view.object)) items.push(view);
  }
  if (next >= candidates.length) return { items, revision };
  const continueToken = encodeContinue(revision, candidates[next - 1]!.key);
  return { items, revision, continueToken, ...(everything && { remaining: candidates.length - next }) };
}
