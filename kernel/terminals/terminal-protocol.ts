/**
 * What a shared terminal says on its sockets, whatever is behind it: a process in a container, a machine's serial port. Bytes travel
 * in binary frames, everything else as JSON text frames. Rooms add what is theirs: where it is (to `hello`), and how it ends
 * (`reason` of `exit`). The rules that bind the two sides stand in SPEC.md (KT…).
 */
import { Type, type Static } from 'typebox';
import { StatusSchema } from '@krateyard/status/status-schema';

/** First byte of a binary frame from the client; the rest are bytes typed. Ignored, with `error`, from who has not the keyboard. */
export const FRAME_STDIN = 0;
/** First byte of a binary frame from the server; then the offset (8 bytes, big endian) of its first byte, then bytes. */
export const FRAME_STDOUT = 1;
/** The same for standard error (never with a TTY). Both count in one sequence of offsets. */
export const FRAME_STDERR = 2;
export const FRAME_HEADER_BYTES = 9;

/** At most so many bytes in one frame to the server. */
export const MAX_STDIN_BYTES = 64 * 1024;

export const ParticipantId = Type.String({ minLength: 1, maxLength: 64 });

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
/** By the holder; it goes to the owner. Without an owner, to who has asked for it, else to nobody. */
export const ReleaseKeyboard = Type.Object({ type: Type.Literal('release') });
/** By the owner at any time. Without an owner by anybody, while nobody has it or has typed for the room's idle time. */
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

export const TerminalClientFrame = Type.Union([
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
export type TerminalClientFrame = Static<typeof TerminalClientFrame>;

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

/** First on every socket; rooms add fields of their own. */
export const TerminalHello = Type.Object({
  type: Type.Literal('hello'),
  session: Type.String(),
  /** This participant's id, and the secret by which it comes back (`key`). */
  you: ParticipantId,
  key: Type.String(),
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
export type TerminalHello = Static<typeof TerminalHello>;

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
/**
 * Bytes `from`–`to` are not kept any more and were not sent to this client: after `hello`, or between output where it read too
 * slowly for the others. Never sent while it keeps up.
 */
export const Gap = Type.Object({ type: Type.Literal('gap'), from: Type.Integer(), to: Type.Integer() });
/**
 * What is behind the terminal went away, or came back; the session goes on. At every change, and after `hello` while it is away.
 * Output before `offset` came before it. Not sent by terminals that end with what is behind them.
 */
export const Notice = Type.Object({
  type: Type.Literal('notice'),
  state: Type.Unsafe<'attached' | 'waiting'>(Type.String({ enum: ['attached', 'waiting'] })),
  /** In words, for people. */
  message: Type.String(),
  offset: Type.Integer(),
  /** ISO 8601 */
  at: Type.String(),
});
export type Notice = Static<typeof Notice>;
export const RecordingChanged = Type.Object({
  type: Type.Literal('recording'),
  on: Type.Boolean(),
  id: Type.Optional(Type.String()),
  by: Type.Optional(Type.String()),
});
/** Last before the close; all output came before it. Rooms say which reasons there are. */
export const TerminalExit = Type.Object({
  type: Type.Literal('exit'),
  code: Type.Union([Type.Null(), Type.Integer()]),
  reason: Type.String(),
  message: Type.Optional(Type.String()),
});
export type TerminalExit = Static<typeof TerminalExit>;
/** A frame was refused; the session goes on. */
export const TerminalError = Type.Object({ type: Type.Literal('error'), status: StatusSchema });
export const Heartbeat = Type.Object({ type: Type.Literal('heartbeat'), at: Type.String() });
export const Authenticated = Type.Object({
  type: Type.Literal('authenticated'),
  expiresAt: Type.Optional(Type.Number()),
});
export const Pong = Type.Object({ type: Type.Literal('pong'), nonce: Type.Optional(Type.String()) });

/** Between `hello` and `exit`. */
export const TerminalMessage = Type.Union([
  People,
  Resized,
  Gap,
  Notice,
  RecordingChanged,
  TerminalError,
  Heartbeat,
  Authenticated,
  Pong,
]);
export type TerminalMessage = Static<typeof TerminalMessage>;

export type TerminalServerFrame = TerminalHello | TerminalMessage | TerminalExit;
