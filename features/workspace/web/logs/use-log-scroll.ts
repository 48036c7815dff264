import { useCallback, useLayoutEffect, useReducer, useRef, type RefObject } from 'react';
import type { Placed } from './log-buffer.ts';
import type { LogFeed } from './log-feed.ts';

export const ROW_PX = 20;
/** Rows drawn above and below of what shows: fast scrolling shows lines, not emptiness. */
const OVERSCAN = 20;
/** The first row says what came before. */
const LEAD_ROWS = 1;

export interface LogScroll {
  readonly onScroll: () => void;
  readonly placed: readonly Placed[];
  readonly topPx: number;
  readonly heightPx: number;
  /** Leaves the end and brings the entry into view. */
  readonly goTo: (seq: number) => void;
  readonly screen: (direction: 1 | -1) => void;
  readonly home: () => void;
  /** First and last entry that can be seen. */
  readonly seen: () => { readonly first: number; readonly last: number };
}

/**
 * Which lines show. At the end the view follows; elsewhere it holds on to the first line in sight, whatever comes or goes
 * around it. Scrolling up leaves the end, scrolling down to it follows again.
 */
export function useLogScroll(
  feed: LogFeed,
  scroller: RefObject<HTMLElement | null>,
  viewPx: number,
): LogScroll {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const anchor = useRef({ seq: 0, offset: 0 });
  const lastTop = useRef(0);
  const { buffer } = feed;
  const heightPx = (LEAD_ROWS + buffer.totalRows()) * ROW_PX;
  const wantedTop = (): number => {
    if (feed.following) return Math.max(0, heightPx - viewPx);
    const top = (LEAD_ROWS + buffer.rowOf(anchor.current.seq)) * ROW_PX + anchor.current.offset;
    return Math.max(0, Math.min(top, heightPx - viewPx));
  };
  const hold = (top: number): void => {
    const row = Math.floor(top / ROW_PX) - LEAD_ROWS;
    const [first] = buffer.between(Math.max(0, row), Math.max(0, row) + 1);
    if (first) anchor.current = { seq: first.seq, offset: top - (LEAD_ROWS + first.row) * ROW_PX };
  };
  const top = viewPx > 0 ? wantedTop() : 0;
  const firstRow = Math.floor(top / ROW_PX) - LEAD_ROWS - OVERSCAN;
  const placed =
    viewPx > 0
      ? buffer.between(Math.max(0, firstRow), firstRow + Math.ceil(viewPx / ROW_PX) + 2 * OVERSCAN)
      : [];
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || viewPx === 0) return;
    const wanted = feed.following ? element.scrollHeight - element.clientHeight : wantedTop();
    if (Math.abs(element.scrollTop - wanted) > 1) element.scrollTop = wanted;
    lastTop.current = element.scrollTop;
    if (feed.following) hold(element.scrollTop);
  });
  const onScroll = (): void => {
    const element = scroller.current;
    if (!element || viewPx === 0) return;
    const now = element.scrollTop;
    const atEnd = element.scrollHeight - element.clientHeight - now < ROW_PX / 2;
    if (Math.abs(now - lastTop.current) <= 1) return;
    hold(now);
    if (feed.following && !atEnd && now < lastTop.current) feed.follow(false);
    if (!feed.following && atEnd && now > lastTop.current) feed.follow(true);
    lastTop.current = now;
    draw();
  };
  const seen = (): { first: number; last: number } => {
    const now = scroller.current?.scrollTop ?? 0;
    const row = Math.max(0, Math.floor(now / ROW_PX) - LEAD_ROWS);
    const shown = buffer.between(row, row + Math.max(1, Math.floor(viewPx / ROW_PX) - 1));
    return { first: shown[0]?.seq ?? 0, last: shown.at(-1)?.seq ?? 0 };
  };
  const goTo = useCallback(
    (seq: number) => {
      const element = scroller.current;
      const row = (LEAD_ROWS + buffer.rowOf(seq)) * ROW_PX;
      const now = element?.scrollTop ?? 0;
      const view = element?.clientHeight ?? 0;
      const inSight = row >= now && row + ROW_PX <= now + view;
      const next = inSight ? now : Math.max(0, row - Math.floor(view / 2));
      feed.follow(false);
      hold(next);
      draw();
    },
    // oxlint-disable-next-line react/exhaustive-deps -- what it reads is the feed's and the element's
    [feed, buffer, scroller],
  );
  return {
    onScroll,
    placed,
    topPx: placed[0] ? (LEAD_ROWS + placed[0].row) * ROW_PX : ROW_PX,
    heightPx,
    goTo,
    screen: (direction) => scroller.current?.scrollBy(0, direction * Math.max(ROW_PX, viewPx - 2 * ROW_PX)),
    home: () => scroller.current?.scrollTo(0, 0),
    seen,
  };
}
