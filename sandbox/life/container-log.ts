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
  /** The number of the oldest line that is kept. */
  first(): number;
  /** One more than the number of the newest line. */
  end(): number;
  line(index: number): LogLine;
  /** No more lines will come. */
  readonly closed: boolean;
  /** Calls back once when there may be more lines or the log has closed; the disposer cancels. */
  whenMore(run: () => void): () => void;
}

/** The kubelet rotates at 10 MiB; a simulated container keeps less. */
const LOG_BYTES = 1024 * 1024;

/** A log of what was written, bounded in bytes. */
export class RingLog implements ContainerLog {
  #lines: LogLine[] = [];
  #dropped = 0;
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
    if (this.#bytes <= this.#limit) return;
    // A quarter goes at once, so that the array is not shifted for every line.
    let cut = 0;
    while (this.#bytes > this.#limit * 0.75 && cut < this.#lines.length - 1)
      this.#bytes -= this.#lines[cut++]!.text.length + 1;
    this.#lines.splice(0, cut);
    this.#dropped += cut;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const run of waiting) run();
  }
}
