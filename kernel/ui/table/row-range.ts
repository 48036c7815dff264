/** Rows kept beside those on screen, on either side: what a fast wheel meets before the page has drawn again. */
const AROUND = 8;
/** Rows come and go in groups of this many, so that most frames of a scroll change nothing in the page. */
const GROUP = 8;

/** Rows `first` up to but not including `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

export const NO_ROWS: RowRange = { first: 0, end: 0 };

/** Which rows are in the page while those from `topPx` to `topPx + heightPx` show, all as high as `rowPx`. */
export function rowRange(topPx: number, heightPx: number, rowPx: number, total: number): RowRange {
  if (heightPx <= 0) return NO_ROWS;
  const last = Math.max(0, Math.ceil((topPx + heightPx) / rowPx));
  const top = Math.min(Math.max(0, Math.floor(topPx / rowPx)), Math.max(0, total - 1));
  return {
    first: Math.max(0, Math.floor((top - AROUND) / GROUP) * GROUP),
    end: Math.min(total, Math.ceil((last + AROUND) / GROUP) * GROUP),
  };
}

/** Where to scroll to so that the row stands below the head and above the lower edge; where it does already, `topPx`. */
export function scrolledTo(
  row: number,
  { topPx, heightPx, rowPx, headPx }: { topPx: number; heightPx: number; rowPx: number; headPx: number },
): number {
  const upper = row * rowPx;
  const lower = upper + headPx + rowPx - heightPx;
  return Math.max(0, topPx > upper ? upper : topPx < lower ? lower : topPx);
}
