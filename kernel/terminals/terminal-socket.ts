import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** A WebSocket after its handshake, and what it runs on; the runtime's own type, in its shape. */
export interface TerminalSocket {
  readonly ws: WebSocket;
  readonly raw: Duplex;
}
