import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { buildConnector } from 'undici';
import { LentReads } from './lent-reads.ts';
import { TlsResumption, type DialOptions } from './tls-resumption.ts';

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
  lent: LentReads | undefined;
  /** What the socket reads into; that of `lent` from the second read on. */
  #into: Buffer;
  readonly #own: Buffer;
  #isLent = false;

  constructor(own: Buffer) {
    this.#own = own;
    this.#into = own;
  }

  /** For the next read. */
  next(): Buffer {
    this.#isLent = this.lent !== undefined;
    return (this.#into = this.lent?.next() ?? this.#own);
  }

  /** False: no more for now. */
  received(count: number): boolean {
    const { socket, take, lent } = this;
    const bytes = this.#isLent ? lent!.received(count) : this.#into.subarray(0, count);
    // What was read before is in the stream, and comes first.
    if (!take || socket!.readableLength > 0) return socket!.push(Buffer.from(bytes));
    take(lent && !this.#isLent ? Buffer.from(bytes) : bytes);
    return true;
  }
}

const readsOf = new WeakMap<Duplex, Reads>();

/** Connects as `undici` does; the sockets can be read with `takeReads` and `lendReads`. */
export function sharedReadsConnector(options: DialOptions): buildConnector.connector {
  const resumption = new TlsResumption(options);
  return (to, callback) => {
    const isTls = to.protocol === 'https:';
    // Without TLS the system may read later into what it was given, on some systems: nobody else may.
    const reads = new Reads(isTls ? shared : Buffer.allocUnsafeSlow(READ_BYTES));
    const onread = { buffer: () => reads.next(), callback: (count: number) => reads.received(count) };
    const own = { ...(isTls ? resumption.options(to) : options), onread };
    buildConnector(own as buildConnector.BuildOptions)(to, (...outcome) => {
      const [, socket] = outcome;
      if (socket) readsOf.set(socket, reads);
      if (socket) reads.socket = socket;
      if (socket && isTls) resumption.keep(socket, to);
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

/** As `takeReads`, for who hands the bytes on: they are valid until `to` has sent them. */
export function lendReads(socket: Duplex, to: Duplex, take: Take): void {
  socket.on('data', take);
  const reads = readsOf.get(socket);
  // Of what is no socket nobody knows when it has let go.
  if (!reads || !(to instanceof Socket)) return;
  reads.lent = new LentReads(to);
  reads.take = take;
}
