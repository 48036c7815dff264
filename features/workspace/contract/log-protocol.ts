/**
 * `/ws/logs`: JSON text frames from the server, one message a line (with `batch=true` `lines` messages of
 * many, or with `blocks=true` binary ones, `log-block.ts`). Without the subprotocol `logs.krateyard.v1`, the seed's dialect: the bare text of each line is a frame, and nothing else
 * comes. The rules that bind the two sides stand in SPEC.md (LG…).
 */
import { Type, type Static } from 'typebox';
import { StatusSchema } from '@krateyard/status/status-schema';

export const LOG_PROTOCOL = 'logs.krateyard.v1';

/** Query of `/ws/logs` and of `GET /api/logs`. One of: `pod`; `selector`; `kind` (a path such as `deployments`) and `name`. */
export const LogQuery = Type.Object({
  ns: Type.String({ minLength: 1, maxLength: 63 }),
  pod: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  selector: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })),
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  /** Comma separated; absent: all, init and ephemeral ones included. */
  containers: Type.Optional(Type.String({ maxLength: 4096 })),
  /** Default: true on sockets, false over HTTP and with `until` or `previous`. */
  follow: Type.Optional(Type.Boolean()),
  /** Last lines of each container; absent: from its beginning (sockets: 1000). */
  tail: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  /** ISO 8601, or a duration such as `15m`. */
  since: Type.Optional(Type.String({ maxLength: 64 })),
  /** ISO 8601; lines after it are not told. Not with `follow`. */
  until: Type.Optional(Type.String({ maxLength: 64 })),
  /** Of the container's run before this one. Not with `follow`. */
  previous: Type.Optional(Type.Boolean()),
  /** Words that must stand in the line, any case; or, between slashes, an RE2 expression: `/time(d )?out/i`. */
  filter: Type.Optional(Type.String({ maxLength: 1024 })),
  /** This severe or more. Lines without a severity always come. */
  severity: Type.Optional(Type.Unsafe<Severity>(Type.String({ enum: ['error', 'warn', 'info', 'debug'] }))),
  /** Seed's dialect only: put the time before each line. */
  timestamps: Type.Optional(Type.Boolean()),
  batch: Type.Optional(Type.Boolean()),
  /** Sockets with the subprotocol only: lines come as bytes, in the binary messages of `log-block.ts`. The cheapest way, on both sides. */
  blocks: Type.Optional(Type.Boolean()),
  /** `GET /api/logs` only: bare lines (default), or the frames of the socket, one a row. */
  format: Type.Optional(Type.Unsafe<'text' | 'ndjson'>(Type.String({ enum: ['text', 'ndjson'] }))),
  /** `GET /api/logs` only: have browsers save it as a file. */
  download: Type.Optional(Type.Boolean()),
  /** The last `position` seen, on this gateway or another: goes on after it, without loss or repeats. */
  resume: Type.Optional(Type.String({ maxLength: 16_384 })),
});
export type LogQuery = Static<typeof LogQuery>;

export type Severity = 'error' | 'warn' | 'info' | 'debug';

export const LogLine = Type.Object({
  type: Type.Literal('line'),
  pod: Type.String(),
  container: Type.String(),
  /** RFC 3339 with nanoseconds, as the kubelet wrote it. */
  at: Type.String(),
  text: Type.String(),
  severity: Type.Optional(Type.Unsafe<Severity>(Type.String({ enum: ['error', 'warn', 'info', 'debug'] }))),
  /** The line goes on in the next one of this container: it was longer than 16 KiB. */
  more: Type.Optional(Type.Boolean()),
});
export type LogLine = Static<typeof LogLine>;

/** Of one container each; `sources` names it. In order; text as in `line`. */
export const LogLines = Type.Object({
  type: Type.Literal('lines'),
  sources: Type.Array(Type.Object({ pod: Type.String(), container: Type.String() })),
  /** [index into sources, at, text, severity or '', more] */
  lines: Type.Array(
    Type.Unsafe<readonly [number, string, string, Severity | '', boolean]>(Type.Array(Type.Unknown())),
  ),
});
export type LogLines = Static<typeof LogLines>;

/** First on every socket. */
export const LogHello = Type.Object({
  type: Type.Literal('hello'),
  /** Lines of different containers are ordered by time if they reach the gateway within this. */
  windowMs: Type.Integer(),
  heartbeatMs: Type.Integer(),
  follow: Type.Boolean(),
});
/** A container's log is being read from here on. */
export const LogJoined = Type.Object({
  type: Type.Literal('joined'),
  pod: Type.String(),
  container: Type.String(),
  node: Type.Optional(Type.String()),
  restarts: Type.Integer(),
});
/** It is not any more, and why. */
export const LogEnded = Type.Object({
  type: Type.Literal('ended'),
  pod: Type.String(),
  container: Type.String(),
  reason: Type.String(),
  exitCode: Type.Optional(Type.Integer()),
  status: Type.Optional(StatusSchema),
});
/**
 * Lines may be missing between `from` and `to` (ISO 8601; `to` absent: until now). `slow-client`: `skipped` lines were not sent;
 * `GET /api/logs` with since and until has them. `rotated`, `reconnect`, `silent`: loss cannot be ruled out upstream.
 */
export const LogGap = Type.Object({
  type: Type.Literal('gap'),
  pod: Type.Optional(Type.String()),
  container: Type.Optional(Type.String()),
  from: Type.String(),
  to: Type.Optional(Type.String()),
  why: Type.Unsafe<'slow-client' | 'rotated' | 'reconnect' | 'silent' | 'restarted'>(
    Type.String({ enum: ['slow-client', 'rotated', 'reconnect', 'silent', 'restarted'] }),
  ),
  skipped: Type.Optional(Type.Integer()),
});
export type LogGap = Static<typeof LogGap>;
/** All that was asked for of the past has been sent; what follows is new. */
export const LogSynced = Type.Object({ type: Type.Literal('synced') });
/** Everything before this frame is behind the token. Comes at least every second while lines flow. */
export const LogPosition = Type.Object({ type: Type.Literal('position'), resume: Type.String() });
/** Nothing more comes: not following, or all has ended for good. The socket closes with 1000. */
export const LogDone = Type.Object({ type: Type.Literal('done') });
/** A part cannot be read (no right, container without a log); the rest goes on. */
export const LogProblem = Type.Object({
  type: Type.Literal('problem'),
  pod: Type.Optional(Type.String()),
  container: Type.Optional(Type.String()),
  status: StatusSchema,
});
export const LogHeartbeat = Type.Object({ type: Type.Literal('heartbeat'), at: Type.String() });

export const LogServerFrame = Type.Union([
  LogHello,
  LogLine,
  LogLines,
  LogJoined,
  LogEnded,
  LogGap,
  LogSynced,
  LogPosition,
  LogDone,
  LogProblem,
  LogHeartbeat,
]);
export type LogServerFrame = Static<typeof LogServerFrame>;

/** The client says only this; anything else is answered with `problem`, and too much of it closes with 4500. */
export const LogClientFrame = Type.Union([
  Type.Object({ type: Type.Literal('ping') }),
  Type.Object({ type: Type.Literal('auth'), token: Type.String({ minLength: 1, maxLength: 65_536 }) }),
]);
export type LogClientFrame = Static<typeof LogClientFrame>;
