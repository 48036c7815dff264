import type { RawLine } from '@krateyard/kube/stream/log-lines';

/** Lines that came together, or what stands between lines and keeps its place. */
export interface Batch {
  readonly lines: readonly RawLine[];
  readonly marker: (() => void) | undefined;
  readonly bytes: number;
  /** Monotonic. */
  readonly arrivedAt: number;
  next: number;
}

/** What a source asks of its merge. */
export interface MergeHost<S> {
  now(): number;
  took(source: MergeSource<S>, bytes: number): void;
  isFull(source: MergeSource<S>): boolean;
  remove(source: MergeSource<S>): void;
  pump(): void;
}

/** What a line costs beside its text, about. */
const LINE_BYTES = 96;

/** One source's lines on their way through a merge. */
export class MergeSource<S> {
  readonly name: S;
  readonly batches: Batch[] = [];
  bytes = 0;
  /** It is still reading its past: since when (monotonic) others wait for it. */
  pastSince: number | undefined;
  closed = false;
  readonly #host: MergeHost<S>;
  #waiting: (() => void)[] = [];

  constructor(name: S, host: MergeHost<S>) {
    this.name = name;
    this.#host = host;
    this.pastSince = host.now();
  }

  /** In the order of the log. The promise, if there is one, resolves when more may be pushed. */
  push(lines: readonly RawLine[]): Promise<void> | undefined {
    if (lines.length === 0 || this.closed) return undefined;
    let bytes = 0;
    for (const { text } of lines) bytes += text.length + LINE_BYTES;
    this.#take(lines, undefined, bytes);
    if (this.closed || !this.#host.isFull(this)) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    return promise;
  }

  /** Runs when all lines before it have been emitted. */
  mark(run: () => void): void {
    if (!this.closed) this.#take([], run, 0);
  }

  /** Its past has been pushed: others wait for it no longer than the window. */
  caughtUp(): void {
    this.pastSince = undefined;
    this.#host.pump();
  }

  /** Nothing more comes; what was pushed is still emitted. */
  end(): void {
    this.mark(() => this.#host.remove(this));
    this.caughtUp();
  }

  /** The time of the next line; '' for a marker, which waits for nobody. */
  get headAt(): string {
    const { marker, lines, next } = this.batches[0]!;
    return marker ? '' : lines[next]!.at;
  }

  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  get isHeld(): boolean {
    return this.#waiting.length > 0;
  }

  #take(lines: readonly RawLine[], marker: (() => void) | undefined, bytes: number): void {
    this.batches.push({ lines, marker, bytes, arrivedAt: this.#host.now(), next: 0 });
    this.bytes += bytes;
    this.#host.took(this, bytes);
  }
}
