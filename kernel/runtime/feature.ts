import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { Runnable } from './runnable.ts';

/** What a room needs of the cluster. Probed at boot and again when CRDs or RBAC change; a room that lacks one is dark and says which. */
export interface Prerequisite {
  /** With `*` as its resource: any, in at least one namespace. */
  readonly resource: GroupVersionResource;
  /** What the gateway's own identity must be allowed to do. */
  readonly verbs: readonly string[];
  /** In words, for the person who sees the dark room: what it is for. */
  readonly purpose: string;
}

/** A request that wants to become a WebSocket, after authentication, Origin check and limits. */
export interface SocketUpgrade {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly authentication: Authentication;
  readonly requestId: string;
  /** Aborts when the client's TCP connection ends before the upgrade, or the process drains. */
  readonly signal: AbortSignal;
}

/**
 * A WebSocket endpoint. `accept` decides before the upgrade: it rejects with StatusError, which the client gets as an HTTP
 * status, or resolves to what to do with the socket.
 */
export interface SocketRoute {
  /** Exact path, `/ws/watch`, or a pattern with `:name` segments. */
  readonly path: string;
  /**
   * Subprotocols in order of preference. Absent: `krateyard`, for clients that bring their token as a subprotocol and must
   * offer a second one, as the token is never answered.
   */
  readonly protocols?: readonly string[];
  /** Largest incoming frame; a larger one closes the socket with 1009. */
  readonly maxFrameBytes: number;
  /** Takes part in the limits under this name; refused with 429 beyond them. */
  readonly limit: string;
  /**
   * The session watches its credential itself, so that it can go on with a new proof; else the host closes the socket with
   * 4501 when the proof it came with has ended.
   */
  readonly watchesCredential?: boolean;
  /** Called when the process begins to drain, before the host closes the sockets: the last word to clients. */
  drain?(): void;
  accept(
    upgrade: SocketUpgrade,
    params: Readonly<Record<string, string>>,
  ): Promise<SocketSession | FrameSession>;
}

/** Takes the raw upgraded socket over; ends when `socket` closes. Resolves when nothing of it is left. */
export type SocketSession = (socket: UpgradedSocket) => Promise<void>;

/** For who carries frames without reading them: gets the connection itself, right after the handshake; no `ws` is made of it. */
export interface FrameSession {
  /** Must listen in the same turn. The route's `maxFrameBytes` is the carrier's own to keep. */
  carry(connection: Duplex): FrameCarrier;
}

/** What the host ends a FrameSession by. */
export interface FrameCarrier {
  /** Says so between two frames and ends, soon. Idempotent. */
  close(code: number, text: string): void;
  terminate(): void;
  /** Resolves when nothing is left of it; never rejects. */
  readonly ended: Promise<void>;
}

/** A WebSocket after its handshake; `ws`' own type, named here so that rooms depend on this package alone. */
export interface UpgradedSocket {
  readonly ws: WebSocket;
  readonly raw: Duplex;
}

/** One room, or another part of the product that the gateway serves. Wired in `app.ts`, explicitly. */
export interface Feature {
  /** URL prefix, log key, metric label and docs anchor. */
  readonly name: string;
  readonly requires: readonly Prerequisite[];
  readonly routes?: (app: FastifyInstance) => void;
  readonly sockets?: readonly SocketRoute[];
  readonly runnables?: readonly Runnable[];
  /** This room's part of `/api/health`. */
  readonly health?: () => HealthPart;
}

/** One line of `/api/health`. `dark` is a state of its own: known, explained and no failure of the process. */
export interface HealthPart {
  readonly state: 'ok' | 'degraded' | 'down' | 'dark';
  /** Why not ok: safe to show. */
  readonly reason?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
