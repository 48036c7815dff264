import { finished, type Readable } from 'node:stream';

/** With so much gathered nothing more is waited for, nor read on. */
const TURN_BYTES = 64 * 1024;

/**
 * What a stream gives, the chunks of one turn of the event loop together: TLS comes in records of at most 16 KiB, and whatever is
 * done for each costs more than copying it. Holds TURN_BYTES and a chunk for a consumer that is slow, beside what the stream
 * holds itself.
 */
export class TurnBytes {
  readonly #body: Readable;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #turnOver = false;
  #end: { readonly error: Error | null | undefined } | undefined;
  #wake: () => void = () => {};
  #scheduled: NodeJS.Immediate | undefined;

  constructor(body: Readable) {
    this.#body = body;
    body.on('data', (chunk: Buffer) => this.#take(chunk));
    finished(body, (error) => {
      this.#end = { error };
      this.#wake();
    });
  }

  /** Undefined at the end. Rejects with the stream's error, behind what came before it. */
  async next(): Promise<Buffer | undefined> {
    while (!this.#isReady()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    if (this.#bytes > 0) return this.#give();
    if (this.#end?.error) throw this.#end.error;
    return undefined;
  }

  /** Leaves nothing that runs. */
  close(): void {
    clearImmediate(this.#scheduled);
    this.#chunks = [];
    this.#body.destroy();
  }

  #isReady(): boolean {
    return this.#end !== undefined || this.#bytes >= TURN_BYTES || (this.#turnOver && this.#bytes > 0);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= TURN_BYTES) {
      this.#body.pause();
      this.#wake();
    } else {
      this.#scheduled ??= setImmediate(() => {
        this.#scheduled = undefined;
        this.#turnOver = true;
        this.#wake();
      });
    }
  }

  #give(): Buffer {
    const chunks = this.#chunks;
    const bytes = this.#bytes;
    this.#chunks = [];
    this.#bytes = 0;
    this.#turnOver = false;
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#body.isPaused()) this.#body.resume();
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
  }
}
