import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { binaryHeader, joinFrames, type Frame } from './frame.ts';

/** Puts whole frames on one socket. */
export interface SocketWriter {
  /** In order, with one write to the system however many frames. */
  write(frames: readonly Frame[]): void;
  /** Messages for this socket alone, each a frame, with few writes however many. */
  writeTexts(messages: readonly string[]): void;
  /** One binary message of these pieces, which are not copied: they must not change any more. */
  writeBytes(pieces: readonly Buffer[]): void;
  /** Bytes that the system has not taken yet. */
  buffered(): number;
  /** Calls back whenever everything has been taken after a time when it had not. */
  onDrain(listener: () => void): void;
  /** Calls back whenever some of what `writeTexts` and `writeBytes` were given has been taken. */
  onTaken(listener: () => void): void;
}

/**
 * The one place that writes past `ws`: frames that were made once go to the TCP (or TLS) stream itself. Sound as long as `ws`
 * itself writes whole frames synchronously, which it does without permessage-deflate (ws 8.23.0, `Sender.sendFrame`); where an
 * extension was negotiated, `ws.send` is used for every frame.
 */
export function createSocketWriter(ws: WebSocket, raw: Duplex): SocketWriter {
  const buffered = (): number => raw.writableLength;
  const onDrain = (listener: () => void): void => void raw.on('drain', listener);
  let onTaken = (): void => {};
  const taken = (): void => onTaken();
  if (ws.extensions !== '') {
    return {
      write: (frames) => frames.forEach(({ payload }) => ws.send(payload, { binary: false })),
      writeTexts: (messages) => messages.forEach((message) => ws.send(message, { binary: false }, taken)),
      writeBytes: (pieces) => ws.send(Buffer.concat(pieces), { binary: true }, taken),
      buffered: () => ws.bufferedAmount,
      onDrain,
      onTaken: (listener) => void (onTaken = listener),
    };
  }
  return {
    write: (frames) => writeJoined(ws, raw, frames),
    writeTexts: (messages) => {
      if (ws.readyState !== ws.OPEN || raw.destroyed) return;
      for (const piece of joinFrames(messages)) raw.write(piece, taken);
    },
    writeBytes: (pieces) => {
      if (ws.readyState !== ws.OPEN || raw.destroyed) return;
      raw.cork();
      raw.write(binaryHeader(pieces.reduce((sum, { length }) => sum + length, 0)));
      for (const piece of pieces) raw.write(piece, piece === pieces.at(-1) ? taken : undefined);
      raw.uncork();
    },
    buffered,
    onDrain,
    onTaken: (listener) => void (onTaken = listener),
  };
}

/** Frames smaller than this are copied together; larger ones are handed over as they are, in one vectored write. */
const COPY_BELOW_BYTES = 16_384;

function writeJoined(ws: WebSocket, raw: Duplex, frames: readonly Frame[]): void {
  if (ws.readyState !== ws.OPEN || raw.destroyed) return;
  if (frames.length === 1) {
    raw.write(frames[0]!.bytes);
    return;
  }
  const total = frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total <= COPY_BELOW_BYTES) {
    raw.write(
      Buffer.concat(
        frames.map(({ bytes }) => bytes),
        total,
      ),
    );
    return;
  }
  raw.cork();
  for (const { bytes } of frames) raw.write(bytes);
  raw.uncork();
}
