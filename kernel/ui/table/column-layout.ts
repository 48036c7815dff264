import { isNumeric, type TableColumn } from './table-column.ts';

/** Mean widths of characters of 13 px IBM Plex Sans and of the 12 px heads, rounded up; digits are the widest common ones. */
const CHARACTER_PX = 7.4;
const DIGIT_PX = 8;
const HEAD_PX = 7;
const PADDING_PX = 24;
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
 * 0 show from the left while there is room and if they hold anything. The first column and those of long texts share what is
 * left over. Where room is short all texts give way in proportion; where that is not enough, columns go from the right, but
 * never the first, the status and the last: what it is, how it is, since when.
 */
export function layoutColumns(
  columns: readonly TableColumn[],
  lengths: readonly number[],
  availablePx: number,
): ColumnLayout {
  const room = availablePx - EDGES_PX;
  const sizes = columns.map((column, index) => sizeOf(column, index, lengths[index] ?? 0));
  const visible = dropped(visibleColumns(columns, lengths, sizes, room), columns, sizes, room);
  const widths = shrunk(
    visible.map((index) => sizes[index]!),
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

interface Size {
  readonly wanted: number;
  readonly least: number;
}

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
  const goes = visible.findLastIndex(
    (index, place) => place > 0 && place < visible.length - 1 && columns[index]!.type !== 'status',
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

function sizeOf(column: TableColumn, index: number, length: number): Size {
  const text =
    length * (isNumeric(column) ? DIGIT_PX : CHARACTER_PX) + (column.type === 'status' ? MARK_PX : 0);
  const head = column.title.length * HEAD_PX + ARROW_PX;
  const most = index === 0 || length >= LONG_CHARACTERS ? MOST_LEAD_PX : MOST_PX;
  const floor = index === 0 ? NAME_PX : LEAST_PX;
  const wanted = Math.min(most, Math.max(floor, Math.ceil(Math.max(text, head)) + PADDING_PX));
  const gives = column.type === 'text';
  return { wanted, least: gives ? Math.min(wanted, index === 0 ? SHRUNK_NAME_PX : SHRUNK_PX) : wanted };
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
