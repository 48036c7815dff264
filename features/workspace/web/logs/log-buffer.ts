import type { GapEntry, LogEntry } from './log-entry.ts';
import { prettyJson } from './json-line.ts';
import { cellsOf } from './text-cells.ts';

/** An entry and where it stands: `seq` grows down the list and names the entry as long as it is kept. */
export interface Kept {
  readonly seq: number;
  readonly entry: LogEntry;
  /** Columns of the text, counted once. */
  readonly cells: number;
}

/** What decides how high an entry is drawn, in rows of text. */
export interface LogLayout {
  /** Columns at which lines wrap; 0: they do not. */
  readonly columns: number;
  /** Pods that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Lines shown as JSON over several rows, by seq. */
  readonly opened: ReadonlySet<number>;
}

export interface BufferLimits {
  readonly lines: number;
  /** Characters of all lines together: very long ones must not fill the memory. */
  readonly characters: number;
}

interface Block {
  items: Kept[];
  rows: number;
  characters: number;
}

export interface Placed extends Kept {
  /** First row of the entry. */
  readonly row: number;
  readonly rows: number;
}

const BLOCK = 512;
export const USUAL_LIMITS: BufferLimits = { lines: 100_000, characters: 48 * 1024 * 1024 };

/**
 * The lines of one view in the order in which they came, at most so many: the oldest go first, by the block. Says where
 * each stands in rows of text, so that a view draws only what shows. While it is held nothing goes: new lines wait aside,
 * again at most so many; what does not fit there leaves a gap entry.
 */
export class LogBuffer {
  readonly #limits: BufferLimits;
  #blocks: Block[] = [];
  #layout: LogLayout = { columns: 0, hidden: new Set(), opened: new Set() };
  #next = 1;
  #lines = 0;
  #characters = 0;
  #dropped = 0;
  #widest = 0;
  #waiting: LogEntry[] = [];
  #lost: { entries: number; from: string; to: string } | undefined;

  constructor(limits: BufferLimits = USUAL_LIMITS) {
    this.#limits = limits;
  }

  /** Entries that are kept, marks among them. */
  get size(): number {
    return this.#lines;
  }
  /** Entries that were let go. */
  get dropped(): number {
    return this.#dropped;
  }
  get waiting(): number {
    return this.#waiting.length + (this.#lost?.entries ?? 0);
  }
  get full(): boolean {
    return this.#lines >= this.#limits.lines || this.#characters >= this.#limits.characters;
  }
  get layout(): LogLayout {
    return this.#layout;
  }
  /** Columns of the widest line so far. */
  get widest(): number {
    return this.#widest;
  }
  get firstSeq(): number {
    return this.#blocks[0]?.items[0]?.seq ?? this.#next;
  }
  get nextSeq(): number {
    return this.#next;
  }

  totalRows(): number {
    return this.#blocks.reduce((sum, { rows }) => sum + rows, 0);
  }

  push(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#append(entry);
    while (this.#overfull() && this.#blocks.length > 1) this.#dropBlock();
  }

  /** As `push`, but nothing goes for it and nothing of it shows before `release`. */
  hold(entries: readonly LogEntry[]): void {
    this.#waiting.push(...entries);
    const over = this.#waiting.length - this.#limits.lines;
    if (over <= 0) return;
    const gone = this.#waiting.splice(0, over + BLOCK);
    const times = gone.flatMap((entry) => (entry.type === 'line' ? [entry.at] : []));
    this.#lost = {
      entries: (this.#lost?.entries ?? 0) + gone.length,
      from: this.#lost?.from ?? times[0] ?? '',
      to: times.at(-1) ?? this.#lost?.to ?? '',
    };
  }

  /** Lets in what waited. */
  release(): void {
    const lost = this.#lost;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#lost = undefined;
    if (lost) this.push([heldGap(lost)]);
    this.push(waiting);
  }

  setLayout(layout: LogLayout): void {
    this.#layout = layout;
    for (const block of this.#blocks) block.rows = this.#sumOf(block.items);
  }

  /** Puts lines where `seq` stands; they were skipped there. The entry at `seq` goes. */
  replace(seq: number, entries: readonly LogEntry[]): void {
    const at = this.#blockOf(seq);
    const block = this.#blocks[at];
    const place = block ? block.items.findIndex((kept) => kept.seq === seq) : -1;
    if (!block || place === -1) return;
    const step = 1 / (entries.length + 1);
    const added = entries.map((entry, index) => keep(seq + step * index, entry));
    const items = block.items.toSpliced(place, 1, ...added);
    const parts: Block[] = [];
    for (let from = 0; from < items.length; from += BLOCK) {
      const part = items.slice(from, from + BLOCK);
      parts.push({ items: part, rows: this.#sumOf(part), characters: charactersOf(part) });
    }
    this.#blocks.splice(at, 1, ...parts);
    this.#lines += added.length - 1;
    this.#characters += charactersOf(added);
    this.#widest = added.reduce((widest, { cells }) => Math.max(widest, cells), this.#widest);
  }

  /** The entries that touch rows `from` to `to` (exclusive). */
  between(from: number, to: number): readonly Placed[] {
    const found: Placed[] = [];
    let row = 0;
    for (const block of this.#blocks) {
      if (row >= to) break;
      if (row + block.rows > from) row = this.#collect(block, row, from, to, found);
      else row += block.rows;
    }
    return found;
  }

  /** First row of an entry; of the first one that is kept, if it has gone. */
  rowOf(seq: number): number {
    let row = 0;
    for (const block of this.#blocks) {
      if ((block.items.at(-1)?.seq ?? 0) < seq) {
        row += block.rows;
        continue;
      }
      for (const kept of block.items) {
        if (kept.seq >= seq) return row;
        row += this.rowsOf(kept);
      }
    }
    return row;
  }

  at(seq: number): Kept | undefined {
    return this.#blocks[this.#blockOf(seq)]?.items.find((kept) => kept.seq === seq);
  }

  /** The next entry that is drawn, `by` steps on; the last (first) one where there are not so many. */
  step(seq: number, by: number): Kept | undefined {
    const shown = this.around(seq, Math.abs(by) + 1);
    const at = shown.findIndex((kept) => kept.seq >= seq);
    return shown[Math.max(0, Math.min(shown.length - 1, at + by))];
  }

  /** All entries from `seq` on, in order. */
  *entries(from = 0): Generator<Kept> {
    for (const { items } of this.#blocks) {
      if ((items.at(-1)?.seq ?? 0) < from) continue;
      for (const kept of items) if (kept.seq >= from) yield kept;
    }
  }

  shown(kept: Kept): boolean {
    return this.rowsOf(kept) > 0;
  }

  #append(entry: LogEntry): void {
    const kept = keep(this.#next, entry);
    this.#next += 1;
    this.#lines += 1;
    let block = this.#blocks.at(-1);
    if (!block || block.items.length >= BLOCK) {
      block = { items: [], rows: 0, characters: 0 };
      this.#blocks.push(block);
    }
    block.items.push(kept);
    block.rows += this.rowsOf(kept);
    block.characters += lengthOf(kept);
    this.#characters += lengthOf(kept);
    if (kept.cells > this.#widest) this.#widest = kept.cells;
  }

  #overfull(): boolean {
    return this.#lines > this.#limits.lines || this.#characters > this.#limits.characters;
  }

  #dropBlock(): void {
    const block = this.#blocks.shift()!;
    this.#lines -= block.items.length;
    this.#dropped += block.items.length;
    this.#characters -= block.characters;
  }

  #collect(block: Block, start: number, from: number, to: number, found: Placed[]): number {
    let row = start;
    for (const kept of block.items) {
      if (row >= to) return row;
      const rows = this.rowsOf(kept);
      if (rows > 0 && row + rows > from) found.push({ ...kept, row, rows });
      row += rows;
    }
    return row;
  }

  /** Entries that are drawn, at least about `count` to both sides where there are so many. */
  around(seq: number, count: number): readonly Kept[] {
    const at = this.#blockOf(seq);
    const spread = Math.ceil(count / BLOCK) + 1;
    let [from, to] = [Math.max(0, at - spread), at + spread + 1];
    const drawn = (): Kept[] =>
      this.#blocks.slice(from, to).flatMap(({ items }) => items.filter((kept) => this.shown(kept)));
    // Where a pod is hidden, blocks may have nothing to show: look further.
    let found = drawn();
    while (found.length <= count * 2 && (from > 0 || to < this.#blocks.length)) {
      from = Math.max(0, from - 8);
      to += 8;
      found = drawn();
    }
    return found;
  }

  /** Index of the block that has, or would have, the entry. */
  #blockOf(seq: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle]!.items[0]?.seq ?? 0) <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #sumOf(items: readonly Kept[]): number {
    return items.reduce((sum, kept) => sum + this.rowsOf(kept), 0);
  }

  /** How high the entry is drawn; 0: not at all. */
  rowsOf(kept: Kept): number {
    const { entry, seq, cells } = kept;
    const { columns, hidden, opened } = this.#layout;
    if (entry.source && hidden.has(entry.source.pod)) return 0;
    if (entry.type !== 'line') return 1;
    const pretty = opened.has(seq) ? prettyJson(entry.text) : undefined;
    if (pretty === undefined) return wrapped(cells, columns);
    return pretty.split('\n').reduce((sum, line) => sum + wrapped(cellsOf(line), columns), 0);
  }
}

function wrapped(cells: number, columns: number): number {
  return columns === 0 || cells === 0 ? 1 : Math.ceil(cells / columns);
}

function keep(seq: number, entry: LogEntry): Kept {
  return { seq, entry, cells: entry.type === 'line' ? cellsOf(entry.text) : 0 };
}

const lengthOf = ({ entry }: Kept): number => (entry.type === 'line' ? entry.text.length : 0);
const charactersOf = (items: readonly Kept[]): number => items.reduce((sum, kept) => sum + lengthOf(kept), 0);

function heldGap(lost: { entries: number; from: string; to: string }): GapEntry {
  return {
    type: 'gap',
    source: undefined,
    from: lost.from,
    to: lost.to,
    why: 'held',
    skipped: lost.entries,
  };
}
