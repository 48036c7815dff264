import type { LineBlock, RawLine } from './line-block.ts';
import { LineList } from './line-list.ts';
import { fingerprint, type LogMark } from './log-mark.ts';
import { timeToMs } from './log-time.ts';

/** What came of looking for the place where an earlier reading ended. */
export type SeamOutcome =
  /** Not decided yet: more lines are needed. */
  | 'open'
  /** Found: what is given on is exactly what had not been read. */
  | 'joined'
  /** The last known line is not there any more: lines may be missing between it and the first one given on. */
  | 'lost';

/** Lines later than the last known one that are held while it may still come: out of order by no more than this. */
const DISORDER_MS = 1000;
const MAX_HELD = 4096;
const NONE = new LineList([]);

/**
 * Joins a new reading of a log, from a mark's anchor on, to an earlier one: drops exactly the lines that were read. Where the
 * new reading begins with the same line as the earlier one did, it drops as many as were counted, so that equal lines are told
 * apart by their number; else (the log was rotated) it goes by the last line known.
 */
export class LogSeam {
  readonly #mark: LogMark;
  readonly #lateMs: number;
  #outcome: SeamOutcome = 'open';
  #seen = 0;
  #sameBegin = false;
  #matches = 0;
  #held: RawLine[] = [];

  constructor(mark: LogMark) {
    this.#mark = mark;
    this.#lateMs = timeToMs(mark.at) + DISORDER_MS;
  }

  get outcome(): SeamOutcome {
    return this.#outcome;
  }

  get isLost(): boolean {
    return this.#outcome === 'lost';
  }

  /** Lines are held: unless more come soon, `decide` gives them. */
  get undecided(): boolean {
    return this.#outcome === 'open' && this.#held.length > 0;
  }

  push(block: LineBlock): LineBlock {
    if (this.#outcome !== 'open') return block;
    const lines = block.lines();
    for (let index = 0; index < lines.length; index += 1) {
      this.#one(lines[index]!);
      if (this.#decided()) return new LineList([...this.#take(), ...lines.slice(index + 1)]);
    }
    return NONE;
  }

  /** Nothing more comes, for now or at all. */
  decide(): LineBlock {
    if (this.#outcome !== 'open' || this.#held.length === 0) return NONE;
    this.#settle(this.#matches > 0 ? this.#joined() : 'lost');
    return new LineList(this.#take());
  }

  /** There was something to read. */
  get sawLines(): boolean {
    return this.#seen > 0;
  }

  /** The known last line was seen. */
  get found(): boolean {
    return this.#matches > 0;
  }

  #one(line: RawLine): void {
    const mark = this.#mark;
    this.#seen += 1;
    if (this.#seen === 1) this.#sameBegin = mark.first !== undefined && fingerprint(line) === mark.first;
    const counting = this.#sameBegin && this.#seen <= mark.count;
    if (line.at === mark.at && fingerprint(line) === mark.last) {
      this.#matches += 1;
      this.#held.length = 0;
      if (counting && this.#seen === mark.count) this.#settle('joined');
      // Counted, it is one more equal line than was read.
      else if (!counting && this.#sameBegin) this.#beyond(line);
    } else if (this.#matches > 0) {
      this.#held.push(line);
      if (!counting && (this.#sameBegin || line.at > mark.at)) this.#settle(this.#joined());
    } else if (line.at > mark.at) {
      this.#held.push(line);
      if (timeToMs(line.at) > this.#lateMs || this.#held.length >= MAX_HELD) this.#settle('lost');
    }
  }

  #beyond(line: RawLine): void {
    this.#held.push(line);
    this.#settle('joined');
  }

  /** Equal lines at the place where a rotated log was cut: which of them were read cannot be told. */
  #joined(): SeamOutcome {
    return this.#sameBegin || this.#matches <= this.#mark.same ? 'joined' : 'lost';
  }

  #settle(outcome: SeamOutcome): void {
    this.#outcome = outcome;
  }

  #decided(): boolean {
    return this.#outcome !== 'open';
  }

  #take(): readonly RawLine[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
