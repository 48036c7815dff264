import { memo, useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import { Age } from '../parts/age.tsx';
import { Status, StatusMark } from '../parts/status-mark.tsx';
import { strings } from '../strings.ts';
import { STATUS_LOOKS } from '../words/status-vocabulary.ts';
import { Check } from './table-head.tsx';
import { cellText, isNumeric, leadOf, type Cell, type TableColumn } from './table-column.ts';

interface TableRowProps {
  readonly id: string;
  readonly index: number;
  /** Distance from the top, px. */
  readonly top: number;
  /** Undefined while its window is on the way. */
  readonly row: LiveRow | undefined;
  readonly columns: readonly TableColumn[];
  readonly visible: readonly number[];
  readonly cellsOf: (row: LiveRow) => readonly Cell[];
  readonly compact: boolean;
  readonly current: boolean;
  readonly open: boolean;
  /** Undefined where rows cannot be chosen. */
  readonly chosen: boolean | undefined;
  readonly onOpen: (row: LiveRow, index: number) => void;
  readonly onChoose: (row: LiveRow, index: number, range: boolean) => void;
  readonly onMenu: (row: LiveRow, index: number, at: { x: number; y: number }) => void;
}

/** One row; renders only when its object, place or state changed. */
export const TableRow = memo(function TableRow(props: TableRowProps): ReactElement {
  const { id, index, top, row, columns, visible, cellsOf, compact, current, open, chosen } = props;
  const { onOpen, onChoose, onMenu } = props;
  const cells = row && cellsOf(row);
  const glow = useGlow(row, cells, columns);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the grid has focus and keys (Enter opens); aria-activedescendant points here
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen ?? open}
      data-open={open || undefined}
      className={`row ${row?.gone ? 'row-gone' : ''}`}
      data-current={current || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={
        row &&
        ((event) => {
          const choose = chosen !== undefined && (event.shiftKey || event.ctrlKey || event.metaKey);
          if (choose) onChoose(row, index, event.shiftKey);
          else onOpen(row, index);
        })
      }
      onMouseDown={(event) => {
        // A range is chosen, not text.
        if (event.shiftKey) event.preventDefault();
      }}
      onContextMenu={
        row &&
        ((event) => {
          // Text that is marked is to be copied.
          if (getSelection()?.toString()) return;
          event.preventDefault();
          event.stopPropagation();
          onMenu(row, index, { x: event.clientX, y: event.clientY });
        })
      }
    >
      {glow > 0 && <span className="glow" key={glow} aria-hidden="true" />}
      {row && chosen !== undefined && !compact && (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- Space and x choose the row of the keys
        <div
          role="gridcell"
          className="cell-check"
          onClick={(event) => {
            event.stopPropagation();
            onChoose(row, index, event.shiftKey);
          }}
        >
          <Check state={chosen ? 'all' : 'none'} />
        </div>
      )}
      {!cells && <div role="gridcell" className="cell cell-unknown" aria-label={strings.loadingRow} />}
      {cells && compact && <TwoLines columns={columns} cells={cells} />}
      {cells &&
        !compact &&
        visible.map((at) => (
          <div
            key={columns[at]!.name}
            role="gridcell"
            className={isNumeric(columns[at]!) ? 'cell cell-right' : 'cell'}
          >
            <CellView
              row={row!}
              column={columns[at]!}
              cell={cells[at] ?? null}
              lead={at === leadOf(columns)}
            />
          </div>
        ))}
    </div>
  );
});

/** How long a row counts as new: a row that scrolls into view later does not glow any more. */
const NEW_MS = 1500;

/**
 * Counts the changes that show: each starts the glow anew. Changes of fields that no column shows do not glow, nor does what draws
 * itself.
 */
function useGlow(
  row: LiveRow | undefined,
  cells: readonly Cell[] | undefined,
  columns: readonly TableColumn[],
): number {
  const [glow, setGlow] = useState(() =>
    row?.appearedAt !== undefined && Date.now() - row.appearedAt < NEW_MS ? 1 : 0,
  );
  const shown = JSON.stringify(cells?.filter((_, index) => !columns[index]?.View));
  const before = useRef(shown);
  useLayoutEffect(() => {
    if (before.current === shown) return;
    if (before.current !== undefined) setGlow((count) => count + 1);
    before.current = shown;
  }, [shown]);
  return glow;
}

function CellView(props: {
  readonly row: LiveRow;
  readonly column: TableColumn;
  readonly cell: Cell;
  readonly lead: boolean;
}): ReactElement {
  const { row, column, cell, lead } = props;
  if (column.View) return <column.View row={row} />;
  if (cell === null) return <span className="absent">–</span>;
  if (typeof cell === 'object') return <Status word={cell.word} text={cell.text} />;
  if (column.type === 'date' && typeof cell === 'number') return <Age at={cell} />;
  const text = cellText(column, cell);
  const told = String(cell) === text ? text.length > 20 && text : String(cell);
  return (
    <span className={lead ? 'clip lead' : 'clip'} title={told || undefined} dir="auto">
      {text}
    </span>
  );
}

/** Name and age above; where it is, how it is and the rest below. */
/** Columns whose cells need no title before them. */
const SPEAKS_FOR_ITSELF: ReadonlySet<string> = new Set(['namespace', 'reason', 'message']);

function TwoLines(props: {
  readonly columns: readonly TableColumn[];
  readonly cells: readonly Cell[];
}): ReactElement {
  const { columns, cells } = props;
  const leadAt = leadOf(columns);
  const statusAt = columns.findIndex((column) => column.type === 'status');
  const ageAt = columns.findLastIndex((column) => column.type === 'date' && column.priority === 0);
  const status = cells[statusAt];
  const age = cells[ageAt];
  const facts = columns.flatMap((column, at) => {
    const cell = cells[at];
    const says = cell != null && cell !== '' && cell !== 0;
    if (
      at === leadAt ||
      at === statusAt ||
      column.type === 'date' ||
      column.priority > 0 ||
      column.View ||
      !says
    )
      return [];
    const text = cellText(column, cell);
    return [SPEAKS_FOR_ITSELF.has(column.name) ? text : `${column.title} ${text}`];
  });
  return (
    <div role="gridcell" className="two-lines">
      {typeof status === 'object' && status !== null && <StatusMark word={status.word} />}
      <span className="clip lead" dir="auto">
        {cellText(columns[leadAt]!, cells[leadAt] ?? null)}
      </span>
      {typeof age === 'number' && <Age at={age} />}
      <span className="clip second">
        {typeof status === 'object' && status !== null && (
          <span className={`tone-${STATUS_LOOKS[status.word].tone}`}>{status.text}</span>
        )}
        {['', ...facts].join(' · ').slice(status ? 0 : 3)}
      </span>
    </div>
  );
}
