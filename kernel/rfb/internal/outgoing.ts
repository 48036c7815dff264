import { StatusError } from '@krateyard/status/status-error';
import type { ByteLink } from '../byte-link.ts';

/** A clipboard of 1 MiB and what else waits beside it. */
const MOST_BYTES = 2 * 1024 * 1024;

interface Waiting {
  readonly bytes: Uint8Array;
  /** A message behind it with the same mark takes its place. */
  readonly mark: string | undefined;
}

/** Messages on their way out, in order. A peer that lets more than 2 MiB of them wait is given up. */
export class Outgoing {
  readonly #link: ByteLink;
  readonly #onFailed: (error: unknown) => void;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing = false;
  #over = false;

  constructor(link: ByteLink, onFailed: (error: unknown) => void) {
    this.#link = link;
    this.#onFailed = onFailed;
  }

  push(bytes: Uint8Array, mark?: string): void {
    if (this.#over) return;
    const last = this.#waiting.at(-1);
    if (mark !== undefined && last?.mark === mark) {
      this.#waiting.pop();
      this.#waitingBytes -= last.bytes.length;
    }
    this.#waiting.push({ bytes, mark });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_BYTES)
      this.#fail(new StatusError('Timeout', 'The other side of the screen does not take what it is sent.'));
    else void this.#write();
  }

  #fail(error: unknown): void {
    this.#over = true;
    this.#waiting = [];
    this.#onFailed(error);
  }

  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    try {
      while (this.#waiting.length > 0 && !this.#over) {
        const next = this.#waiting.map(({ bytes }) => bytes);
        this.#waiting = [];
        this.#waitingBytes = 0;
        await this.#link.write(next.length === 1 ? next[0]! : Buffer.concat(next));
      }
    } catch (error) {
      if (!this.#over) this.#fail(error);
    } finally {
      this.#writing = false;
    }
  }
}
