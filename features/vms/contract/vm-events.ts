/** `/api/ws`: JSON text frames from the server, one object each. The rules stand in SPEC.md (VW…). */
import { Type, type Static } from 'typebox';

export const VM_EVENT_RESOURCES = ['vm', 'snapshot', 'restore', 'task'] as const;
export type VmEventResource = (typeof VM_EVENT_RESOURCES)[number];

const Resource = Type.Unsafe<VmEventResource>(Type.String({ enum: [...VM_EVENT_RESOURCES] }));
const Timestamp = Type.Integer({ description: 'When it was told: milliseconds since the epoch' });

/** The seed's envelope. `data` is what REST answers for the object; of one that is gone only `id`, `name` and `namespace`. */
export const VmUpdate = Type.Object({
  type: Type.Literal('update'),
  resource: Resource,
  action: Type.Unsafe<'ADDED' | 'MODIFIED' | 'DELETED'>(
    Type.String({ enum: ['ADDED', 'MODIFIED', 'DELETED'] }),
  ),
  data: Type.Object({}, { additionalProperties: true }),
  timestamp: Timestamp,
});
export type VmUpdate = Static<typeof VmUpdate>;

/** All there is has been told as ADDED; what follows is new. */
export const VmSynced = Type.Object({
  type: Type.Literal('synced'),
  /** What a client whose socket breaks comes back with: `?resume=`. It is told what has changed since then. */
  token: Type.Optional(Type.String()),
  /** It came back in time: what it knew holds, but for what was told before this. Absent: it was told all anew, and what it was not told of is gone. */
  resumed: Type.Optional(Type.Literal(true)),
  timestamp: Timestamp,
});

/** A newer token than that of `synced`. Only with `?resume=`, empty or not, and seldom. */
export const VmToken = Type.Object({
  type: Type.Literal('token'),
  token: Type.String(),
  timestamp: Timestamp,
});

/** A resource is not told of, and why: it is not served here, or you may not see it. `update`s of it follow when that changes. */
export const VmDark = Type.Object({
  type: Type.Literal('dark'),
  resource: Resource,
  reason: Type.String(),
  timestamp: Timestamp,
});

/** How current what is told of machines is. Only with `?freshness=true`: after `synced`, when its state changes, and in answer to a ping. */
export const VmFreshness = Type.Object({
  type: Type.Literal('freshness'),
  state: Type.Unsafe<'syncing' | 'live' | 'lagging' | 'disconnected'>(
    Type.String({ enum: ['syncing', 'live', 'lagging', 'disconnected'] }),
  ),
  /** ISO 8601, UTC: when it was last known to be current. */
  observedAt: Type.String(),
  lagMs: Type.Number(),
  reason: Type.Optional(Type.String()),
  timestamp: Timestamp,
});
export type VmFreshness = Static<typeof VmFreshness>;

export type VmEventFrame =
  | VmUpdate
  | Static<typeof VmSynced>
  | Static<typeof VmDark>
  | Static<typeof VmToken>
  | VmFreshness
  | { readonly type: 'pong' };

/** Query of `/api/ws`. */
export const VmEventsQuery = Type.Object({
  namespace: Type.Optional(Type.String({ maxLength: 4096 })),
  /** Comma separated; absent: all four. */
  resource: Type.Optional(Type.String({ maxLength: 128 })),
  /** The last token, to go on where a broken socket ended. */
  resume: Type.Optional(Type.String({ maxLength: 64 })),
  /** Also tell `freshness`. */
  freshness: Type.Optional(Type.Boolean()),
});
