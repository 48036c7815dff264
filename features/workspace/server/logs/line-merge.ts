import type { LineBlock } from '@krateyard/kube/stream/line-block';
import type { Clock } from '@krateyard/telemetry/clock';
import { MergeSource, type MergeHost } from './merge-source.ts';

export interface MergeOptions<S> {
  readonly clock: Clock;
  /** Lines of different sources are put in order when they come within this. */
  readonly windowMs: number;
  /** How long a source whose past is not there yet is waited for while nothing comes of anybody's past … */
  readonly pastMs: number;
  /** … and at most, from its beginning. */
  readonly longestPastMs: number;
  /** Held in all. */
  readonly maxBytes: number;
  /** False while what is emitted cannot be taken. */
  readonly hasRoom: () => boolean;
  readonly emit: (source: S, block: LineBlock) => void;
  /** A source has ended and everything of it was emitted. */
  readonly ended: () => void;
  /** After each round of emitting. */
  readonly flush: () => void;
}

/** A source with less is never held back; one with more than the upper bound always is, and is waited with no longer. */
const LEAST_BYTES = 64 * 1024;
const MOST_BYTES = 512 * 1024;

/**
 * Puts the lines of several sources in the order of their times, as far as a window allows: a line goes when every other
 * source has shown a later one, or when it has waited for the window, or when its source holds too much.
 */
export class LineMerge<S> {
  readonly #options: MergeOptions<S>;
  readonly #sources = new Set<MergeSource<S>>();
  readonly #host: MergeHost<S>;
  #bytes = 0;
  #pastCameAt = 0;
  #cancel: (() => void) | undefined;
  #pumping = false;
  #again = false;

  constructor(options: MergeOptions<S>) {
    this.#options = options;
    this.#host = {
      now: () => options.clock.monotonic(),
      took: (_source, bytes) => {
        this.#bytes += bytes;
        this.pump();
      },
      isFull: (source) => this.#isFull(source),
      remove: (source) => this.#remove(source),
      pastCame: () => (this.#pastCameAt = options.clock.monotonic()),
      pump: () => this.pump(),
    };
  }

  add(name: S): MergeSource<S> {
    const source = new MergeSource(name, this.#host);
    this.#sources.add(source);
    return source;
  }

  /** Emits what may go. Called for whatever changes: a push, time, room. */
  pump(): void {
    // An emission may lead here again (a marker that ends its source).
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#again) {
      this.#again = false;
      while (this.#options.hasRoom() && this.#step());
    }
    this.#pumping = false;
    this.#options.flush();
    for (const source of this.#sources) if (source.isHeld && !this.#isFull(source)) source.release();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const source of this.#sources) this.#drop(source);
  }

  /** Emits one run of lines of one source; false when nothing may go now. */
  #step(): boolean {
    const { first, second, missing } = this.#heads();
    if (!first) return false;
    const { marker, block } = first.batches[0]!;
    if (!block) {
      first.batches.shift();
      marker?.();
      return true;
    }
    const waitMs = this.#waitMs(first, missing);
    if (waitMs > 0) {
      this.#wakeIn(waitMs);
      return false;
    }
    this.#emitRun(first, block, second);
    return true;
  }

  /** The sources with the earliest and second earliest line, and those that show none. */
  #heads(): {
    first: MergeSource<S> | undefined;
    second: string | undefined;
    missing: readonly MergeSource<S>[];
  } {
    let first: MergeSource<S> | undefined;
    let [firstAt, second] = ['', undefined as string | undefined];
    const missing: MergeSource<S>[] = [];
    for (const source of this.#sources) {
      if (source.batches.length === 0) {
        missing.push(source);
        continue;
      }
      const at = source.headAt;
      if (first === undefined || at < firstAt) {
        if (first !== undefined) second = firstAt;
        [first, firstAt] = [source, at];
      } else if (second === undefined || at < second) second = at;
    }
    return { first, second, missing };
  }

  #waitMs(first: MergeSource<S>, missing: readonly MergeSource<S>[]): number {
    if (missing.length === 0) return 0;
    const { clock, windowMs, pastMs, longestPastMs } = this.#options;
    let until = first.bytes >= MOST_BYTES ? 0 : first.batches[0]!.arrivedAt + windowMs;
    for (const { pastSince } of missing) {
      if (pastSince === undefined) continue;
      const quietFrom = Math.max(pastSince, this.#pastCameAt);
      until = Math.max(until, Math.min(quietFrom + pastMs, pastSince + longestPastMs));
    }
    return until - clock.monotonic();
  }

  /** Lines of the first batch, as far as they come before `second`. */
  #emitRun(source: MergeSource<S>, block: LineBlock, second: string | undefined): void {
    const batch = source.batches[0]!;
    const end = second === undefined ? block.count : block.later(second, batch.next + 1);
    const run = block.slice(batch.next, end);
    batch.next = end;
    if (end === block.count) {
      source.batches.shift();
      source.bytes -= batch.bytes;
      this.#bytes -= batch.bytes;
    }
    this.#options.emit(source.name, run);
  }

  #wakeIn(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = undefined;
      this.pump();
    });
  }

  #isFull(source: MergeSource<S>): boolean {
    if (source.bytes < LEAST_BYTES) return !this.#options.hasRoom() && source.bytes > 0;
    return source.bytes >= MOST_BYTES || this.#bytes >= this.#options.maxBytes || !this.#options.hasRoom();
  }

  #remove(source: MergeSource<S>): void {
    this.#drop(source);
    this.#options.ended();
    this.pump();
  }

  #drop(source: MergeSource<S>): void {
    source.closed = true;
    this.#bytes -= source.bytes;
    source.bytes = 0;
    source.batches.length = 0;
    this.#sources.delete(source);
    source.release();
  }
}
