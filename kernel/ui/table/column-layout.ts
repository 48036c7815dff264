import { isNumeric, leadOf, type TableColumn } from './table-column.ts';

/** Mean widths of characters of 13 px IBM Plex Sans and of the 12 px heads, rounded up; digits are the widest common ones. */
const CHARACTER_PX = 7.4;
const DIGIT_PX = 8;
const HEAD_PX = 7;
const PADDING_PX = 24;
/** Short texts stray further from the mean: capitals, m and w. */
const STRAY_PX = 8;
const MARK_PX = 18;
const ARROW_PX = 14;
const LEAST_PX = 56;
const MOST_PX = 240;
const MOST_LEAD_PX = 320;
const NAME_PX = 220;
/** Texts give way down to this where room is short; names to the other. */
const SHRUNK_PX = 112;
const SHRUNK_NAME_PX = 200;
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
 * Which columns show in `availablePx` and how wide. `lengths` are the longest texts seen, in characters. Columns above priority
 * 0 show from the left while there is room and if they hold anything. The column that names the row and those of long texts
 * share what is left over, or all texts where none is long. Where room is short all texts give way in proportion; where that is not enough, columns go from the right, but
 * never the first, the one that names the row, the status and the last: what it is, how it is, since when.
 */
export function layoutColumns(
  columns: readonly TableColumn[],
  lengths: readonly number[],
  availablePx: number,
  /** Taken before the columns, for the place to choose the row. */
  beforePx = 0,
): ColumnLayout {
  const room = availablePx - EDGES_PX - beforePx;
  const lead = leadOf(columns);
  const sizes = columns.map((column, index) => sizeOf(column, index === lead, lengths[index] ?? 0));
  const visible = dropped(visibleColumns(columns, lengths, sizes, room), columns, sizes, room);
  const widths = shrunk(
    visible.map((index) => sizes[index]!),
    room,
  );
  const long = visible.some((index) => index !== lead && (lengths[index] ?? 0) >= LONG_CHARACTERS);
  const template = visible
    .map((index, place) => {
      const share = shareOf(columns[index]!, index === lead, (lengths[index] ?? 0) >= LONG_CHARACTERS, long);
      return share === 0 ? `${widths[place]}px` : `minmax(${widths[place]}px, ${share}fr)`;
    })
    .join(' ');
  return {
    visible,
    template: beforePx === 0 ? template : `${beforePx}px ${template}`,
    leastPx: widths.reduce((sum, px) => sum + px, EDGES_PX + beforePx),
  };
}

/** Of what is left over: long texts take most; where there are none, names and texts share it so that rows stay together. */
function shareOf(column: TableColumn, lead: boolean, isLong: boolean, anyLong: boolean): number {
  if (anyLong) return lead ? 1 : isLong ? 2 : 0;
  if (lead) return 3;
  return isNumeric(column) ? 0 : 1;
}

interface Size {
  readonly wanted: number;
  readonly least: number;
}

/** The place to choose the row. */
export const CHECK_PX = 28;

/** The rows' own padding, both sides. */
const EDGES_PX = 8;

function visibleColumns(
  columns: readonly TableColumn[],
  lengths: readonly number[],
  sizes: readonly Size[],
  room: number,
): readonly number[] {
  let used = columns.reduce((sum, { priority }, at) => sum + (priority === 0 ? sizes[at]!.wanted : 0), 0);
  const visible: number[] = [];
  for (const [index, { priority }] of columns.entries()) {
    const { wanted } = sizes[index]!;
    const fits = (lengths[index] ?? 0) > 0 && used + wanted <= room;
    if (priority > 0 && !fits) continue;
    if (priority > 0) used += wanted;
    visible.push(index);
  }
  return visible;
}

/** Without the columns that do not fit even when all are as narrow as they may be. */
function dropped(
  visible: readonly number[],
  columns: readonly TableColumn[],
  sizes: readonly Size[],
  room: number,
): readonly number[] {
  const least = visible.reduce((sum, index) => sum + sizes[index]!.least, 0);
  if (least <= room) return visible;
  const lead = leadOf(columns);
  const goes = visible.findLastIndex(
    (index, place) =>
      index !== lead && place > 0 && place < visible.length - 1 && columns[index]!.type !== 'status',
  );
  return goes === -1 ? visible : dropped(visible.toSpliced(goes, 1), columns, sizes, room);
}

/** Takes what is too much from all that can give, in proportion to what each can. */
function shrunk(sizes: readonly Size[], room: number): number[] {
  const over = sizes.reduce((sum, { wanted }) => sum + wanted, 0) - room;
  const slack = sizes.reduce((sum, { wanted, least }) => sum + wanted - least, 0);
  const share = over > 0 && slack > 0 ? Math.min(1, over / slack) : 0;
  return sizes.map(({ wanted, least }) => Math.floor(wanted - (wanted - least) * share));
}

function sizeOf(column: TableColumn, lead: boolean, length: number): Size {
  const text =
    length * (isNumeric(column) ? DIGIT_PX : CHARACTER_PX) +
    (isNumeric(column) || length === 0 ? 0 : STRAY_PX) +
    (column.type === 'status' ? MARK_PX : 0);
  const head = column.title.length * HEAD_PX + ARROW_PX;
  const most = lead || length >= LONG_CHARACTERS ? MOST_LEAD_PX : MOST_PX;
  const floor = lead ? NAME_PX : LEAST_PX;
  const wanted = Math.min(most, Math.max(floor, Math.ceil(Math.max(text, head)) + PADDING_PX));
  const gives = column.type === 'text';
  return { wanted, least: gives ? Math.min(wanted, lead ? SHRUNK_NAME_PX : SHRUNK_PX) : wanted };
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
