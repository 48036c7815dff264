import { Type, type Static } from 'typebox';
import { KindRef } from './resource-api.ts';

/** `GET /api/search`. */
export const SearchQuery = Type.Object({
  /** Words, all of which must be found: one at least in the name, others also in the namespace or the kind. */
  q: Type.String({ maxLength: 253 }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  /** Kind paths, parted by comma; absent: what people look for. */
  kinds: Type.Optional(Type.String({ maxLength: 4096 })),
  /** Namespaces, parted by comma; objects of others are left out. */
  ns: Type.Optional(Type.String({ maxLength: 8192 })),
});
export type SearchQuery = Static<typeof SearchQuery>;

/** One object that this person may see. */
export const SearchHit = Type.Object({
  /** Path of one of `kinds`. */
  kind: Type.String(),
  /** `namespace/name`, or `name`. */
  key: Type.String(),
  name: Type.String(),
  namespace: Type.Optional(Type.String()),
  status: Type.Optional(Type.Object({ word: Type.String(), text: Type.String() })),
  /** What it is ranked by: 1000 exact, from 800 beginning, 600 part, 400 inside, below: letters in order. */
  rank: Type.Number(),
});
export type SearchHit = Static<typeof SearchHit>;

export const SearchResult = Type.Object({
  /** Best first. */
  items: Type.Array(SearchHit),
  /** The kinds of the items. */
  kinds: Type.Array(KindRef),
  /** All that matched, beyond `items` too. */
  total: Type.Integer(),
  /** Kinds that are not searched yet (their first list is on the way): ask again in a moment. */
  pending: Type.Array(Type.String()),
});
export type SearchResult = Static<typeof SearchResult>;
