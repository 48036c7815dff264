/** One line of a container's log. */
export interface LogLine {
  /** Milliseconds since the epoch, with a fraction. */
  readonly at: number;
  /** Without the newline. */
  readonly text: string;
  /** The last line of a container that ended without a newline. */
  readonly partial?: boolean;
}

/** A container's log: lines under consecutive numbers, of which the oldest are dropped. */
export interface ContainerLog {
  /** The number of the oldest line of the present file: where a reading begins. */
  first(): number;
  /** The number of the oldest line that is kept at all: who reads already goes on through a file that was rotated away. */
  oldest(): number;
  /** One more than the number of the newest line. */
  end(): number;
  line(index: number): LogLine;
  /** No more lines will come. */
  readonly closed: boolean;
  /** Calls back once when there may be more lines or the log has closed; the disposer cancels. */
  whenMore(run: () => void): () => void;
}

/** The kubelet rotates at 10 MiB; a simulated container keeps less. */
export const LOG_BYTES = 1024 * 1024;

/** A log of what was written, in two files: the present one, and the one before it for those who are still reading that. */
export class RingLog implements ContainerLog {
  #lines: LogLine[] = [];
  #dropped = 0;
  /** The number of the present file's first line. */
  #begin = 0;
  #bytes = 0;
  #rest = '';
  #closed = false;
  #waiting = new Set<() => void>();
  #now: () => number;
  #limit: number;

  constructor(now: () => number, limitBytes = LOG_BYTES) {
    this.#now = now;
    this.#limit = limitBytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  first(): number {
    return this.#begin;
  }

  oldest(): number {
    return this.#dropped;
  }

  end(): number {
    return this.#dropped + this.#lines.length;
  }

  line(index: number): LogLine {
    return this.#lines[index - this.#dropped]!;
  }

  write(text: string): void {
    if (this.#closed) return;
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop()!;
    for (const part of parts) this.#push({ at: this.#now(), text: part });
    // 16 KiB is where the container runtime cuts a line that does not end.
    while (this.#rest.length > 16_384) {
      this.#push({ at: this.#now(), text: this.#rest.slice(0, 16_384), partial: true });
      this.#rest = this.#rest.slice(16_384);
    }
    if (parts.length > 0) this.#wake();
  }

  close(): void {
    if (this.#closed) return;
    if (this.#rest !== '') this.#push({ at: this.#now(), text: this.#rest, partial: true });
    this.#rest = '';
    this.#closed = true;
    this.#wake();
  }

  whenMore(run: () => void): () => void {
    this.#waiting.add(run);
    return () => this.#waiting.delete(run);
  }

  #push(line: LogLine): void {
    this.#lines.push(line);
    this.#bytes += line.text.length + 1;
    if (this.#bytes > this.#limit) this.#rotate();
  }

  /** A new file begins; what was before the one that ends now is gone. */
  #rotate(): void {
    this.#lines.splice(0, this.#begin - this.#dropped);
    this.#dropped = this.#begin;
    this.#begin = this.end();
    this.#bytes = 0;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const run of waiting) run();
  }
}
