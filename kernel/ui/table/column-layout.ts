import { isNumeric, type TableColumn } from './table-column.ts';

/** Mean widths of characters of 13 px IBM Plex Sans and of the 12 px heads, rounded up; digits are the widest common ones. */
const CHARACTER_PX = 7.4;
const DIGIT_PX = 8;
const HEAD_PX = 6.8;
const PADDING_PX = 24;
const MARK_PX = 18;
const ARROW_PX = 14;
const LEAST_PX = 56;
const MOST_PX = 320;
const NAME_PX = 220;
/** Texts give way down to this before the table scrolls sideways. */
const SHRUNK_PX = 128;
/** A column of texts this long (messages) shares what is left over with the first. */
const LONG_CHARACTERS = 40;

export interface ColumnLayout {
  /** Indexes into the columns, in order. */
  readonly visible: readonly number[];
  /** For `grid-template-columns`. */
  readonly template: string;
  /** Sum of the least widths, px: narrower than this the table scrolls sideways. */
  readonly leastPx: number;
}

/**
 * Which columns show in `availablePx` and how wide. `lengths` are the longest texts seen, in characters. Columns of priority 0
 * always show, others from the left while there is room and if they hold anything. The first column and those of long texts
 * share what is left over; where too little is there, the widest texts give way first.
 */
export function layoutColumns(
  columns: readonly TableColumn[],
  lengths: readonly number[],
  availablePx: number,
): ColumnLayout {
  const room = availablePx - EDGES_PX;
  const wanted = columns.map((column, index) => widthOf(column, index, lengths[index] ?? 0));
  const visible = visibleColumns(columns, lengths, wanted, room);
  const widths = shrink(
    visible.map((index) => ({ px: wanted[index]!, gives: columns[index]!.type === 'text' })),
    room,
  );
  const template = visible
    .map((index, place) => {
      const takes = index === 0 || (lengths[index] ?? 0) >= LONG_CHARACTERS;
      return takes ? `minmax(${widths[place]}px, ${index === 0 ? 1 : 2}fr)` : `${widths[place]}px`;
    })
    .join(' ');
  return { visible, template, leastPx: widths.reduce((sum, px) => sum + px, EDGES_PX) };
}

/** The rows' own padding, both sides. */
const EDGES_PX = 8;

function visibleColumns(
  columns: readonly TableColumn[],
  lengths: readonly number[],
  wanted: readonly number[],
  room: number,
): readonly number[] {
  let used = columns.reduce((sum, { priority }, index) => sum + (priority === 0 ? wanted[index]! : 0), 0);
  const visible: number[] = [];
  for (const [index, { priority }] of columns.entries()) {
    const fits = (lengths[index] ?? 0) > 0 && used + wanted[index]! <= room;
    if (priority > 0 && !fits) continue;
    if (priority > 0) used += wanted[index]!;
    visible.push(index);
  }
  return visible;
}

/** Takes what is too much from the widest that can give, until it fits or all are as narrow as they may be. */
function shrink(
  columns: readonly { readonly px: number; readonly gives: boolean }[],
  room: number,
): number[] {
  const widths = columns.map(({ px }) => px);
  let over = widths.reduce((sum, px) => sum + px, 0) - room;
  const givers = columns.flatMap(({ gives }, index) => (gives ? [index] : []));
  for (const index of givers.toSorted((a, b) => widths[b]! - widths[a]!)) {
    const given = Math.min(Math.max(0, over), Math.max(0, widths[index]! - SHRUNK_PX));
    widths[index]! -= given;
    over -= given;
  }
  return widths.map(Math.ceil);
}

function widthOf(column: TableColumn, index: number, length: number): number {
  const text =
    length * (isNumeric(column) ? DIGIT_PX : CHARACTER_PX) + (column.type === 'status' ? MARK_PX : 0);
  const head = column.title.length * HEAD_PX + ARROW_PX;
  const least = index === 0 ? NAME_PX : LEAST_PX;
  return Math.min(MOST_PX, Math.max(least, Math.ceil(Math.max(text, head)) + PADDING_PX));
}

/** The longer of what was seen and what these rows hold: columns grow, and never shrink under the eye. */
export function growLengths(
  seen: readonly number[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  let grown: number[] | undefined;
  for (const row of rows) {
    for (const [index, text] of row.entries()) {
      const longest = (grown ?? seen)[index] ?? 0;
      if (text.length <= longest) continue;
      grown ??= [...seen];
      grown[index] = text.length;
    }
  }
  return grown ?? seen;
}
