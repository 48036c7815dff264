import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { buildConnector } from 'undici';

/**
 * Where all these sockets are read into: what is in it is taken before the call that brings it returns. Memory that is made for each
 * read is what makes the collector go over the whole heap, for which a flood of output pays more than for its decryption.
 */
const READ_BYTES = 64 * 1024;
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

type Take = (bytes: Buffer) => void;

/** Of one socket: as a stream, until somebody takes its bytes as they come. */
class Reads {
  socket: Socket | undefined;
  take: Take | undefined;

  /** False: no more for now. */
  received(bytes: Buffer): boolean {
    const { socket, take } = this;
    // What was read before is in the stream, and comes first.
    if (!take || socket!.readableLength > 0) return socket!.push(Buffer.from(bytes));
    take(bytes);
    return true;
  }
}

const readsOf = new WeakMap<Duplex, Reads>();

/** Connects as `undici` does; the sockets can be read with `takeReads`. */
export function sharedReadsConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const plain = buildConnector(options);
  return (to, callback) => {
    // Without TLS the system may read later into what it was given, on some systems.
    if (to.protocol !== 'https:') return plain(to, callback);
    const reads = new Reads();
    const onread = {
      buffer: shared,
      callback: (count: number) => reads.received(shared.subarray(0, count)),
    };
    buildConnector({ ...options, onread } as buildConnector.BuildOptions)(to, (...outcome) => {
      const [, socket] = outcome;
      if (socket) readsOf.set(socket, reads);
      if (socket) reads.socket = socket;
      callback(...outcome);
    });
  };
}

/** Reads until the socket ends; `take` is given bytes that are valid until it returns. */
export function takeReads(socket: Duplex, take: Take): void {
  socket.on('data', take);
  const reads = readsOf.get(socket);
  if (reads) reads.take = take;
}
