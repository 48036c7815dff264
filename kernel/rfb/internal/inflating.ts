import { createInflate } from 'node:zlib';
import { brokenProtocol } from './protocol-error.ts';

/** One stream of zlib that comes in pieces, over the whole of a connection. `close` gives its native memory back. */
export class Inflating {
  readonly #inflate = createInflate();
  #got: Buffer[] = [];
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor() {
    // Read as soon as there is something: a full stream would not take the rest of its piece.
    this.#inflate.on('readable', () => this.#drain());
    this.#inflate.on('error', (error: Error) => {
      this.#error = error;
      this.#wake?.();
    });
    this.#inflate.on('close', () => {
      this.#error ??= new Error('the stream has ended');
      this.#wake?.();
    });
  }

  /** All that the piece unpacks to: at most 1032 times as much. Throws BadRequest for what is no deflate. One at a time. */
  async push(piece: Uint8Array): Promise<Buffer[]> {
    const written = Promise.withResolvers<void>();
    this.#wake = written.resolve;
    if (!this.#error) {
      this.#inflate.write(piece, () => written.resolve());
      await written.promise;
    }
    if (this.#error) throw brokenProtocol(`what cannot be unpacked (${this.#error.message})`);
    this.#drain();
    const got = this.#got;
    this.#got = [];
    return got;
  }

  close(): void {
    this.#inflate.destroy();
  }

  #drain(): void {
    for (let next = this.#read(); next; next = this.#read()) this.#got.push(next);
  }

  #read(): Buffer | null {
    return this.#inflate.read() as Buffer | null;
  }
}
