import { finished, type Readable } from 'node:stream';
import type { Clock } from '@krateyard/telemetry/clock';

/** With so much gathered nothing more is waited for, nor read on. */
const TURN_BYTES = 64 * 1024;
/** With so much, more is likely on its way: it is waited for a moment, which nobody sees and saves most of the wake-ups. */
const BULK_BYTES = 8 * 1024;
const BULK_MS = 2;

/**
 * What a stream gives, the chunks of one turn of the event loop together: TLS comes in records of at most 16 KiB, and whatever is
 * done at each costs more than to wait for the others. They are not joined: large buffers bring collections forward. Holds TURN_BYTES
 * and a chunk for a consumer that is slow, beside what the stream holds itself.
 */
export class TurnBytes {
  readonly #body: Readable;
  readonly #clock: Clock;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #turnOver = false;
  #end: { readonly error: Error | null | undefined } | undefined;
  #wake: () => void = () => {};
  #scheduled: NodeJS.Immediate | undefined;
  #cancel: (() => void) | undefined;

  constructor(body: Readable, clock: Clock) {
    this.#body = body;
    this.#clock = clock;
    body.on('data', (chunk: Buffer) => this.#take(chunk));
    finished(body, (error) => {
      this.#end = { error };
      this.#wake();
    });
  }

  /** Undefined at the end. Rejects with the stream's error, behind what came before it. */
  async next(): Promise<readonly Buffer[] | undefined> {
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
    this.#unschedule();
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
    } else if (this.#bytes >= BULK_BYTES) {
      clearImmediate(this.#scheduled);
      this.#cancel ??= this.#clock.after(BULK_MS, () => this.#over());
    } else this.#scheduled ??= setImmediate(() => this.#over());
  }

  #over(): void {
    this.#unschedule();
    this.#turnOver = true;
    this.#wake();
  }

  #unschedule(): void {
    clearImmediate(this.#scheduled);
    this.#cancel?.();
    this.#scheduled = undefined;
    this.#cancel = undefined;
  }

  #give(): readonly Buffer[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    this.#turnOver = false;
    this.#unschedule();
    if (this.#body.isPaused()) this.#body.resume();
    return chunks;
  }
}
