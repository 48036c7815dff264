import { Type, type Static } from 'typebox';
import { STATUS_WORDS } from './status-word.ts';

/**
 * How one object bears on another, read from the first to the second: a Service `selects` a Pod, a Pod `mounts` a ConfigMap.
 * `owns` is written in the second one's ownerReferences, all others in the first one's spec.
 */
export const RELATIONS = [
  'owns',
  'selects',
  'routes to',
  'mounts',
  'uses',
  'runs on',
  'runs as',
  'binds',
  'scales',
  'protects',
  'applies to',
  'grants',
  'is about',
] as const;
export type Relation = (typeof RELATIONS)[number];

/** Most that is named of one group; `total` counts beyond. */
export const MAX_RELATED = 50;

export const Related = Type.Object({
  name: Type.String(),
  namespace: Type.Optional(Type.String()),
  /** `unseen`: its name stands in the object that was asked about, but this person may not see whether it exists. */
  state: Type.Unsafe<'present' | 'missing' | 'unseen'>(
    Type.String({ enum: ['present', 'missing', 'unseen'] }),
  ),
  /** How it is, where its kind has a status. */
  status: Type.Optional(
    Type.Object({
      word: Type.Unsafe<(typeof STATUS_WORDS)[number]>(Type.String({ enum: [...STATUS_WORDS] })),
      text: Type.String(),
    }),
  ),
  /** What of it: a volume, a port, a key. */
  as: Type.Optional(Type.String()),
});
export type Related = Static<typeof Related>;

export const RelationGroup = Type.Object({
  relation: Type.Unsafe<Relation>(Type.String({ enum: [...RELATIONS] })),
  /** `to`: the object asked about is the first of the relation; `from`: it is the second. */
  direction: Type.Unsafe<'to' | 'from'>(Type.String({ enum: ['to', 'from'] })),
  kind: Type.Object({ path: Type.String(), kind: Type.String(), namespaced: Type.Boolean() }),
  items: Type.Array(Related, { maxItems: MAX_RELATED }),
  total: Type.Integer({ minimum: 0 }),
});
export type RelationGroup = Static<typeof RelationGroup>;

/** A kind that may hold more relations, which this person, or the gateway, may not read here. */
export const UnseenKind = Type.Object({ path: Type.String(), kind: Type.String() });
export type UnseenKind = Static<typeof UnseenKind>;

/** `GET /api/relations?kind=&ns=&name=`. */
export const RelationList = Type.Object({
  groups: Type.Array(RelationGroup),
  unseen: Type.Array(UnseenKind),
});
export type RelationList = Static<typeof RelationList>;

/** Names one object in a query. */
export const ObjectQuery = Type.Object({
  kind: Type.String({ minLength: 1, maxLength: 400 }),
  name: Type.String({ minLength: 1, maxLength: 253 }),
  ns: Type.Optional(Type.String({ maxLength: 63 })),
});
export type ObjectQuery = Static<typeof ObjectQuery>;
