import type { SocketLike } from './live-wire.ts';

/** The part of a browser's WebSocket that bytes need as well. */
export interface ByteSocket extends SocketLike {
  binaryType: string;
  send(frame: string | Uint8Array<ArrayBuffer>): void;
}
