import type { Duplex } from 'node:stream';
import { StatusError } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import type { ByteLink } from './byte-link.ts';
import { PushedLink } from './pushed-link.ts';

export interface LinkOptions {
  readonly clock?: Clock;
}

/** So long a peer has to take what is on its way when the link closes. */
const CLOSE_GRACE_MS = 2_000;

/** A TCP or TLS connection as a link. */
export function socketLink(socket: Duplex, options: LinkOptions = {}): ByteLink {
  const clock = options.clock ?? systemClock;
  const link = new PushedLink({
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    send: (bytes) => socket.destroyed || socket.write(bytes),
    close: () => {
      if (socket.destroyed) return;
      socket.once(
        'close',
        clock.after(CLOSE_GRACE_MS, () => socket.destroy()),
      );
      socket.end(() => socket.destroy());
    },
  });
  socket.on('data', (bytes: Buffer) => link.received(bytes));
  socket.on('drain', () => link.writable());
  socket.on('error', (cause) =>
    link.ended(new StatusError('ServiceUnavailable', 'The connection of the screen broke.', { cause })),
  );
  socket.once('end', () => link.ended());
  socket.once('close', () => link.ended());
  if (socket.destroyed) link.ended();
  return link;
}
