import { plainText } from './ansi.ts';
import type { FindPattern } from './find-pattern.ts';
import type { LogBuffer } from './log-buffer.ts';

/** Lines that match, found bit by bit so that typing and drawing go on meanwhile. */
export class LogSearch {
  readonly pattern: FindPattern;
  readonly #buffer: LogBuffer;
  #found: number[] = [];
  #scanned = 0;

  constructor(buffer: LogBuffer, pattern: FindPattern) {
    this.#buffer = buffer;
    this.pattern = pattern;
  }

  /** Sequence numbers of matching lines that are kept and drawn, rising. */
  get found(): readonly number[] {
    return this.#found;
  }

  /** Looks at lines until `enough` says so; false when all have been looked at. */
  scan(enough: () => boolean): boolean {
    const first = this.#buffer.firstSeq;
    if ((this.#found[0] ?? first) < first) this.#found = this.#found.filter((seq) => seq >= first);
    let looked = 0;
    for (const kept of this.#buffer.entries(this.#scanned)) {
      if (kept.seq === this.#scanned) continue;
      if (kept.entry.type === 'line' && this.#buffer.shown(kept)) {
        if (this.pattern.matches(plainText(kept.entry.text))) this.#found.push(kept.seq);
      }
      this.#scanned = kept.seq;
      looked += 1;
      if (looked % 64 === 0 && enough()) return true;
    }
    return false;
  }

  /** Starts over: other lines are drawn, or some came in between. */
  reset(): void {
    this.#found = [];
    this.#scanned = 0;
  }

  /** The match after (before) `seq`, round the end. */
  next(seq: number, direction: 1 | -1): number | undefined {
    const found = this.#found;
    if (direction === 1) return found.find((one) => one > seq) ?? found[0];
    return found.findLast((one) => one < seq) ?? found.at(-1);
  }

  /** Where matches stand in the whole list, from 0 to 1, at most one for each of `places`. */
  marks(places: number): readonly number[] {
    const total = this.#buffer.totalRows();
    if (total === 0 || this.#found.length === 0) return [];
    const marks = new Set<number>();
    const wanted = new Set(this.#found);
    let row = 0;
    for (const kept of this.#buffer.entries()) {
      if (wanted.has(kept.seq)) marks.add(Math.floor((row / total) * places) / places);
      row += this.#buffer.rowsOf(kept);
    }
    return [...marks];
  }
}
