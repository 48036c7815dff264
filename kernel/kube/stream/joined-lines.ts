import type { LineBlock, RawLine, SecondRun } from './line-block.ts';
import { isSameLine, LineList } from './line-list.ts';

/**
 * Blocks that stand one behind the other as few: neighbours that are plain become one, of which nothing is copied. What is done for a
 * block, from the order of times to the write, is then done once for all that a turn of the event loop has brought.
 */
export function joinBlocks(blocks: readonly LineBlock[]): readonly LineBlock[] {
  const joined: LineBlock[] = [];
  for (let from = 0; from < blocks.length;) {
    let to = from + 1;
    if (blocks[from]!.plain) while (blocks[to]?.plain) to += 1;
    joined.push(to === from + 1 ? blocks[from]! : new JoinedLines(blocks.slice(from, to)));
    from = to;
  }
  return joined;
}

/** Plain blocks of one log, one behind the other. */
class JoinedLines implements LineBlock {
  readonly count: number;
  readonly bytes: number;
  readonly plain: readonly Buffer[];
  readonly #parts: readonly LineBlock[];

  constructor(parts: readonly LineBlock[]) {
    this.#parts = parts;
    this.plain = parts.flatMap((part) => part.plain!);
    let [count, bytes] = [0, 0];
    for (const part of parts) {
      count += part.count;
      bytes += part.bytes;
    }
    this.count = count;
    this.bytes = bytes;
  }

  get firstAt(): string {
    return this.#parts[0]!.firstAt;
  }

  get lastAt(): string {
    return this.#parts.at(-1)!.lastAt;
  }

  at(index: number): string {
    return this.slice(index, index + 1).firstAt;
  }

  line(index: number): RawLine {
    return this.slice(index, index + 1).line(0);
  }

  lines(): readonly RawLine[] {
    return this.#parts.flatMap((part) => part.lines());
  }

  slice(from: number, to: number): LineBlock {
    if (from === 0 && to === this.count) return this;
    const parts: LineBlock[] = [];
    let before = 0;
    for (const part of this.#parts) {
      const [begin, end] = [Math.max(from - before, 0), Math.min(to - before, part.count)];
      if (begin < end) parts.push(part.slice(begin, end));
      before += part.count;
    }
    return parts.length === 1 ? parts[0]! : new JoinedLines(parts);
  }

  later(at: string, from: number): number {
    let before = 0;
    for (const part of this.#parts) {
      const begin = Math.max(from - before, 0);
      const place = begin < part.count ? part.later(at, begin) : part.count;
      if (place < part.count) return before + place;
      before += part.count;
    }
    return this.count;
  }

  between(since: string | undefined, until: string | undefined): LineBlock {
    const parts = this.#parts.map((part) => part.between(since, until));
    if (parts.every((part, index) => part === this.#parts[index])) return this;
    return new LineList(parts.flatMap((part) => part.lines()));
  }

  secondRuns(): readonly SecondRun[] {
    const runs: SecondRun[] = [];
    let before = 0;
    for (const part of this.#parts) {
      for (const { second, from, count } of part.secondRuns()) {
        const last = runs.at(-1);
        if (last?.second === second) runs[runs.length - 1] = { ...last, count: last.count + count };
        else runs.push({ second, from: before + from, count });
      }
      before += part.count;
    }
    return runs;
  }

  sameAtEnd(): number {
    const last = this.#parts.at(-1)!;
    let same = last.sameAtEnd();
    if (same < last.count) return same;
    const line = last.line(0);
    for (const part of this.#parts.slice(0, -1).toReversed()) {
      if (!isSameLine(part.line(part.count - 1), line)) return same;
      const here = part.sameAtEnd();
      same += here;
      if (here < part.count) return same;
    }
    return same;
  }
}
