import { isNumeric, type TableColumn } from './table-column.ts';

/** Mean width of a character of 13 px IBM Plex Sans, rounded up; digits are the widest common ones. */
const CHARACTER_PX = 7.2;
const DIGIT_PX = 8;
const PADDING_PX = 24;
const MARK_PX = 18;
const LEAST_PX = 56;
const MOST_PX = 320;
const NAME_LEAST_PX = 220;

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
 * always show, others from the left while there is room and if they hold anything; the first column takes what is left over.
 */
export function layoutColumns(
  columns: readonly TableColumn[],
  lengths: readonly number[],
  availablePx: number,
): ColumnLayout {
  const widths = columns.map((column, index) => widthOf(column, index, lengths[index] ?? 0));
  let used = 0;
  for (const [index, column] of columns.entries()) if (column.priority === 0) used += widths[index]!;
  const visible: number[] = [];
  for (const [index, column] of columns.entries()) {
    const hasText = (lengths[index] ?? 0) > 0;
    const fits = column.priority === 0 || (hasText && used + widths[index]! <= availablePx);
    if (!fits) continue;
    if (column.priority > 0) used += widths[index]!;
    visible.push(index);
  }
  const template = visible
    .map((index) => (index === 0 ? `minmax(${widths[0]}px, 1fr)` : `${widths[index]}px`))
    .join(' ');
  return { visible, template, leastPx: visible.reduce((sum, index) => sum + widths[index]!, 0) };
}

function widthOf(column: TableColumn, index: number, length: number): number {
  const text = Math.max(length, column.title.length + 2);
  const mark = column.type === 'status' ? MARK_PX : 0;
  const wanted = Math.ceil(text * (isNumeric(column) ? DIGIT_PX : CHARACTER_PX)) + PADDING_PX + mark;
  const least = index === 0 ? NAME_LEAST_PX : LEAST_PX;
  return Math.min(MOST_PX, Math.max(least, wanted));
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
