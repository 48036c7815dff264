import { Type, type Static } from 'typebox';
import { KindRef } from './resource-api.ts';

/** `GET /api/rights`. Without a namespace: what holds everywhere. */
export const RightsQuery = Type.Object({
  namespace: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
});
export type RightsQuery = Static<typeof RightsQuery>;

/** What one may do with objects of one kind. */
export const KindRights = Type.Object({
  kind: KindRef,
  /** All verbs that the kind knows, as discovery tells them. */
  verbs: Type.Array(Type.String()),
  /** Those of them that are allowed on every object. */
  allowed: Type.Array(Type.String()),
  /** Allowed on objects of these names only. */
  named: Type.Array(Type.Object({ names: Type.Array(Type.String()), verbs: Type.Array(Type.String()) })),
  /** `log`, `exec`, `scale` …, to the verbs that are allowed there; only where some are. */
  subresources: Type.Record(Type.String(), Type.Array(Type.String())),
});
export type KindRights = Static<typeof KindRights>;

export const Rights = Type.Object({
  namespace: Type.Optional(Type.String()),
  items: Type.Array(KindRights),
  /** The API server could not tell all: other authorizers may allow more. */
  incomplete: Type.Boolean(),
  message: Type.Optional(Type.String()),
});
export type Rights = Static<typeof Rights>;

/** Body of `POST /api/rights/question`: "can I …?". */
export const RightsQuestion = Type.Object({
  verb: Type.String({ pattern: '^[a-z*]{1,63}$' }),
  group: Type.String({ maxLength: 253 }),
  resource: Type.String({ minLength: 1, maxLength: 253 }),
  subresource: Type.Optional(Type.String({ maxLength: 253 })),
  namespace: Type.Optional(Type.String({ maxLength: 63 })),
  name: Type.Optional(Type.String({ maxLength: 253 })),
});
export type RightsQuestion = Static<typeof RightsQuestion>;

export const RightsAnswer = Type.Object({
  allowed: Type.Boolean(),
  /** The API server's own words; '' when it gives none. */
  reason: Type.String(),
});
export type RightsAnswer = Static<typeof RightsAnswer>;
