import type { LineBlock, RawLine, SecondRun } from './line-block.ts';
import { LineList } from './line-list.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
/** `2026-11-21T14:00:00.123456789Z`, as nodes in UTC write it. */
const STAMP_BYTES = 30;
const SECOND_BYTES = 19;
/** The stamp and its space. */
export const LEAD_BYTES = STAMP_BYTES + 1;

/** Whether a line, from `from` up to its newline at `end`, begins with a normal time and a space. */
export function hasLead(bytes: Buffer, from: number, end: number): boolean {
  return (
    end - from >= LEAD_BYTES &&
    bytes[from + STAMP_BYTES] === SPACE &&
    bytes[from + 29] === 0x5a &&
    bytes[from + 19] === 0x2e &&
    bytes[from + 16] === 0x3a &&
    bytes[from + 13] === 0x3a &&
    bytes[from + 10] === 0x54 &&
    bytes[from + 4] === 0x2d
  );
}

/** Whole lines that all have a lead, as they came: a copy of nothing. */
export class LineBytes implements LineBlock {
  readonly count: number;
  readonly #all: Buffer;
  #places: Uint32Array | undefined;
  #firstAt: string | undefined;
  #lastAt: string | undefined;

  /** `count` lines, each with its newline. */
  constructor(all: Buffer, count: number) {
    this.#all = all;
    this.count = count;
  }

  get plain(): readonly Buffer[] {
    return [this.#all];
  }

  get bytes(): number {
    return this.#all.length;
  }

  get firstAt(): string {
    return (this.#firstAt ??= this.#stampAt(0));
  }

  get lastAt(): string {
    return (this.#lastAt ??= this.#stampAt(this.#lastStart()));
  }

  at(index: number): string {
    return this.#stampAt(this.#start(index));
  }

  line(index: number): RawLine {
    const from = this.#start(index);
    const end = this.#all.indexOf(LF, from);
    const to = end > from + LEAD_BYTES && this.#all[end - 1] === CR ? end - 1 : end;
    return {
      at: this.#stampAt(from),
      text: this.#all.toString('utf8', from + LEAD_BYTES, to),
      more: false,
    };
  }

  lines(): readonly RawLine[] {
    const text = this.#all.toString('utf8');
    const lines: RawLine[] = [];
    for (let from = 0; from < text.length;) {
      const end = text.indexOf('\n', from);
      const begin = from + LEAD_BYTES;
      const to = end > begin && text.charCodeAt(end - 1) === CR ? end - 1 : end;
      lines.push({ at: text.slice(from, from + STAMP_BYTES), text: text.slice(begin, to), more: false });
      from = end + 1;
    }
    return lines;
  }

  slice(from: number, to: number): LineBlock {
    if (from === 0 && to === this.count) return this;
    const end = to < this.count ? this.#start(to) : this.#all.length;
    return new LineBytes(this.#all.subarray(this.#start(from), end), to - from);
  }

  later(at: string, from: number): number {
    let index = from;
    while (index < this.count && this.#compare(index, at) <= 0) index += 1;
    return index;
  }

  between(since: string | undefined, until: string | undefined): LineBlock {
    const isWithin = (index: number): boolean =>
      (since === undefined || this.#compare(index, since) >= 0) &&
      (until === undefined || this.#compare(index, until) <= 0);
    for (let index = 0; index < this.count; index += 1) {
      if (!isWithin(index)) return new LineList(this.lines().filter((_line, place) => isWithin(place)));
    }
    return this;
  }

  secondRuns(): readonly SecondRun[] {
    const places = this.#starts();
    const runs: SecondRun[] = [];
    for (let from = 0; from < this.count;) {
      let to = from + 1;
      while (to < this.count && this.#isSameSecond(places[to]!, places[from]!)) to += 1;
      const second = this.#all.toString('latin1', places[from]!, places[from]! + SECOND_BYTES);
      runs.push({ second, from, count: to - from });
      from = to;
    }
    return runs;
  }

  /** By halves: where lines repeat, they repeat for long. */
  sameAtEnd(): number {
    const [all, count] = [this.#all, this.count];
    const size = all.length - this.#lastStart();
    const holds = (lines: number): boolean => {
      const from = all.length - lines * size;
      if (from < 0 || (from > 0 && all[from - 1] !== LF)) return false;
      return all.compare(all, from, all.length - size, from + size, all.length) === 0;
    };
    let same = 1;
    let beyond = 2;
    while (beyond <= count && holds(beyond)) [same, beyond] = [beyond, beyond * 2];
    beyond = Math.min(beyond, count + 1);
    while (beyond - same > 1) {
      const middle = (same + beyond) >> 1;
      if (holds(middle)) same = middle;
      else beyond = middle;
    }
    return same;
  }

  #stampAt(place: number): string {
    return this.#all.toString('latin1', place, place + STAMP_BYTES);
  }

  #lastStart(): number {
    return this.count === 1 ? 0 : this.#all.lastIndexOf(LF, this.#all.length - 2) + 1;
  }

  #start(index: number): number {
    if (index === 0) return 0;
    return index === this.count - 1 ? this.#lastStart() : this.#starts()[index]!;
  }

  #starts(): Uint32Array {
    if (this.#places) return this.#places;
    const places = new Uint32Array(this.count);
    for (let index = 1; index < this.count; index += 1) {
      places[index] = this.#all.indexOf(LF, places[index - 1]! + STAMP_BYTES) + 1;
    }
    return (this.#places = places);
  }

  #compare(index: number, at: string): number {
    const place = this.#starts()[index]!;
    for (let offset = 0; offset < STAMP_BYTES; offset += 1) {
      const difference = this.#all[place + offset]! - at.charCodeAt(offset);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #isSameSecond(a: number, b: number): boolean {
    // Backwards: what differs, differs at the end.
    for (let offset = SECOND_BYTES - 1; offset >= 0; offset -= 1) {
      if (this.#all[a + offset] !== this.#all[b + offset]) return false;
    }
    return true;
  }
}
