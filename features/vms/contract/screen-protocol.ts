/**
 * A machine's screen, shared. Pixels travel as RFB 3.8 over `/api/vms/{name}/vnc` (subprotocol `binary` or none), so that any RFB
 * client over WebSocket can be a viewer. Who is there, who controls and what the machine does travels over
 * `/api/vms/{name}/screen` (subprotocol below): JSON text frames, this file. The rules that bind the two sides stand in SPEC.md (SC…).
 *
 * A person of the console opens `/screen` first and then `/vnc?viewer=KEY` with the key of `hello`: both are one viewer. A client that
 * opens `/vnc` alone is a viewer too; it controls while nobody else does.
 */
import { Type, type Static } from 'typebox';
import { StatusSchema } from '@krateyard/status/status-schema';

export const SCREEN_PROTOCOL = 'screen.krateyard.v1';

const ViewerId = Type.String({ minLength: 1, maxLength: 64 });

/** Whoever comes first controls. While nobody does this gives control at once; else to who asked first, when its holder has been idle. */
export const AskControl = Type.Object({ type: Type.Literal('ask') });
/** By who controls. */
export const GrantControl = Type.Object({ type: Type.Literal('grant'), to: ViewerId });
/** By who controls: nobody does then, until somebody takes it. */
export const ReleaseControl = Type.Object({ type: Type.Literal('release') });
/**
 * At once while nobody controls, or after the idle time without input of who does; else only by right (`update` of
 * `virtualmachineinstances` by name), with which everybody is told who took it.
 */
export const TakeControl = Type.Object({ type: Type.Literal('take') });
/** By who controls, of others. */
export const RemoveViewer = Type.Object({ type: Type.Literal('remove'), viewer: ViewerId });
/** What keeps a session of this kind in proof; as `/ws/shell` has it. */
export const ReauthenticateScreen = Type.Object({
  type: Type.Literal('auth'),
  token: Type.String({ minLength: 1, maxLength: 65_536 }),
});
export const PingScreen = Type.Object({
  type: Type.Literal('ping'),
  nonce: Type.Optional(Type.String({ maxLength: 64 })),
});

export const ScreenClientFrame = Type.Union([
  AskControl,
  GrantControl,
  ReleaseControl,
  TakeControl,
  RemoveViewer,
  ReauthenticateScreen,
  PingScreen,
]);
export type ScreenClientFrame = Static<typeof ScreenClientFrame>;

export const ScreenViewer = Type.Object({
  id: ViewerId,
  username: Type.String(),
  /** Asked for control and waits. */
  asks: Type.Boolean(),
  /** May never control: the right or the ticket is for looking only. */
  viewOnly: Type.Boolean(),
  /** Pixels are on their way: its `/vnc` is open. */
  watching: Type.Boolean(),
});
export type ScreenViewer = Static<typeof ScreenViewer>;

/** First on every socket. */
export const ScreenHello = Type.Object({
  type: Type.Literal('hello'),
  you: ViewerId,
  /** Secret; names this viewer to `/vnc?viewer=`. */
  key: Type.String(),
  namespace: Type.String(),
  /** The machine, and the instance whose screen it is. */
  vm: Type.String(),
  idleReleaseMs: Type.Integer({ description: 'So long without input, and others may take control' }),
});
export type ScreenHello = Static<typeof ScreenHello>;

/** After `hello` and at every change. */
export const ScreenPeople = Type.Object({
  type: Type.Literal('people'),
  viewers: Type.Array(ScreenViewer),
  controller: Type.Union([Type.Null(), ViewerId]),
});
export type ScreenPeople = Static<typeof ScreenPeople>;

export const SCREEN_STATES = [
  'connecting',
  'live',
  'migrating',
  'restarting',
  'paused',
  'stopped',
  'unavailable',
] as const;
export type ScreenState = (typeof SCREEN_STATES)[number];

/** What the machine's screen does now; after `hello` and at every change. Viewers stay through all of them: it re-attaches. */
export const ScreenStateFrame = Type.Object({
  type: Type.Literal('state'),
  state: Type.Unsafe<ScreenState>(Type.String({ enum: [...SCREEN_STATES] })),
  /** In words, for people: "Migrating from node-1 to node-2." */
  message: Type.String(),
  /** ISO 8601 */
  since: Type.String(),
});
export type ScreenStateFrame = Static<typeof ScreenStateFrame>;

/** Last before the close. */
export const ScreenBye = Type.Object({
  type: Type.Literal('bye'),
  reason: Type.Unsafe<'right-lost' | 'removed' | 'gone' | 'draining' | 'failed'>(
    Type.String({ enum: ['right-lost', 'removed', 'gone', 'draining', 'failed'] }),
  ),
  message: Type.Optional(Type.String()),
  /** Under which the gateway's log has the rest. */
  requestId: Type.Optional(Type.String()),
});
export type ScreenBye = Static<typeof ScreenBye>;

export const ScreenError = Type.Object({ type: Type.Literal('error'), status: StatusSchema });
export const ScreenHeartbeat = Type.Object({ type: Type.Literal('heartbeat'), at: Type.String() });
export const ScreenAuthenticated = Type.Object({
  type: Type.Literal('authenticated'),
  expiresAt: Type.Optional(Type.Number()),
});
export const ScreenPong = Type.Object({
  type: Type.Literal('pong'),
  nonce: Type.Optional(Type.String()),
});

export const ScreenServerFrame = Type.Union([
  ScreenHello,
  ScreenPeople,
  ScreenStateFrame,
  ScreenBye,
  ScreenError,
  ScreenHeartbeat,
  ScreenAuthenticated,
  ScreenPong,
]);
export type ScreenServerFrame = Static<typeof ScreenServerFrame>;

/** Query of `/vnc`. `share=off`: a plain pipe to KubeVirt, of one's own; it takes the screen from whom KubeVirt gave it before. */
export const VncQuery = Type.Object({
  namespace: Type.Optional(Type.String({ maxLength: 253 })),
  viewer: Type.Optional(Type.String({ maxLength: 128 })),
  share: Type.Optional(Type.Unsafe<'on' | 'off'>(Type.String({ enum: ['on', 'off'] }))),
  /** View only, whatever one may do. */
  viewOnly: Type.Optional(Type.Boolean()),
  ticket: Type.Optional(Type.String({ maxLength: 256 })),
});
export type VncQuery = Static<typeof VncQuery>;

/** `GET /api/vms/{name}/vnc/info`: the seed's fields first. */
export const VncInfo = Type.Object({
  available: Type.Boolean(),
  vmName: Type.String(),
  phase: Type.String(),
  wsUrl: Type.String(),
  /** Why not; '' when available. */
  reason: Type.String(),
  /** To who may not look: what the upgrade says, of which a browser tells nothing. */
  refusal: Type.Optional(StatusSchema),
  viewers: Type.Array(ScreenViewer),
  controller: Type.Union([Type.Null(), ViewerId]),
  /** Pixels; 0 while nobody watches. */
  width: Type.Integer(),
  height: Type.Integer(),
});
export type VncInfo = Static<typeof VncInfo>;

/** `POST /api/vms/{name}/vnc/ticket`: a link for another portal, good once and for a short while. */
export const TicketRequest = Type.Object(
  {
    viewOnly: Type.Optional(Type.Boolean()),
    seconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 300 })),
  },
  { additionalProperties: false },
);
export type TicketRequest = Static<typeof TicketRequest>;
export const ScreenTicket = Type.Object({
  ticket: Type.String(),
  /** Path and query of the `/vnc` socket, ticket included. */
  url: Type.String(),
  expiresAt: Type.String(),
});
export type ScreenTicket = Static<typeof ScreenTicket>;

/**
 * `GET /api/vms/{name}/screenshot[?width=]`: `image/png`. From the shared picture while there is one, else asked of KubeVirt, at most
 * once in `SCREENSHOT_EVERY_MS` for a machine whoever asks, and at most `SCREENSHOTS_AT_ONCE` at once for the whole gateway; `ETag` and 304.
 */
export const SCREENSHOT_EVERY_MS = 5_000;
export const SCREENSHOTS_AT_ONCE = 4;
