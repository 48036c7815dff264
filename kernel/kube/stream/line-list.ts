import type { LineBlock, RawLine, SecondRun } from './line-block.ts';

/** What a line takes beside its text, about: its time, and what holds it. */
const LINE_BYTES = 96;

/** Lines that had to be looked at. */
export class LineList implements LineBlock {
  readonly bytes: number;
  readonly plain = undefined;
  readonly #lines: readonly RawLine[];

  constructor(lines: readonly RawLine[]) {
    this.#lines = lines;
    let bytes = 0;
    for (const { text } of lines) bytes += text.length + LINE_BYTES;
    this.bytes = bytes;
  }

  get count(): number {
    return this.#lines.length;
  }

  get firstAt(): string {
    return this.#lines[0]?.at ?? '';
  }

  get lastAt(): string {
    return this.#lines.at(-1)?.at ?? '';
  }

  at(index: number): string {
    return this.line(index).at;
  }

  line(index: number): RawLine {
    return this.#lines[index]!;
  }

  lines(): readonly RawLine[] {
    return this.#lines;
  }

  slice(from: number, to: number): LineBlock {
    return new LineList(this.#lines.slice(from, to));
  }

  later(at: string, from: number): number {
    let index = from;
    while (index < this.count && this.at(index) <= at) index += 1;
    return index;
  }

  between(since: string | undefined, until: string | undefined): LineBlock {
    const within = this.#lines.filter(
      ({ at }) => (since === undefined || at >= since) && (until === undefined || at <= until),
    );
    return within.length === this.count ? this : new LineList(within);
  }

  secondRuns(): readonly SecondRun[] {
    const runs: SecondRun[] = [];
    for (let from = 0; from < this.count;) {
      const second = this.at(from).slice(0, 19);
      let to = from + 1;
      while (to < this.count && this.at(to).startsWith(second)) to += 1;
      runs.push({ second, from, count: to - from });
      from = to;
    }
    return runs;
  }

  sameAtEnd(): number {
    const last = this.#lines.at(-1);
    if (!last) return 0;
    const other = this.#lines.findLastIndex((line) => !isSameLine(line, last));
    return this.count - 1 - other;
  }
}

export function isSameLine(a: RawLine, b: RawLine): boolean {
  return a.at === b.at && a.text === b.text && a.more === b.more;
}
