import type { Duplex } from 'node:stream';

/** What a client may send before it has been answered; more waits in its own buffers. */
const MAX_EARLY_BYTES = 64 * 1024;

/**
 * Keeps reading a connection whose upgrade is not decided yet: a connection that nobody reads does not tell that the
 * client has gone. What comes is kept for whoever takes the connection over.
 */
export class EarlyBytes {
  readonly #socket: Duplex;
  readonly #onGone: () => void;
  #chunks: Buffer[];
  #bytes = 0;

  constructor(socket: Duplex, head: Buffer, onGone: () => void) {
    this.#socket = socket;
    this.#onGone = onGone;
    this.#chunks = [head];
    socket.on('data', this.#keep).on('end', onGone).on('error', onGone).on('close', onGone);
  }

  /** Gives what has come. Whoever takes over must listen in the same turn: the connection flows. */
  take(): Buffer {
    this.#socket
      .resume()
      .off('data', this.#keep)
      .off('end', this.#onGone)
      .off('error', this.#onGone)
      .off('close', this.#onGone);
    return Buffer.concat(this.#chunks);
  }

  readonly #keep = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= MAX_EARLY_BYTES) this.#socket.pause();
  };
}
