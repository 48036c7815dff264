import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { NO_ROWS, rowRange, scrolledTo, type RowRange } from './row-range.ts';

export interface VisibleRows {
  /** For the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Rows in the page: those on screen and some around them. */
  readonly range: RowRange;
  readonly scrollToRow: (row: number) => void;
}

/**
 * Which rows of a scroller are in the page: all as high as `rowPx`, below a head of `headPx` that stays. Renders again only when
 * these are others, within the frame of the scroll that needs them.
 */
export function useVisibleRows(options: {
  readonly total: number;
  readonly rowPx: number;
  readonly headPx: number;
}): VisibleRows {
  const { total, rowPx, headPx } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const heightPx = useRef(0);
  const [range, setRange] = useState(NO_ROWS);
  const shown = useRef(range);
  const look = useCallback((): void => {
    const next = rowRange(scroller.current?.scrollTop ?? 0, heightPx.current, rowPx, total);
    const { first, end } = shown.current;
    if (next.first === first && next.end === end) return;
    shown.current = next;
    setRange(next);
  }, [rowPx, total]);
  useLayoutEffect(() => {
    heightPx.current ||= scroller.current?.clientHeight ?? 0;
    look();
  }, [look]);
  useEffect(() => {
    const target = scroller.current;
    if (!target) return undefined;
    const onScroll = (): void => flushSync(look);
    const observer = new ResizeObserver(() => {
      heightPx.current = target.clientHeight;
      look();
    });
    observer.observe(target);
    target.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      target.removeEventListener('scroll', onScroll);
    };
  }, [look]);
  const scrollToRow = useCallback(
    (row: number): void => {
      const target = scroller.current;
      if (!target) return;
      const { scrollTop: topPx, clientHeight } = target;
      target.scrollTo({ top: scrolledTo(row, { topPx, heightPx: clientHeight, rowPx, headPx }) });
    },
    [rowPx, headPx],
  );
  return { scroller, range, scrollToRow };
}
