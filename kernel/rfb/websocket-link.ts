import type { RawData, WebSocket } from 'ws';
import { REASONS } from '@krateyard/status/reasons';
import { StatusError } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import type { ByteLink } from './byte-link.ts';
import type { LinkOptions } from './socket-link.ts';
import { PushedLink } from './pushed-link.ts';

/** Bytes that `ws` holds, from which on a writer waits. */
const FULL_BYTES = 256 * 1024;
/** So long a peer has to take what is on its way and to answer a close. */
const CLOSE_GRACE_MS = 2_000;

/** A WebSocket as a link; make it in the turn in which the socket opened, or what comes at once is lost. A text frame breaks it. */
export function webSocketLink(ws: WebSocket, options: LinkOptions = {}): ByteLink {
  const clock = options.clock ?? systemClock;
  const link = new PushedLink({
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    send: (bytes) => {
      if (ws.readyState !== ws.OPEN) return true;
      ws.send(bytes, { binary: true, compress: false }, () => {
        if (ws.bufferedAmount <= FULL_BYTES) link.writable();
      });
      return ws.bufferedAmount <= FULL_BYTES;
    },
    close: (why) =>
      why ? closeSocket(ws, REASONS[why.reason].closeCode, clock, why.message) : closeSocket(ws, 1000, clock),
  });
  ws.on('message', (message: RawData, binary: boolean) => {
    if (binary) return link.received(bytesOf(message));
    link.ended(new StatusError('BadRequest', 'A screen is spoken to in binary frames.'));
    closeSocket(ws, 1003, clock);
  });
  ws.on('error', (error) => link.ended(brokenBy(error)));
  ws.once('close', (code) => link.ended(code === 1006 ? brokenBy(new Error('close code 1006')) : undefined));
  if (ws.readyState === ws.CLOSED) link.ended();
  return link;
}

function bytesOf(message: RawData): Uint8Array {
  if (Array.isArray(message)) return Buffer.concat(message);
  return message instanceof ArrayBuffer ? new Uint8Array(message) : message;
}

function closeSocket(ws: WebSocket, code: number, clock: Clock, words = ''): void {
  if (ws.readyState === ws.CLOSED) return;
  ws.resume();
  ws.close(code, shortened(words));
  ws.once(
    'close',
    clock.after(CLOSE_GRACE_MS, () => ws.terminate()),
  );
}

/** As much as a close frame has room for: 123 bytes of UTF-8. */
const shortened = (words: string): string =>
  words.slice(0, new TextEncoder().encodeInto(words, new Uint8Array(123)).read);

const brokenBy = (cause: unknown): StatusError =>
  new StatusError('ServiceUnavailable', 'The connection of the screen broke.', { cause });
