/**
 * `/ws/shell`. With the subprotocol `shell.krateyard.v1`: the frames of a shared terminal (kernel/terminals/terminal-protocol.ts) with
 * what is a shell's own (this file). Without it, the seed's dialect: see SPEC.md. The rules that bind the two sides stand there (SH…).
 *
 * Opens: `?ns=&pod=[&container=][&command=&command=…][&tty=false][&rows=&cols=]`. Joins or comes back: `?session=ID[&from=OFFSET]
 * [&key=KEY]`: with the key of `hello` as the participant that one was, else as somebody new.
 */
import { Type, type Static } from 'typebox';
import {
  Participant,
  ParticipantId,
  TerminalHello,
  TerminalMessage,
} from '@krateyard/terminals/terminal-protocol';

export const SHELL_PROTOCOL = 'shell.krateyard.v1';

/** First on every socket. */
export const ShellHello = Type.Object({
  ...TerminalHello.properties,
  namespace: Type.String(),
  pod: Type.String(),
  container: Type.String(),
  command: Type.Array(Type.String()),
  tty: Type.Boolean(),
});
export type ShellHello = Static<typeof ShellHello>;

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

export const ShellServerFrame = Type.Union([ShellHello, TerminalMessage, Exit]);
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
