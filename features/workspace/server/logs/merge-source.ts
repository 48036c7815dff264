import type { LineBlock } from '@krateyard/kube/stream/line-block';

/** Lines that came together, or what stands between lines and keeps its place. */
export interface Batch {
  readonly block: LineBlock | undefined;
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
  /** A source has shown of its past, or all of it. */
  pastCame(): void;
  pump(): void;
}

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
  push(block: LineBlock): Promise<void> | undefined {
    if (block.count === 0 || this.closed) return undefined;
    this.#take(block, undefined, block.bytes);
    if (this.closed || !this.#host.isFull(this)) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    return promise;
  }

  /** Runs when all lines before it have been emitted. */
  mark(run: () => void): void {
    if (!this.closed) this.#take(undefined, run, 0);
  }

  /** Its past has been pushed: others wait for it no longer than the window. */
  caughtUp(): void {
    if (this.pastSince !== undefined) this.#host.pastCame();
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
    const { block, next } = this.batches[0]!;
    return block ? (next === 0 ? block.firstAt : block.at(next)) : '';
  }

  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  get isHeld(): boolean {
    return this.#waiting.length > 0;
  }

  #take(block: LineBlock | undefined, marker: (() => void) | undefined, bytes: number): void {
    this.batches.push({ block, marker, bytes, arrivedAt: this.#host.now(), next: 0 });
    this.bytes += bytes;
    if (this.pastSince !== undefined) this.#host.pastCame();
    this.#host.took(this, bytes);
  }
}
