/**
 * `/ws/shell`. With the subprotocol `shell.krateyard.v1` (this file): bytes travel in binary frames, everything else as JSON
 * text frames. Without it, the seed's dialect: see SPEC.md. The rules that bind the two sides stand there (SH…).
 *
 * Opens: `?ns=&pod=[&container=][&command=&command=…][&tty=false][&rows=&cols=]`. Joins or comes back: `?session=ID[&from=OFFSET]
 * [&key=KEY]`: with the key of `hello` as the participant that one was, else as somebody new.
 */
import { Type, type Static } from 'typebox';
import { StatusSchema } from '@krateyard/status/status-schema';

export const SHELL_PROTOCOL = 'shell.krateyard.v1';

/** First byte of a binary frame from the client; the rest are bytes typed. Ignored, with `error`, from who has not the keyboard. */
export const FRAME_STDIN = 0;
/** First byte of a binary frame from the server; then the offset (8 bytes, big endian) of its first byte, then bytes. */
export const FRAME_STDOUT = 1;
/** The same for standard error (never with a TTY). Both count in one sequence of offsets. */
export const FRAME_STDERR = 2;
export const FRAME_HEADER_BYTES = 9;

/** At most so many bytes in one frame to the server. */
export const MAX_STDIN_BYTES = 64 * 1024;

const ParticipantId = Type.String({ minLength: 1, maxLength: 64 });

export const Resize = Type.Object({
  type: Type.Literal('resize'),
  rows: Type.Integer({ minimum: 1, maximum: 1000 }),
  cols: Type.Integer({ minimum: 1, maximum: 1000 }),
});
/** Half-close: no more input comes; output goes on. */
export const EndOfInput = Type.Object({ type: Type.Literal('eof') });
/**
 * All output below `offset` has been drawn: more may come. A client that never says so gets at most `windowBytes` ahead; say it at
 * every quarter of the window, and when there is nothing more to draw.
 */
export const Acknowledge = Type.Object({
  type: Type.Literal('ack'),
  offset: Type.Integer({ minimum: 0 }),
});
export const AskKeyboard = Type.Object({ type: Type.Literal('ask') });
/** By the holder of the keyboard or the owner. */
export const GrantKeyboard = Type.Object({ type: Type.Literal('grant'), to: ParticipantId });
/** By the holder; it goes to the owner. The owner alone may take it at any time. */
export const ReleaseKeyboard = Type.Object({ type: Type.Literal('release') });
export const TakeKeyboard = Type.Object({ type: Type.Literal('take') });
/** By the owner. */
export const RemoveParticipant = Type.Object({ type: Type.Literal('remove'), participant: ParticipantId });
export const Record = Type.Object({ type: Type.Literal('record'), on: Type.Boolean() });
/** By the owner: ends the session for all, at once. Closing the socket does not: the session is held. */
export const EndSession = Type.Object({ type: Type.Literal('end') });
export const Reauthenticate = Type.Object({
  type: Type.Literal('auth'),
  token: Type.String({ minLength: 1, maxLength: 65_536 }),
});
export const Ping = Type.Object({
  type: Type.Literal('ping'),
  nonce: Type.Optional(Type.String({ maxLength: 64 })),
});

export const ShellClientFrame = Type.Union([
  Resize,
  EndOfInput,
  Acknowledge,
  AskKeyboard,
  GrantKeyboard,
  ReleaseKeyboard,
  TakeKeyboard,
  RemoveParticipant,
  Record,
  EndSession,
  Reauthenticate,
  Ping,
]);
export type ShellClientFrame = Static<typeof ShellClientFrame>;

export const Participant = Type.Object({
  id: ParticipantId,
  username: Type.String(),
  role: Type.Unsafe<'owner' | 'guest'>(Type.String({ enum: ['owner', 'guest'] })),
  /** False while the session is held for them. */
  connected: Type.Boolean(),
  /** Has asked for the keyboard and waits. */
  asks: Type.Boolean(),
});
export type Participant = Static<typeof Participant>;

/** First on every socket. */
export const ShellHello = Type.Object({
  type: Type.Literal('hello'),
  session: Type.String(),
  /** This participant's id, and the secret by which it comes back (`key`). */
  you: ParticipantId,
  key: Type.String(),
  namespace: Type.String(),
  pod: Type.String(),
  container: Type.String(),
  command: Type.Array(Type.String()),
  tty: Type.Boolean(),
  rows: Type.Integer(),
  cols: Type.Integer(),
  /** Output follows from here: what was asked for (`from`), or the oldest that is kept. */
  offset: Type.Integer(),
  holdMs: Type.Integer(),
  scrollbackBytes: Type.Integer(),
  /** How far output runs ahead of `ack`. */
  windowBytes: Type.Integer(),
  recording: Type.Boolean(),
  startedAt: Type.String(),
});
export type ShellHello = Static<typeof ShellHello>;

/** Who is there and who types; sent after `hello` and at every change. */
export const People = Type.Object({
  type: Type.Literal('people'),
  participants: Type.Array(Participant),
  /** Participant who has the keyboard. */
  keyboard: Type.Union([Type.Null(), ParticipantId]),
});
export type People = Static<typeof People>;

/** The terminal's size has changed; the one with the keyboard sets it. */
export const Resized = Type.Object({
  type: Type.Literal('resized'),
  rows: Type.Integer(),
  cols: Type.Integer(),
});
/** Bytes `from`–`to` are not kept any more and were not sent to this client. Never sent while it keeps up. */
export const Gap = Type.Object({ type: Type.Literal('gap'), from: Type.Integer(), to: Type.Integer() });
export const RecordingChanged = Type.Object({
  type: Type.Literal('recording'),
  on: Type.Boolean(),
  id: Type.Optional(Type.String()),
  by: Type.Optional(Type.String()),
});
/** Last before the close: the process is over (`code`) or what ended the session. All output came before it. */
export const Exit = Type.Object({
  type: Type.Literal('exit'),
  code: Type.Union([Type.Null(), Type.Integer()]),
  reason: Type.Unsafe<
    | 'exited'
    | 'signalled'
    | 'pod-gone'
    | 'upstream-lost'
    | 'owner-ended'
    | 'right-lost'
    | 'hold-expired'
    | 'removed'
    | 'draining'
    | 'failed'
  >(
    Type.String({
      enum: [
        'exited',
        'signalled',
        'pod-gone',
        'upstream-lost',
        'owner-ended',
        'right-lost',
        'hold-expired',
        'removed',
        'draining',
        'failed',
      ],
    }),
  ),
  message: Type.Optional(Type.String()),
});
export type Exit = Static<typeof Exit>;
/** A frame was refused; the session goes on. */
export const ShellError = Type.Object({ type: Type.Literal('error'), status: StatusSchema });
export const Heartbeat = Type.Object({ type: Type.Literal('heartbeat'), at: Type.String() });
export const Authenticated = Type.Object({
  type: Type.Literal('authenticated'),
  expiresAt: Type.Optional(Type.Number()),
});
export const Pong = Type.Object({ type: Type.Literal('pong'), nonce: Type.Optional(Type.String()) });

export const ShellServerFrame = Type.Union([
  ShellHello,
  People,
  Resized,
  Gap,
  RecordingChanged,
  Exit,
  ShellError,
  Heartbeat,
  Authenticated,
  Pong,
]);
export type ShellServerFrame = Static<typeof ShellServerFrame>;

/** One of `GET /api/shells`: sessions into pods that this person may exec into. */
export const ShellSummary = Type.Object({
  session: Type.String(),
  namespace: Type.String(),
  pod: Type.String(),
  container: Type.String(),
  command: Type.Array(Type.String()),
  owner: Type.String(),
  participants: Type.Array(Participant),
  recording: Type.Boolean(),
  startedAt: Type.String(),
  /** ISO 8601; set while nobody is connected. */
  heldUntil: Type.Optional(Type.String()),
});
export type ShellSummary = Static<typeof ShellSummary>;
export const ShellList = Type.Object({ items: Type.Array(ShellSummary) });
export type ShellList = Static<typeof ShellList>;

/**
 * `POST /api/shells`: opens a session without a socket, for browsers, which cannot read why an upgrade was refused. Then comes
 * the socket with `?session=…&key=…`, within `holdMs`; output since the beginning is sent to it.
 */
export const OpenShell = Type.Object(
  {
    ns: Type.String({ minLength: 1, maxLength: 63 }),
    pod: Type.String({ minLength: 1, maxLength: 253 }),
    /** Absent: `kubectl.kubernetes.io/default-container`, else the first. */
    container: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
    /** Absent: the first shell that the container has. */
    command: Type.Optional(Type.Array(Type.String({ maxLength: 32_768 }), { minItems: 1, maxItems: 256 })),
    tty: Type.Optional(Type.Boolean()),
    rows: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    cols: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** Attach to what the container itself runs (it needs `stdin: true` to be typed to) instead of running a command. */
    attach: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type OpenShell = Static<typeof OpenShell>;
export const OpenedShell = Type.Object({
  session: Type.String(),
  /** The owner's participant id and the secret by which its socket comes. */
  you: ParticipantId,
  key: Type.String(),
  container: Type.String(),
  command: Type.Array(Type.String()),
  holdMs: Type.Integer(),
});
export type OpenedShell = Static<typeof OpenedShell>;

/** The `reason` in `details.causes` of the NotFound for a container without a shell; a debug container may be the way in. */
export const NO_SHELL = 'NoShell';

/** `POST /api/resource/pods/{name}/debug?ns=`: adds an ephemeral container, as the person; answered when it runs. */
export const DebugRequest = Type.Object(
  {
    image: Type.String({ minLength: 1, maxLength: 1024 }),
    /** The container whose processes it shall see. */
    target: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
    command: Type.Optional(Type.Array(Type.String({ maxLength: 32_768 }), { minItems: 1, maxItems: 256 })),
  },
  { additionalProperties: false },
);
export type DebugRequest = Static<typeof DebugRequest>;
/** Open it as any container: `POST /api/shells` with `container`. */
export const DebugContainer = Type.Object({ container: Type.String() });
export type DebugContainer = Static<typeof DebugContainer>;

/** One of `GET /api/recordings`; the cast itself is `GET /api/recordings/{id}` (asciicast v3, `application/x-asciicast`). */
export const RecordingSummary = Type.Object({
  id: Type.String(),
  namespace: Type.String(),
  pod: Type.String(),
  container: Type.String(),
  command: Type.Array(Type.String()),
  owner: Type.String(),
  participants: Type.Array(Type.String()),
  startedAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  seconds: Type.Number(),
  bytes: Type.Integer(),
  /** The recording stopped at its bound, or could not be written any more. */
  truncated: Type.Boolean(),
  /** Who asked for it; absent where the rule of the namespace did. */
  by: Type.Optional(Type.String()),
  /** Made by the rule of the namespace: its owner alone may not remove it. */
  policy: Type.Optional(Type.Boolean()),
});
export type RecordingSummary = Static<typeof RecordingSummary>;
export const RecordingList = Type.Object({ items: Type.Array(RecordingSummary) });
