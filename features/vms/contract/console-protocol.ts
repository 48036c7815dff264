/**
 * A machine's serial console, shared: `/api/vms/{name}/console?namespace=`. With the subprotocol below: the frames of a shared
 * terminal (kernel/terminals/terminal-protocol.ts) with what is the console's own (this file). Without it, or with KubeVirt's own
 * `plain.kubevirt.io`: bytes both ways, as KubeVirt's own console. The rules that bind the two sides stand in SPEC.md (CO…).
 *
 * Query: `namespace`; `wait=true` lets one in while the machine is off; `session`, `key` and `from` of an earlier `hello` go on from
 * there: as the same participant where the key is known, and from that offset where it is the same session.
 */
import { Type, type Static } from 'typebox';
import { Participant, TerminalHello, TerminalMessage } from '@krateyard/terminals/terminal-protocol';

export const CONSOLE_PROTOCOL = 'console.krateyard.v1';

/** First on every socket. A session that is not the one asked for begins anew: its offsets are other ones. */
export const ConsoleHello = Type.Object({
  ...TerminalHello.properties,
  namespace: Type.String(),
  vm: Type.String(),
  idleReleaseMs: Type.Integer({ description: 'So long without a key, and others may take the keyboard' }),
});
export type ConsoleHello = Static<typeof ConsoleHello>;

export const CONSOLE_EXITS = ['machine-gone', 'right-lost', 'hold-expired', 'draining'] as const;
export type ConsoleExitReason = (typeof CONSOLE_EXITS)[number];

/** Last before the close. */
export const ConsoleExit = Type.Object({
  type: Type.Literal('exit'),
  code: Type.Null(),
  reason: Type.Unsafe<ConsoleExitReason>(Type.String({ enum: [...CONSOLE_EXITS] })),
  message: Type.Optional(Type.String()),
});
export type ConsoleExit = Static<typeof ConsoleExit>;

export const ConsoleServerFrame = Type.Union([ConsoleHello, TerminalMessage, ConsoleExit]);
export type ConsoleServerFrame = Static<typeof ConsoleServerFrame>;

/** `GET /api/vms/{name}/console/info`: what the upgrade would say, for pages, which cannot read why one was refused. */
export const ConsoleInfo = Type.Object({
  vmName: Type.String(),
  phase: Type.String(),
  available: Type.Boolean(),
  /** Why not; '' when available. */
  reason: Type.String(),
  participants: Type.Array(Participant),
  /** What is recorded goes on for a while when everybody has left. */
  recording: Type.Boolean(),
});
export type ConsoleInfo = Static<typeof ConsoleInfo>;
