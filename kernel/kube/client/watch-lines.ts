import { StatusError } from '@krateyard/status/status-error';

const NEWLINE = 0x0a;

/**
 * Cuts the bytes of a watch response into lines, without decoding what is not complete. `push` returns the lines that the
 * chunk completes. A line longer than `maxLineBytes` is refused with a StatusError, as it would have to be held whole.
 */
export class LineCutter {
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Bytes of a line that has not ended. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#complete(chunk.subarray(start, end));
      if (line.length > 0) lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  #complete(tail: Buffer): Buffer {
    if (this.#pendingBytes === 0) return tail;
    this.#keep(tail);
    const line = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return line;
  }

  #keep(part: Buffer): void {
    this.#pending.push(part);
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > this.#maxLineBytes) {
      throw new StatusError(
        'InternalError',
        `The API server sent a watch event of more than ${this.#maxLineBytes} bytes.`,
      );
    }
  }
}
