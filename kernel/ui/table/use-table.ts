import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import { useStore } from '../live/use-store.ts';
import { announce } from '../parts/announce.ts';
import type { MenuPlace } from '../parts/menu.tsx';
import { settings } from '../settings/settings.ts';
import { CHECK_PX, growLengths, layoutColumns } from './column-layout.ts';
import { cellText, type Cell, type TableColumn } from './table-column.ts';
import type { TableProps } from './table-props.ts';
import { nextWindow } from './table-window.ts';
import { useChoosing } from './use-choosing.ts';
import { useElementWidth } from './use-element-width.ts';
import { useSteadyCallback } from './use-steady-callback.ts';
import { useTableKeys } from './use-table-keys.ts';
import { useVisibleRows } from './use-visible-rows.ts';

const COMPACT_ROW_PX = 56;

/** All that a table does; what it looks like stands in table.tsx. */
export function useTable(props: TableProps) {
  const { columns, rows, offset, total, compact, cellsOf, onOpen } = props;
  const { rowPx: linePx } = useStore(settings);
  const rowPx = compact ? COMPACT_ROW_PX : linePx;
  const headPx = compact ? 0 : linePx;
  const { scroller, range, scrollToRow } = useVisibleRows({ total, rowPx, headPx });
  const width = useElementWidth(scroller);
  const lengths = useLengths(columns, rows, cellsOf);
  const layout = useTableLayout(props, lengths, width);
  useEffect(() => {
    // Nothing is returned: `scrollTo` answers with a promise in newer browsers, and React would call it.
    scroller.current?.scrollTo({ top: 0 });
  }, [scroller, props.place]);
  // Until the next look there may be fewer rows than were shown.
  const end = Math.min(range.end, total);
  useWindowMoves(props, range.first, Math.max(range.first, end - 1));
  const { cursor, setCursor } = useCursor(rows, offset);
  const atCursor = cursor === undefined ? undefined : rows[cursor - offset];
  const { onCursor } = props;
  useEffect(() => onCursor?.(atCursor), [onCursor, atCursor]);
  const id = useId();
  const move = (to: number): void => {
    const index = Math.max(0, Math.min(total - 1, to));
    setCursor(index, rows[index - offset]?.key);
    // Else Enter would press the button that had the focus before, not open the row.
    scroller.current?.focus({ preventScroll: true });
    scrollToRow(index);
  };
  const openAt = useCallback(
    (row: LiveRow, index: number) => {
      setCursor(index, row.key);
      onOpen(row);
    },
    [onOpen, setCursor],
  );
  const focusTable = useSteadyCallback(() => scroller.current?.focus({ preventScroll: true }));
  const choosing = useChoosing(props, setCursor);
  const openMenu = (row: LiveRow, index: number, place: MenuPlace): void => {
    setCursor(index, row.key);
    props.onMenu?.(row, place, focusTable);
  };
  const menuAtCursor = (): void => {
    const row = cursor === undefined ? undefined : rows[cursor - offset];
    const element = row && document.getElementById(`${id}-${cursor}`);
    if (row && element) openMenu(row, cursor!, element.getBoundingClientRect());
  };
  useTableKeys({
    choose: props.selection && ((how) => choosing.byKey(how, cursor)),
    menu: props.onMenu && menuAtCursor,
    cursor,
    total,
    move,
    page: Math.floor((scroller.current?.clientHeight ?? 600) / rowPx) - 1,
    open: () => {
      const row = cursor === undefined ? undefined : rows[cursor - offset];
      if (row) onOpen(row);
    },
  });
  return {
    scroller,
    layout,
    rows: { first: range.first, end, rowPx, headPx },
    heightPx: headPx + total * rowPx,
    id,
    cursor,
    openAt,
    choosing,
    openMenu,
    menuAtCursor,
  };
}

function useTableLayout(
  { columns, selection, compact }: TableProps,
  lengths: readonly number[],
  width: number,
) {
  const room = selection && !compact ? CHECK_PX : 0;
  return useMemo(() => layoutColumns(columns, lengths, width, room), [columns, lengths, width, room]);
}

/** Longest texts per column, growing; forgotten when the columns change. */
function useLengths(
  columns: readonly TableColumn[],
  rows: readonly LiveRow[],
  cellsOf: (row: LiveRow) => readonly Cell[],
): readonly number[] {
  const seen = useRef<{ columns: readonly TableColumn[]; lengths: readonly number[] }>({
    columns,
    lengths: [],
  });
  return useMemo(() => {
    const before = seen.current.columns === columns ? seen.current.lengths : [];
    const texts = rows
      .slice(0, 120)
      .map((row) => cellsOf(row).map((cell, index) => cellText(columns[index]!, cell)));
    const lengths = growLengths(before, texts);
    seen.current = { columns, lengths };
    return lengths;
  }, [columns, rows, cellsOf]);
}

function useWindowMoves(props: TableProps, first: number, last: number): void {
  const { window, total, onWindow } = props;
  useEffect(() => {
    const next = nextWindow(window, first, last, total);
    if (next) onWindow(next);
  }, [window, first, last, total, onWindow]);
}

/** The row of the keys: it follows its object when the order changes, and keeps its place when the object goes. */
function useCursor(
  rows: readonly LiveRow[],
  offset: number,
): { cursor: number | undefined; setCursor: (index: number, key: string | undefined) => void } {
  const [at, setAt] = useState<{ index: number; key: string | undefined }>();
  const setCursor = useCallback((index: number, key: string | undefined) => {
    setAt({ index, key });
    if (key !== undefined) announce(key);
  }, []);
  const found = at?.key === undefined ? -1 : rows.findIndex((row) => row.key === at.key);
  return { cursor: found === -1 ? at?.index : found + offset, setCursor };
}
