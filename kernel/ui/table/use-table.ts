import { useVirtualizer } from '@tanstack/react-virtual';
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
import { useTableKeys } from './use-table-keys.ts';

const COMPACT_ROW_PX = 56;
const OVERSCAN = 10;

/** All that a table does; what it looks like stands in table.tsx. */
export function useTable(props: TableProps) {
  const { columns, rows, offset, total, compact, cellsOf, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const lengths = useLengths(columns, rows, cellsOf);
  const layout = useTableLayout(props, lengths, width);
  const { rowPx: linePx } = useStore(settings);
  const rowPx = compact ? COMPACT_ROW_PX : linePx;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    paddingStart: compact ? 0 : linePx,
    scrollPaddingStart: compact ? 0 : linePx,
  });
  useEffect(() => virtual.measure(), [virtual, rowPx]);
  useEffect(() => virtual.scrollToOffset(0), [virtual, props.place]);
  const items = virtual.getVirtualItems();
  useWindowMoves(props, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
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
    virtual.scrollToIndex(index, { align: 'auto' });
  };
  const openAt = useCallback(
    (row: LiveRow, index: number) => {
      setCursor(index, row.key);
      onOpen(row);
    },
    [onOpen, setCursor],
  );
  const focusTable = useCallback(() => scroller.current?.focus({ preventScroll: true }), []);
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
  return { scroller, virtual, layout, items, id, cursor, openAt, choosing, openMenu, menuAtCursor };
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
