import { hash } from 'node:crypto';
import type { RawLine } from './log-lines.ts';
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
    else this.#otherSecond(line, line.at.slice(0, 19));
    this.#same = line.at === this.#at && this.#equalsLast(line) ? this.#same + 1 : 1;
    this.#at = line.at;
    this.#last = line;
  }

  /** The same for lines that came together, without looking at each: where all are of one second only their number counts. */
  addAll(lines: readonly RawLine[]): void {
    const [first, last] = [lines[0], lines.at(-1)];
    const now = this.#now;
    if (!now || !first?.at.startsWith(now.second) || !last?.at.startsWith(now.second)) {
      for (const line of lines) this.add(line);
      return;
    }
    // Of lines that are equal to the last one those before this batch count only if all of it is equal.
    let from = lines.length - 1;
    while (from > 0 && lines[from - 1]!.at === last.at && lines[from - 1]!.text === last.text) from -= 1;
    now.count += from;
    if (from > 0) [this.#at, this.#last, this.#same] = [lines[from - 1]!.at, lines[from - 1]!, 0];
    for (; from < lines.length; from += 1) this.add(lines[from]!);
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

  #otherSecond(line: RawLine, second: string): void {
    const now = this.#now;
    if (now !== undefined && second < now.second) {
      // Out of order: counted while it can still be asked for.
      if (this.#before?.second === second) this.#before.count += 1;
      return;
    }
    const cut = now === undefined && this.#begunInside;
    const follows = now !== undefined && secondOf(second, -1).startsWith(now.second);
    this.#before = follows ? now : undefined;
    this.#now = { second, count: 1, first: cut ? undefined : fingerprint(line) };
  }
}
