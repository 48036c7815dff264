import type { Writable, Duplex } from 'node:stream';
import * as ws from 'ws';

/** `ws`' own reader of frames; its types leave it out (8.23.0, `lib/receiver.js`). Without extensions it works synchronously. */
export interface FrameReader extends Writable {
  on(event: 'message', listener: (message: Buffer, binary: boolean) => void): this;
  on(event: 'ping' | 'pong', listener: (payload: Buffer) => void): this;
  on(event: 'conclude', listener: (code: number, reason: Buffer) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: string, listener: (...args: never[]) => void): this;
}

/** `ws`' own writer of frames (`lib/sender.js`). Each call is one write to the socket. */
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

const { Receiver, Sender } = ws as unknown as {
  Receiver: new (options: {
    isServer: boolean;
    maxPayload: number;
    skipUTF8Validation: boolean;
  }) => FrameReader;
  Sender: new (socket: Duplex, extensions: object) => FrameWriter;
};

export function createFrameReader(maxMessageBytes: number): FrameReader {
  return new Receiver({ isServer: false, maxPayload: maxMessageBytes, skipUTF8Validation: true });
}

export function createFrameWriter(socket: Duplex): FrameWriter {
  return new Sender(socket, {});
}
