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
  const lead = leadOf(columns);
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
          <CellView
            key={columns[at]!.name}
            row={row!}
            column={columns[at]!}
            cell={cells[at] ?? null}
            lead={at === lead}
          />
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
  const before = useRef(cells);
  useLayoutEffect(() => {
    const last = before.current;
    before.current = cells;
    if (last && cells && !showSame(columns, last, cells)) setGlow((count) => count + 1);
  }, [cells, columns]);
  return glow;
}

/** Whether the cells show the same. Others than before because the columns are others are no change of the row. */
function showSame(columns: readonly TableColumn[], before: readonly Cell[], now: readonly Cell[]): boolean {
  if (before === now || before.length !== now.length) return true;
  return now.every((cell, at) => columns[at]?.View !== undefined || sameCell(before[at] ?? null, cell));
}

function sameCell(before: Cell, now: Cell): boolean {
  if (typeof before !== 'object' || typeof now !== 'object' || !before || !now) return Object.is(before, now);
  return before.word === now.word && before.text === now.text;
}

/** One element for a text: there are hundreds of them, and each costs whenever rows come and go. */
function CellView(props: {
  readonly row: LiveRow;
  readonly column: TableColumn;
  readonly cell: Cell;
  readonly lead: boolean;
}): ReactElement {
  const { row, column, cell, lead } = props;
  const place = isNumeric(column) ? 'cell cell-right' : 'cell';
  if (column.View || cell === null || typeof cell === 'object' || column.type === 'date') {
    return (
      <div role="gridcell" className={place}>
        {drawn(row, column, cell)}
      </div>
    );
  }
  const text = cellText(column, cell);
  const told = String(cell) === text ? text.length > 20 && text : String(cell);
  return (
    <div
      role="gridcell"
      className={lead ? `${place} clip lead` : `${place} clip`}
      title={told || undefined}
      dir="auto"
    >
      {text}
    </div>
  );
}

function drawn(row: LiveRow, column: TableColumn, cell: Cell): ReactElement {
  if (column.View) return <column.View row={row} />;
  if (cell === null) return <span className="absent">–</span>;
  if (typeof cell === 'object') return <Status word={cell.word} text={cell.text} />;
  return typeof cell === 'number' ? <Age at={cell} /> : <span className="clip">{cell}</span>;
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
