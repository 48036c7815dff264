import type { Frame } from './frame.ts';

interface Entry {
  readonly offset: number;
  readonly frame: Frame;
}

/** The latest deltas of one topic, for those who come back. Bounded by count and bytes: the oldest go first. */
export class ReplayRing {
  readonly #maxFrames: number;
  readonly #maxBytes: number;
  #entries: Entry[] = [];
  #bytes = 0;
  /** Everything after this offset is here. */
  #floor: number;

  constructor(options: { maxFrames: number; maxBytes: number }, floor = 0) {
    this.#maxFrames = options.maxFrames;
    this.#maxBytes = options.maxBytes;
    this.#floor = floor;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(offset: number, frame: Frame): void {
    this.#entries.push({ offset, frame });
    this.#bytes += frame.bytes.length;
    while (this.#entries.length > this.#maxFrames || this.#bytes > this.#maxBytes) {
      const gone = this.#entries.shift();
      if (!gone) return;
      this.#bytes -= gone.frame.bytes.length;
      this.#floor = gone.offset;
    }
  }

  /** Frames after `offset`, oldest first; undefined when some of them are gone already, or never were. */
  since(offset: number, latest: number): readonly Frame[] | undefined {
    if (offset < this.#floor || offset > latest) return undefined;
    return this.#entries.filter((entry) => entry.offset > offset).map((entry) => entry.frame);
  }

  /** Forgets everything up to `offset`: who stands there or before needs a snapshot. */
  clear(offset: number): void {
    this.#entries = [];
    this.#bytes = 0;
    this.#floor = offset;
  }
}
