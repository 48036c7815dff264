import type { ReactElement, ReactNode } from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import type { MenuPlace } from '../parts/menu.tsx';
import { strings } from '../strings.ts';
import type { RowRange } from './row-range.ts';
import { TableHead } from './table-head.tsx';
import type { TableProps } from './table-props.ts';
import { TableRow } from './table-row.tsx';
import { usePointerRest } from './use-pointer-rest.ts';
import { useSteadyCallback } from './use-steady-callback.ts';
import { useTable } from './use-table.ts';
import './table.css';

/** A live table: virtual rows over a window that the server sorts. Keys: j, k, Enter and their like. SPEC.md UI17–UI19. */
export function Table(props: TableProps): ReactElement {
  const { label, columns, total, compact, stale, sort, onSort } = props;
  const { scroller, layout, rows, heightPx, id, cursor, openAt, choosing, openMenu, menuAtCursor } =
    useTable(props);
  const atCursor = cursor !== undefined && cursor >= rows.first && cursor < rows.end;
  const hold = usePointerRest(props.onHold);
  return (
    <div
      className={`table ${compact ? 'table-compact' : ''} ${stale ? 'table-stale' : ''}`}
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={layout.visible.length}
      aria-activedescendant={atCursor ? `${id}-${cursor}` : undefined}
      aria-multiselectable={props.selection !== undefined || undefined}
      tabIndex={0}
      onContextMenu={(event) => {
        // Shift-F10 and the menu key: the row of the keys is meant. Rows take care of the pointer.
        if (!props.onMenu || event.target !== event.currentTarget) return;
        event.preventDefault();
        menuAtCursor();
      }}
      {...hold}
    >
      <div
        className="table-body"
        role="rowgroup"
        style={
          {
            height: heightPx,
            minWidth: compact ? undefined : layout.leastPx,
            '--columns': layout.template,
          } as never
        }
      >
        <TableHead
          columns={columns}
          visible={layout.visible}
          sort={sort}
          onSort={onSort}
          hidden={compact}
          chosen={choosing.state}
          onChooseAll={choosing.loaded}
        />
        <Rows
          table={props}
          place={rows}
          visible={layout.visible}
          id={id}
          cursor={cursor}
          onOpen={openAt}
          onChoose={choosing.choose}
          onMenu={openMenu}
        />
      </div>
    </div>
  );
}

function Rows(props: {
  readonly table: TableProps;
  /** Which rows are in the page, and where they stand. */
  readonly place: RowRange & { readonly rowPx: number; readonly headPx: number };
  readonly visible: readonly number[];
  readonly id: string;
  readonly cursor: number | undefined;
  readonly onOpen: (row: LiveRow, index: number) => void;
  readonly onChoose: (row: LiveRow, index: number, range: boolean) => void;
  readonly onMenu: (row: LiveRow, index: number, place: MenuPlace) => void;
}): ReactNode {
  const { table, place, visible, id, cursor, onOpen, onChoose } = props;
  const onMenu = useSteadyCallback(props.onMenu);
  const { selection } = table;
  return Array.from({ length: Math.max(0, place.end - place.first) }, (_, at) => {
    const index = place.first + at;
    const row = table.rows[index - table.offset];
    return (
      <TableRow
        key={row?.key ?? `unknown-${index}`}
        id={`${id}-${index}`}
        index={index}
        top={place.headPx + index * place.rowPx}
        row={row}
        columns={table.columns}
        visible={visible}
        cellsOf={table.cellsOf}
        compact={table.compact}
        current={index === cursor}
        open={row !== undefined && row.key === table.openKey}
        chosen={selection && row !== undefined && selection.has(row.key)}
        onOpen={onOpen}
        onChoose={onChoose}
        onMenu={onMenu}
      />
    );
  });
}

/** Says that the order waits. */
export function OrderHeld({ count }: { readonly count: number }): ReactElement | null {
  return count === 0 ? null : <span className="order-held">{strings.orderHeld(count)}</span>;
}
