import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import { announce } from '../parts/announce.ts';
import { strings } from '../strings.ts';
import { growLengths, layoutColumns } from './column-layout.ts';
import { TableHead } from './table-head.tsx';
import { TableRow } from './table-row.tsx';
import { cellText, type Cell, type TableColumn } from './table-column.ts';
import { nextWindow, type Range } from './table-window.ts';
import { useStore } from '../live/use-store.ts';
import { settings } from '../settings/settings.ts';
import { useElementWidth } from './use-element-width.ts';
import { usePointerRest } from './use-pointer-rest.ts';
import { useTableKeys } from './use-table-keys.ts';
import './table.css';

export interface TableProps {
  /** Says what is listed, to screen readers. */
  readonly label: string;
  readonly columns: readonly TableColumn[];
  /** Pure and fast; called for rows on screen. */
  readonly cellsOf: (row: LiveRow) => readonly Cell[];
  /** The loaded rows stand at `offset` among `total`. */
  readonly rows: readonly LiveRow[];
  readonly offset: number;
  readonly total: number;
  readonly window: Range;
  readonly onWindow: (range: Range) => void;
  readonly sort: string | undefined;
  readonly onSort: (name: string) => void;
  /** Called with true while the pointer rests on the rows. */
  readonly onHold: (held: boolean) => void;
  /** The open row. */
  readonly openKey: string | undefined;
  readonly onOpen: (row: LiveRow) => void;
  /** What is shown is not current: drawn subdued. */
  readonly stale: boolean;
  /** Names what is listed and in which order: another starts at the top. */
  readonly place: string;
  /** Two-line list for narrow screens. */
  readonly compact: boolean;
}

const COMPACT_ROW_PX = 56;
const OVERSCAN = 10;

/** A live table: virtual rows over a window that the server sorts. Keys: j, k, Enter and their like. SPEC.md UI17–UI19. */
export function Table(props: TableProps): ReactElement {
  const { label, columns, rows, offset, total, compact, stale, cellsOf, sort, onSort, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const lengths = useLengths(columns, rows, cellsOf);
  const layout = useMemo(() => layoutColumns(columns, lengths, width), [columns, lengths, width]);
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
  useTableKeys({
    cursor,
    total,
    move,
    page: Math.floor((scroller.current?.clientHeight ?? 600) / rowPx) - 1,
    open: () => {
      const row = cursor === undefined ? undefined : rows[cursor - offset];
      if (row) onOpen(row);
    },
  });
  const hold = usePointerRest(props.onHold);
  return (
    <div
      className={`table ${compact ? 'table-compact' : ''} ${stale ? 'table-stale' : ''}`}
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={layout.visible.length}
      aria-activedescendant={items.some(({ index }) => index === cursor) ? `${id}-${cursor}` : undefined}
      tabIndex={0}
      {...hold}
    >
      <div
        className="table-body"
        role="rowgroup"
        style={
          {
            height: virtual.getTotalSize(),
            minWidth: compact ? undefined : layout.leastPx,
            '--columns': layout.template,
          } as never
        }
      >
        <TableHead columns={columns} visible={layout.visible} sort={sort} onSort={onSort} hidden={compact} />
        <Rows table={props} items={items} visible={layout.visible} id={id} cursor={cursor} onOpen={openAt} />
      </div>
    </div>
  );
}

function Rows(props: {
  readonly table: TableProps;
  readonly items: readonly VirtualItem[];
  readonly visible: readonly number[];
  readonly id: string;
  readonly cursor: number | undefined;
  readonly onOpen: (row: LiveRow, index: number) => void;
}): ReactNode {
  const { table, items, visible, id, cursor, onOpen } = props;
  return items.map(({ index, start }) => {
    const row = table.rows[index - table.offset];
    return (
      <TableRow
        key={row?.key ?? `unknown-${index}`}
        id={`${id}-${index}`}
        index={index}
        top={start}
        row={row}
        columns={table.columns}
        visible={visible}
        cellsOf={table.cellsOf}
        compact={table.compact}
        current={index === cursor}
        open={row !== undefined && row.key === table.openKey}
        onOpen={onOpen}
      />
    );
  });
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

/** Says that the order waits. */
export function OrderHeld({ count }: { readonly count: number }): ReactElement | null {
  return count === 0 ? null : <span className="order-held">{strings.orderHeld(count)}</span>;
}
