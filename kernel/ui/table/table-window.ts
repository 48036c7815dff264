/** Rows of one window: enough that scrolling meets it before its end, few enough that a snapshot is small. */
export const WINDOW_ROWS = 240;
/** Nearer than this to a loaded edge, the window moves. */
const MARGIN = 60;

export interface Range {
  readonly offset: number;
  readonly limit: number;
}

/**
 * The window to ask for when rows `first`…`last` are on screen; undefined when the current one will do. Windows start at
 * multiples of 20, so that two people at about the same place share one stream of the gateway.
 */
export function nextWindow(current: Range, first: number, last: number, total: number): Range | undefined {
  const loadedEnd = current.offset + current.limit;
  const aboveIsNear = current.offset > 0 && first < current.offset + MARGIN;
  const belowIsNear = loadedEnd < total && last > loadedEnd - MARGIN;
  if (!aboveIsNear && !belowIsNear) return undefined;
  const middle = Math.floor((first + last) / 2);
  const start = Math.max(0, middle - WINDOW_ROWS / 2);
  const offset = Math.floor(start / 20) * 20;
  return offset === current.offset ? undefined : { offset, limit: WINDOW_ROWS };
}
