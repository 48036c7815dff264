import { hash } from 'node:crypto';
import type { LineBlock, RawLine, SecondRun } from './line-block.ts';
import { secondOf } from './log-time.ts';

/**
 * How far a log has been read, so that it can be gone on with elsewhere: which lines a new reading from `anchor` on gives that
 * are known. The anchor is a whole second, as `sinceTime` knows nothing finer, and the one before that of the last line, as
 * lines of stdout and stderr are not strictly in the order of their times.
 */
export interface LogMark {
  /** As `secondOf` writes it. */
  readonly anchor: string;
  /** Lines of the anchor's second and the next one. */
  readonly count: number;
  /** Of these, lines of the later second. */
  readonly recent: number;
  /** Fingerprint of the first of these; absent where reading began among them. */
  readonly first?: string;
  /** The same of the later second. */
  readonly recentFirst?: string;
  /** Time and fingerprint of the very last line. */
  readonly at: string;
  readonly last: string;
  /** How many lines in a row were equal to the last, times included. */
  readonly same: number;
}

/** Eight characters: one in 2^48 that two lines of one time are taken for each other. */
export function fingerprint({ at, text, more }: RawLine): string {
  return hash('sha1', `${at}${more ? '+' : '.'}${text}`, 'base64url').slice(0, 8);
}

interface Second {
  /** `2026-11-21T14:00:00` */
  readonly second: string;
  count: number;
  /** Fingerprint of its first line; undefined where reading began in it. */
  readonly first: string | undefined;
}

/** Follows what has been read of one log. Constant memory. */
export class LogTracker {
  #before: Second | undefined;
  #now: Second | undefined;
  #at: string | undefined;
  #last: RawLine | string = '';
  #same = 0;
  readonly #begunInside: boolean;

  /** `begunInside`: reading did not begin with the log's first line, nor with the first one of a second. */
  constructor(begunInside = false) {
    this.#begunInside = begunInside;
  }

  /** Goes on counting where another has stopped. */
  static from(mark: LogMark): LogTracker {
    const tracker = new LogTracker();
    const { anchor, count, recent, first, recentFirst } = mark;
    if (count > recent) tracker.#before = { second: anchor.slice(0, 19), count: count - recent, first };
    tracker.#now = { second: secondOf(anchor, 1).slice(0, 19), count: recent, first: recentFirst };
    tracker.#at = mark.at;
    tracker.#last = mark.last;
    tracker.#same = mark.same;
    return tracker;
  }

  /** The time of the last line. */
  get at(): string | undefined {
    return this.#at;
  }

  add(line: RawLine): void {
    const now = this.#now;
    if (now !== undefined && line.at.startsWith(now.second)) now.count += 1;
    else if (line.at === '') return;
    else this.#otherSecond(line.at.slice(0, 19), 1, () => fingerprint(line));
    this.#same = line.at === this.#at && this.#equalsLast(line) ? this.#same + 1 : 1;
    this.#at = line.at;
    this.#last = line;
  }

  /** The same for lines that came together, of which only those are looked at that a mark speaks of. */
  addAll(block: LineBlock): void {
    if (block.count === 0) return;
    if (block.firstAt === '' || block.lastAt === '') {
      for (const line of block.lines()) this.add(line);
      return;
    }
    const now = this.#now;
    if (now && block.firstAt.startsWith(now.second) && block.lastAt.startsWith(now.second))
      now.count += block.count;
    else this.#addSeconds(block);
    const last = block.line(block.count - 1);
    const same = block.sameAtEnd();
    const goesOn = same === block.count && last.at === this.#at && this.#equalsLast(last);
    this.#same = goesOn ? this.#same + same : same;
    this.#at = last.at;
    this.#last = last;
  }

  mark(): LogMark | undefined {
    const [now, before, at, last] = [this.#now, this.#before, this.#at, this.#last];
    if (now === undefined || at === undefined) return undefined;
    const first = before === undefined ? now.first : before.first;
    return {
      anchor: secondOf(now.second, -1),
      count: now.count + (before?.count ?? 0),
      recent: now.count,
      ...(first !== undefined && { first }),
      ...(now.first !== undefined && { recentFirst: now.first }),
      at,
      last: typeof last === 'string' ? last : fingerprint(last),
      same: this.#same,
    };
  }

  #equalsLast(line: RawLine): boolean {
    const last = this.#last;
    if (typeof last === 'string') return last === fingerprint(line);
    return last.text === line.text && last.more === line.more;
  }

  #addSeconds(block: LineBlock): void {
    const runs = [...block.secondRuns()].filter(({ second }) => second !== '');
    const from = firstThatCounts(runs);
    const [begin] = from > 0 ? runs.splice(0, from + 1).slice(-1) : [];
    // Of a second that is too old for a mark it only matters that it was there.
    if (begin && begin.second > (this.#now?.second ?? '')) {
      this.#before = undefined;
      this.#now = { second: begin.second, count: begin.count, first: undefined };
    }
    for (const { second, from: at, count } of runs) {
      if (this.#now?.second === second) this.#now.count += count;
      else this.#otherSecond(second, count, () => fingerprint(block.line(at)));
    }
  }

  #otherSecond(second: string, count: number, first: () => string): void {
    const now = this.#now;
    if (now !== undefined && second < now.second) {
      // Out of order: counted while it can still be asked for.
      if (this.#before?.second === second) this.#before.count += count;
      return;
    }
    const cut = now === undefined && this.#begunInside;
    const follows = now !== undefined && secondOf(second, -1).startsWith(now.second);
    this.#before = follows ? now : undefined;
    this.#now = { second, count, first: cut ? undefined : first() };
  }
}

/** Index of the last run before the two seconds that a mark speaks of; 0 where all of them count, or are out of order. */
function firstThatCounts(runs: readonly SecondRun[]): number {
  const last = runs.at(-1)?.second ?? '';
  if (last === '') return 0;
  const before = secondOf(last, -1).slice(0, 19);
  for (let index = runs.length - 1; index > 0; index -= 1) {
    const { second } = runs[index]!;
    if (second > last) return 0;
    if (second < before) return index;
  }
  return 0;
}
