import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache } from '@krateyard/kube/cache/cache';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import { parseNameQuery, type NameQuery } from '@krateyard/kube/meta/name-rank';
import { isStatusError, StatusError } from '@krateyard/status/status-error';
import type { Logger } from '@krateyard/telemetry/logger';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { SearchHit, SearchQuery, SearchResult } from '../../contract/search-api.ts';
import type { StatusCell } from '../../contract/status-word.ts';
import { kindRef, type KindDirectory } from '../resources/kind-directory.ts';
import { visibleNamespaces } from '../resources/visible-namespaces.ts';
import type { VisibleNamespaces } from '../resources/view.ts';
import { BestHits } from './best-hits.ts';
import { rankObject, type IndexedName, type NameIndex } from './name-index.ts';
import { USUAL_KINDS, type SearchedKinds } from './searched-kinds.ts';

export interface SearchDeps {
  readonly access: AccessReview;
  readonly cache: Cache;
  readonly directory: KindDirectory;
  readonly logger: Logger;
  readonly searched: SearchedKinds;
}

/** A person is waiting between two letters: what is not there by then is told as pending. */
const PATIENCE_MS = 400;
/** Above so many namespaces, whoever may not read everywhere is asked about only where they may read pods. */
const MANY_NAMESPACES = 64;
const MAX_KINDS = 60;
const USUAL_LIMIT = 20;

/** A kind that can be searched now, and how much of it this person may see. */
interface Searchable {
  readonly kind: ResourceKind;
  readonly path: string;
  readonly index: NameIndex;
  readonly namespaces: VisibleNamespaces;
  /** Words that name the kind, in lower case. */
  readonly words: readonly string[];
  readonly order: number;
}

interface Hit {
  readonly entry: IndexedName;
  readonly of: Searchable;
  readonly rank: number;
}

/** Finds objects by name among those that the person may list and watch. Rejects with StatusError for kinds that are none. */
export async function searchObjects(
  deps: SearchDeps,
  who: Principal,
  asked: SearchQuery,
  gone: AbortSignal,
): Promise<SearchResult> {
  const patience = AbortSignal.any([gone, AbortSignal.timeout(PATIENCE_MS)]);
  const kinds = await searchedKinds(deps, asked.kinds, gone);
  const wanted = asked.ns?.split(',').filter(Boolean) ?? [];
  const candidates = await candidateNamespaces(deps, who, gone);
  const pending: string[] = [];
  const searchable = await Promise.all(
    kinds.map(async (kind, order) => {
      const found = await withinPatience(
        searchableKind(deps, who, kind, candidates, wanted, patience),
        patience,
      );
      if (found === 'late') pending.push(kindRef(kind).path);
      return found === 'late' || found === undefined ? undefined : { ...found, order };
    }),
  );
  gone.throwIfAborted();
  const hits = bestHits(
    searchable.filter((one) => one !== undefined),
    parseNameQuery(asked.q),
    asked.limit,
  );
  const items = await Promise.all(hits.best().map((hit) => hitOf(deps, hit)));
  const seen = new Map(hits.best().map(({ of }) => [of.path, kindRef(of.kind)]));
  return { items, kinds: [...seen.values()], total: hits.total, pending };
}

function bestHits(searchable: readonly Searchable[], query: NameQuery, limit = USUAL_LIMIT): BestHits<Hit> {
  const hits = new BestHits<Hit>(limit, compareHits);
  if (query.words.length === 0) return hits;
  for (const of of searchable) {
    for (const entry of of.index.names(of.namespaces)) {
      const rank = rankObject(entry, query, of.words);
      if (rank > 0) hits.offer({ entry, of, rank });
    }
  }
  return hits;
}

/** Better rank, then the shorter name, then what people look for most, then by name. */
function compareHits(a: Hit, b: Hit): number {
  return (
    b.rank - a.rank ||
    a.entry.name.length - b.entry.name.length ||
    a.of.order - b.of.order ||
    (a.entry.key < b.entry.key ? -1 : a.entry.key > b.entry.key ? 1 : 0)
  );
}

async function hitOf({ directory }: SearchDeps, { entry, of, rank }: Hit): Promise<SearchHit> {
  const { key, name, namespace } = entry;
  const object = of.index.collection.get(key);
  const columns = await directory.columns(of.kind);
  const status =
    object && (columns.find(({ type }) => type === 'status')?.value(object) as StatusCell | null | undefined);
  return {
    kind: of.path,
    key,
    name,
    ...(namespace !== '' && { namespace }),
    ...(status && { status }),
    rank,
  };
}

async function searchedKinds(
  { directory, searched }: SearchDeps,
  asked: string | undefined,
  signal: AbortSignal,
): Promise<readonly ResourceKind[]> {
  if (asked !== undefined) {
    const paths = [...new Set(asked.split(',').filter(Boolean))];
    if (paths.length > MAX_KINDS)
      throw new StatusError('BadRequest', `at most ${MAX_KINDS} kinds can be searched at once`);
    return Promise.all(paths.map((path) => directory.resolve(path, signal)));
  }
  const found = await Promise.all(
    [...USUAL_KINDS, ...searched.running()].map((path) =>
      directory.resolve(path, signal).catch((error: unknown) => {
        // A cluster need not serve every one of them.
        if (isStatusError(error) && error.reason === 'NotFound') return undefined;
        throw error;
      }),
    ),
  );
  const known = found.filter((kind) => kind !== undefined && listable(kind)) as ResourceKind[];
  return [...new Map(known.map((kind) => [formatGvr(kind), kind])).values()].slice(0, MAX_KINDS);
}

const listable = ({ verbs }: ResourceKind): boolean => verbs.includes('list') && verbs.includes('watch');

/**
 * Where to ask about a person who may not read everywhere. With a thousand namespaces and a dozen kinds the API server would be
 * asked tens of thousands of questions: there, only the namespaces in which they may read pods.
 */
async function candidateNamespaces(
  { access, cache }: SearchDeps,
  who: Principal,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  using lease = cache.lease(SHORT_KINDS.namespaces);
  if (lease.collection.size() <= MANY_NAMESPACES) return undefined;
  const scope = await access.scope(who, { ...SHORT_KINDS.pods, namespaced: true }, undefined, signal);
  return scope.all ? undefined : [...scope.namespaces];
}

async function searchableKind(
  { access, searched, logger }: SearchDeps,
  who: Principal,
  kind: ResourceKind,
  candidates: readonly string[] | undefined,
  wanted: readonly string[],
  patience: AbortSignal,
): Promise<Omit<Searchable, 'order'> | 'late' | undefined> {
  if (wanted.length > 0 && !kind.namespaced) return undefined;
  const among = wanted.length > 0 ? wanted : kind.namespaced ? candidates : undefined;
  const scope = await access.scope(who, kind, among, patience);
  const namespaces = visibleNamespaces(scope, { kind, namespaces: wanted });
  if (namespaces === undefined) return undefined;
  try {
    const index = await searched.index(kind, patience);
    if (!index) return 'late';
    const words = [kind.resource, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames];
    return { kind, path: kindRef(kind).path, index, namespaces, words };
  } catch (err) {
    // The gateway may not read it, or the API server does not answer: the others are still found.
    logger.debug('a kind is not searched', { gvr: formatGvr(kind), err });
    return undefined;
  }
}

/** What is not done when patience ends goes on for the next search, and is told as late. */
async function withinPatience<T>(work: Promise<T | 'late'>, patience: AbortSignal): Promise<T | 'late'> {
  try {
    return await work;
  } catch (error) {
    if (patience.aborted) return 'late';
    throw error;
  }
}
