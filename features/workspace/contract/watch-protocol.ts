/** `/ws/watch`: JSON text frames both ways. The rules that bind the two sides stand in SPEC.md (WP…). */
import { Type, type Static } from 'typebox';
import { StatusSchema } from '@krateyard/status/status-schema';
import { Task } from '@krateyard/tasks/task';
import { ColumnInfo } from './column-info.ts';
import { Freshness } from './freshness.ts';
import { AnyObject, KindRef } from './resource-api.ts';
import { UsageKind } from './usage-api.ts';

export const WATCH_PROTOCOL = 1;

const SubscriptionId = Type.String({ minLength: 1, maxLength: 64 });
const StreamId = Type.String();

/** The part of a sorted result that shows. `sort` is a column name (of pods and nodes also `cpu-used`, `memory-used`), descending with a leading minus; by default `name`. */
export const Window = Type.Object({
  sort: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  offset: Type.Integer({ minimum: 0, maximum: 10_000_000 }),
  limit: Type.Integer({ minimum: 0, maximum: 1000 }),
});
export type Window = Static<typeof Window>;

export const Subscribe = Type.Object({
  type: Type.Literal('subscribe'),
  id: SubscriptionId,
  /** `pods`, `apps/v1/deployments`, `v1/pods`. */
  kind: Type.String({ minLength: 1, maxLength: 320 }),
  /** Absent or empty: all that this person may read. */
  namespaces: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 63 }), { maxItems: 500 })),
  labelSelector: Type.Optional(Type.String({ maxLength: 4096 })),
  fieldSelector: Type.Optional(Type.String({ maxLength: 4096 })),
  search: Type.Optional(Type.String({ maxLength: 256 })),
  /** By column name: texts, one of which the cell must contain, case aside. A status cell also matches by its vocabulary word. */
  where: Type.Optional(
    Type.Record(
      Type.String({ maxLength: 128 }),
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 32 }),
      { maxProperties: 8 },
    ),
  ),
  window: Type.Optional(Window),
  /** Of events, with a window: those that say the same of the same object are one row, with how often, first and last, and in `alike` which they are. */
  merge: Type.Optional(Type.Literal(true)),
  payload: Type.Optional(Type.Union([Type.Literal('full'), Type.Literal('patch')])),
  /** The last token seen on this subscription's stream, perhaps on an earlier socket. */
  resume: Type.Optional(Type.String({ maxLength: 128 })),
});
export type Subscribe = Static<typeof Subscribe>;

export const Unsubscribe = Type.Object({ type: Type.Literal('unsubscribe'), id: SubscriptionId });
export type Unsubscribe = Static<typeof Unsubscribe>;

/** Moves the window of a live subscription: answered by `subscribed` with another stream, its snapshot and `synced`. */
export const MoveWindow = Type.Object({
  type: Type.Literal('window'),
  id: SubscriptionId,
  ...Window.properties,
});
export type MoveWindow = Static<typeof MoveWindow>;

/** A new proof of identity for the same person; refreshes every stream of this socket. */
export const Reauthenticate = Type.Object({
  type: Type.Literal('auth'),
  token: Type.String({ minLength: 1, maxLength: 65_536 }),
});
export type Reauthenticate = Static<typeof Reauthenticate>;

export const Ping = Type.Object({
  type: Type.Literal('ping'),
  nonce: Type.Optional(Type.String({ maxLength: 64 })),
});
export type Ping = Static<typeof Ping>;

/** From now on this person's tasks are told: answered by `tasks` with all that are known, then `task` for each that begins or changes. */
export const FollowTasks = Type.Object({ type: Type.Literal('tasks'), on: Type.Boolean() });
export type FollowTasks = Static<typeof FollowTasks>;
/** Follows the overview (overview.ts) of these namespaces, or of all that this person may see. */
export const FollowOverview = Type.Object({
  type: Type.Literal('overview'),
  id: SubscriptionId,
  namespaces: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 63 }), { maxItems: 500 })),
  resume: Type.Optional(Type.String({ maxLength: 128 })),
});
export type FollowOverview = Static<typeof FollowOverview>;

/** Follows the usage (usage-api.ts) of objects by key. */
export const FollowMetrics = Type.Object({
  type: Type.Literal('metrics'),
  id: SubscriptionId,
  kind: UsageKind,
  keys: Type.Array(Type.String({ minLength: 1, maxLength: 320 }), { minItems: 1, maxItems: 500 }),
  /** At most so many samples of each in the first frame; absent: all that are kept. */
  last: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
});
export type FollowMetrics = Static<typeof FollowMetrics>;

/** Follows the kinds that this person may list, as `GET /api/resources` tells them. */
export const FollowKinds = Type.Object({ type: Type.Literal('kinds'), id: SubscriptionId });
export type FollowKinds = Static<typeof FollowKinds>;

/** This person has the object open: answered by `present`, and again whenever somebody else opens or leaves it. */
export const FollowPresent = Type.Object({
  type: Type.Literal('present'),
  on: Type.Boolean(),
  kind: Type.String({ minLength: 1, maxLength: 512 }),
  namespace: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  name: Type.String({ minLength: 1, maxLength: 253 }),
});
export type FollowPresent = Static<typeof FollowPresent>;

export const ClientFrame = Type.Union([
  Subscribe,
  Unsubscribe,
  MoveWindow,
  Reauthenticate,
  Ping,
  FollowTasks,
  FollowOverview,
  FollowMetrics,
  FollowKinds,
  FollowPresent,
]);
export type ClientFrame = Static<typeof ClientFrame>;

/** How the API server answers, as far as the gateway knows. `since` and `reason` are of this state. */
export const ApiServerState = Type.Object({
  state: Type.Union([Type.Literal('answers'), Type.Literal('slow'), Type.Literal('away')]),
  since: Type.String({ format: 'date-time' }),
  reason: Type.Optional(Type.String()),
});
export type ApiServerState = Static<typeof ApiServerState>;

/** First on every socket. `epoch` changes when the gateway restarts; resume tokens of another epoch give a snapshot. */
export const Hello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Number(),
  epoch: Type.String(),
  heartbeatMs: Type.Number({
    description: 'A message comes at least this often; twice that without one: the socket is dead.',
  }),
  limits: Type.Object({ subscriptions: Type.Number(), frameBytes: Type.Number() }),
  apiServer: Type.Optional(ApiServerState),
});
export type Hello = Static<typeof Hello>;

/**
 * Answers `subscribe` and `window`, and comes again when the right to see changed. From here on the rows of `id` are those of
 * `stream` and no others. `resumed`: what was known stays and is brought up to date by deltas; else a snapshot follows.
 */
export const Subscribed = Type.Object({
  type: Type.Literal('subscribed'),
  id: Type.String(),
  stream: StreamId,
  kind: KindRef,
  columns: Type.Array(ColumnInfo),
  namespaces: Type.Union([Type.Null(), Type.Array(Type.String())]),
  window: Type.Optional(Window),
  payload: Type.Union([Type.Literal('full'), Type.Literal('patch')]),
  resumed: Type.Boolean(),
});
export type Subscribed = Static<typeof Subscribed>;

/** Part of the state. `part: 0` voids everything known of the stream; `items` are in window order where there is a window. */
export const Snapshot = Type.Object({
  type: Type.Literal('snapshot'),
  stream: StreamId,
  part: Type.Number(),
  items: Type.Array(AnyObject),
});
export type Snapshot = Static<typeof Snapshot>;

/** The stream is complete as of now. `total` counts matches, shown or not; `order` (windows only) lists the keys that show. */
export const Synced = Type.Object({
  type: Type.Literal('synced'),
  stream: StreamId,
  resume: Type.String(),
  total: Type.Number(),
  order: Type.Optional(Type.Array(Type.String())),
  freshness: Freshness,
});
export type Synced = Static<typeof Synced>;

export const JsonPatchOperation = Type.Object({
  op: Type.Union([Type.Literal('add'), Type.Literal('remove'), Type.Literal('replace')]),
  path: Type.String(),
  value: Type.Optional(Type.Unknown()),
});
export type JsonPatchOperation = Static<typeof JsonPatchOperation>;

/**
 * `object` replaces what is known under `key`, whatever `op` says; `patch` (RFC 6902) changes it. Keys are `namespace/name`,
 * or `name` for cluster-scoped kinds. `added` of a known key is a replacement; `deleted` of an unknown one means nothing.
 */
export const Change = Type.Union([
  Type.Object({ op: Type.Literal('added'), key: Type.String(), object: AnyObject }),
  Type.Object({ op: Type.Literal('modified'), key: Type.String(), object: AnyObject }),
  Type.Object({ op: Type.Literal('modified'), key: Type.String(), patch: Type.Array(JsonPatchOperation) }),
  Type.Object({ op: Type.Literal('deleted'), key: Type.String() }),
]);
export type Change = Static<typeof Change>;

/** Where `order` stands, rows that are not in it no longer show. */
export const Delta = Type.Object({
  type: Type.Literal('delta'),
  stream: StreamId,
  changes: Type.Array(Change),
  total: Type.Optional(Type.Number()),
  order: Type.Optional(Type.Array(Type.String())),
  resume: Type.String(),
});
export type Delta = Static<typeof Delta>;

export const FreshnessFrame = Type.Object({
  type: Type.Literal('freshness'),
  stream: StreamId,
  ...Freshness.properties,
});
export type FreshnessFrame = Static<typeof FreshnessFrame>;

/** So that a quiet socket can be told from a dead one. `at`: the server's clock, ISO 8601. */
/** Comes at once, too, when the API server's state changes. */
export const Heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  at: Type.String(),
  apiServer: Type.Optional(ApiServerState),
});
export type Heartbeat = Static<typeof Heartbeat>;

export const Unsubscribed = Type.Object({ type: Type.Literal('unsubscribed'), id: Type.String() });
export type Unsubscribed = Static<typeof Unsubscribed>;

/** A live subscription is over: the one of `id`, or without it every one on `stream`. Its rows must go. */
export const Ended = Type.Object({
  type: Type.Literal('ended'),
  id: Type.Optional(Type.String()),
  stream: StreamId,
  status: StatusSchema,
});
export type Ended = Static<typeof Ended>;

/** The frame with this `id` (or one that could not be read) was refused; nothing else changed. */
export const ErrorFrame = Type.Object({
  type: Type.Literal('error'),
  id: Type.Optional(Type.String()),
  status: StatusSchema,
});
export type ErrorFrame = Static<typeof ErrorFrame>;

/** Answers `auth`. */
export const Authenticated = Type.Object({
  type: Type.Literal('authenticated'),
  expiresAt: Type.Optional(Type.Number({ description: 'Milliseconds since the epoch.' })),
});
export type Authenticated = Static<typeof Authenticated>;

export const Pong = Type.Object({ type: Type.Literal('pong'), nonce: Type.Optional(Type.String()) });
export type Pong = Static<typeof Pong>;

/** Newest first; replaces all that was known. */
export const TasksFrame = Type.Object({ type: Type.Literal('tasks'), items: Type.Array(Task) });
export type TasksFrame = Static<typeof TasksFrame>;

export const TaskFrame = Type.Object({ type: Type.Literal('task'), task: Task });
export type TaskFrame = Static<typeof TaskFrame>;
/**
 * Named parts of something that is no list of objects. The first frame of a subscription has its `id` and names its `stream`,
 * where it has one; those that follow have the stream, or the id where there is none. `whole`: what was known is void. A part that is null is gone.
 * `synced`: all of it has come.
 */
const partsFields = {
  id: Type.Optional(Type.String()),
  stream: Type.Optional(StreamId),
  resumed: Type.Optional(Type.Boolean()),
  whole: Type.Optional(Type.Boolean()),
  parts: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  synced: Type.Optional(Type.Boolean()),
  resume: Type.Optional(Type.String()),
  freshness: Type.Optional(Freshness),
};

export const OverviewFrame = Type.Object({ type: Type.Literal('overview'), ...partsFields });
export type OverviewFrame = Static<typeof OverviewFrame>;

/** `parts` are series by key: all that is kept in the first frame, the latest sample after it. */
export const MetricsFrame = Type.Object({ type: Type.Literal('metrics'), ...partsFields });
export type MetricsFrame = Static<typeof MetricsFrame>;

/** `parts` are rows of `GET /api/resources` by their path: all in the first frame, then what came, changed or (null) went. */
export const KindsFrame = Type.Object({ type: Type.Literal('kinds'), ...partsFields });
export type KindsFrame = Static<typeof KindsFrame>;

/** Somebody who has an object open, since when the first of their pages has. */
export const PersonHere = Type.Object({ name: Type.String(), since: Type.String({ format: 'date-time' }) });
export type PersonHere = Static<typeof PersonHere>;

/** Who else has the object open, by when they came; at most 20. The object is named as it was asked for. */
export const PresentFrame = Type.Object({
  type: Type.Literal('present'),
  kind: Type.String(),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  people: Type.Array(PersonHere),
});
export type PresentFrame = Static<typeof PresentFrame>;

export const ServerFrame = Type.Union([
  OverviewFrame,
  MetricsFrame,
  KindsFrame,
  Hello,
  Subscribed,
  Snapshot,
  Synced,
  Delta,
  FreshnessFrame,
  Heartbeat,
  Unsubscribed,
  Ended,
  ErrorFrame,
  Authenticated,
  Pong,
  TasksFrame,
  TaskFrame,
  PresentFrame,
]);
export type ServerFrame = Static<typeof ServerFrame>;
