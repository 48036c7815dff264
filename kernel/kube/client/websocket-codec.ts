import type { Duplex } from 'node:stream';
import * as ws from 'ws';

/** `ws`' own writer of frames; its types leave it out (8.23.0, `lib/sender.js`). Each call is one write to the socket. */
export interface FrameWriter {
  send(
    message: Uint8Array,
    options: { binary: boolean; compress: boolean; fin: boolean; mask: boolean },
    done?: () => void,
  ): void;
  ping(payload: Uint8Array, mask: boolean): void;
  pong(payload: Uint8Array, mask: boolean): void;
  close(code: number, reason: string, mask: boolean): void;
}

const { Sender } = ws as unknown as { Sender: new (socket: Duplex, extensions: object) => FrameWriter };

export function createFrameWriter(socket: Duplex): FrameWriter {
  return new Sender(socket, {});
}
