/** The part of a browser's WebSocket that the client uses; `ws` has it too, so that tests run in Node. */
export interface SocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

/** Its state in which frames may be sent. */
export const SOCKET_OPEN = 1;

/** One frame from the server, as far as the socket client must understand it. */
export interface WireFrame<Message> {
  /** The subscriptions that it belongs to; empty for frames about the socket itself. */
  readonly ids: readonly string[];
  /** Where a later subscription can go on. */
  readonly resume?: string;
  /** The server has ended these subscriptions: the client forgets them and does not ask again by itself. */
  readonly ended?: boolean;
  /** The server promises a frame at least this often. */
  readonly heartbeatMs?: number;
  readonly message?: Message;
  /** Belongs to whoever follows this topic, not to a subscription. */
  readonly topic?: string;
  readonly news?: unknown;
}

/**
 * The protocol of a socket on which many subscriptions live. The client knows when to say what, the wire knows how; a room
 * whose protocol differs brings its own. One wire serves one socket: what it remembers dies with it.
 */
export interface LiveWire<Spec, Message> {
  subscribe(id: string, spec: Spec, resume: string | undefined): string;
  /** The same subscription with another window. */
  move(id: string, spec: Spec): string;
  unsubscribe(id: string): string;
  /** Begins or ends a topic: news that belong to the person, not to a collection. Undefined: told without being asked for. */
  topic?(name: string, on: boolean): string | undefined;
  /** Any frame that the server answers: proof that the connection lives. */
  ping(): string;
  /** Undefined for what is not understood: skipped, as a newer server may say more. */
  read(text: string): WireFrame<Message> | undefined;
}
