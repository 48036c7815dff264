import { Type, type Static } from 'typebox';
import { ColumnInfo } from './column-info.ts';
import { Freshness } from './freshness.ts';

/** An object of the API as it leaves the gateway: no managedFields, no Secret values (`dataSizes` instead of `data`). */
export const AnyObject = Type.Object(
  {
    apiVersion: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
    metadata: Type.Object({}, { additionalProperties: true }),
  },
  { additionalProperties: true },
);

/** The kind behind a path. `path` is what `/api/resources/` and `subscribe.kind` take: `pods`, `apps/v1/controllerrevisions`. */
export const KindRef = Type.Object({
  path: Type.String(),
  group: Type.String(),
  version: Type.String(),
  resource: Type.String(),
  kind: Type.String(),
  namespaced: Type.Boolean(),
});
export type KindRef = Static<typeof KindRef>;

/** One row of `GET /api/resources`: a kind that this person may list somewhere. */
export const KindSummary = Type.Object({
  ...KindRef.properties,
  singular: Type.String(),
  shortNames: Type.Array(Type.String()),
  categories: Type.Array(Type.String()),
  verbs: Type.Array(Type.String()),
  subresources: Type.Array(Type.String()),
  count: Type.Optional(
    Type.Number({ description: 'Objects this person may see; only where a cache already knows.' }),
  ),
});
export type KindSummary = Static<typeof KindSummary>;

/** `GET /api/resources`. */
export const KindList = Type.Object({ items: Type.Array(KindSummary) });
export type KindList = Static<typeof KindList>;

/** `GET /api/cluster`. */
export const ClusterInfo = Type.Object({
  name: Type.String({ description: 'The kubeconfig context, or in-cluster.' }),
  version: Type.Optional(
    Type.String({ description: 'gitVersion of the API server; absent when unreachable.' }),
  ),
  platform: Type.Optional(Type.String()),
  connection: Type.Union([Type.Literal('closed'), Type.Literal('half-open'), Type.Literal('open')], {
    description: 'The circuit breaker: `open` means that the API server does not answer.',
  }),
  user: Type.Object({ username: Type.String(), groups: Type.Array(Type.String()) }),
  nodes: Type.Optional(Type.Object({ total: Type.Number(), ready: Type.Number() })),
  namespaces: Type.Optional(Type.Array(Type.String(), { description: 'Those this person may see.' })),
});
export type ClusterInfo = Static<typeof ClusterInfo>;

/** Query of `GET /api/resources/{kind}`. Lists are comma separated. */
export const ListQuery = Type.Object({
  namespace: Type.Optional(Type.String({ description: 'One or several, comma separated; absent: all.' })),
  ns: Type.Optional(Type.String({ description: 'Short for namespace.' })),
  labelSelector: Type.Optional(Type.String()),
  fieldSelector: Type.Optional(Type.String()),
  search: Type.Optional(
    Type.String({ description: 'Words that must all stand in the name, namespace or labels.' }),
  ),
  where: Type.Optional(
    Type.String({
      maxLength: 4096,
      description: 'By column: texts, one of which the cell must contain: `status:failed,pending;node:n1`.',
    }),
  ),
  format: Type.Optional(
    Type.String({
      enum: ['json', 'yaml', 'csv'],
      description:
        'yaml and csv are files of at most 10,000 objects; X-Krateyard-Left-Out tells how many more match.',
    }),
  ),
  columns: Type.Optional(
    Type.String({ maxLength: 4096, description: 'Of a csv, by name; absent: all that the kind has.' }),
  ),
  merge: Type.Optional(
    Type.Boolean({
      description:
        'Of events, but for yaml: those that say the same of the same object are one row, and its `alike` says which.',
    }),
  ),
  sort: Type.Optional(
    Type.String({
      description:
        'A column name, of pods and nodes also cpu-used or memory-used; descending with a leading minus.',
    }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
});
export type ListQuery = Static<typeof ListQuery>;

/** `GET /api/resources/{kind}`. */
export const ResourceList = Type.Object({
  kind: KindRef,
  columns: Type.Array(ColumnInfo),
  namespaces: Type.Union([Type.Null(), Type.Array(Type.String())], {
    description: 'Null: all. Else exactly those that this person may read, of those asked for.',
  }),
  items: Type.Array(AnyObject),
  total: Type.Number({ description: 'Objects that match, beyond this page too.' }),
  resourceVersion: Type.String(),
  freshness: Freshness,
});
export type ResourceList = Static<typeof ResourceList>;

/** Every write: the object as it is afterwards and what the API server warned of. */
export const Written = Type.Object({ object: AnyObject, warnings: Type.Array(Type.String()) });
export type Written = Static<typeof Written>;

/** `DELETE /api/resource/{kind}/{name}`: the object while it terminates, or null when it is gone. */
export const Deleted = Type.Object({ object: Type.Union([AnyObject, Type.Null()]) });
export type Deleted = Static<typeof Deleted>;

/** Body of `POST …/scale`. */
export const ScaleRequest = Type.Object({ replicas: Type.Integer({ minimum: 0 }) });
export type ScaleRequest = Static<typeof ScaleRequest>;

/** Body of `POST /api/resource/secrets/{name}/reveal`. */
export const RevealRequest = Type.Object({ key: Type.String({ minLength: 1, maxLength: 253 }) });
export type RevealRequest = Static<typeof RevealRequest>;

/** Its answer: one value, as text where it is UTF-8, else base64. Sent with `Cache-Control: no-store`. */
export const RevealedValue = Type.Object({
  key: Type.String(),
  encoding: Type.Union([Type.Literal('utf8'), Type.Literal('base64')]),
  value: Type.String(),
});
export type RevealedValue = Static<typeof RevealedValue>;
