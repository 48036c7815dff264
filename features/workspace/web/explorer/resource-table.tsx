import { useCallback, useMemo, type ReactElement } from 'react';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import type { UsedCollection } from '@krateyard/ui/live/use-collection';
import { NARROW, useMedia } from '@krateyard/ui/look/use-media';
import { Table } from '@krateyard/ui/table/table.tsx';
import { useRowMenu } from '@krateyard/ui/table/use-row-menu.tsx';
import { useRowSelection } from '@krateyard/ui/table/use-row-selection';
import { ActionMenu } from '../actions/action-menu.tsx';
import type { ActionKind, ActionTarget } from '../actions/object-action.ts';
import type { Cells } from '@krateyard/ui/table/cells';
import type { ViewUrl } from '../view-url.ts';
import { BulkBar } from './bulk-bar.tsx';
import { explorerStrings as strings } from './explorer-strings.ts';
import { useRowActionKeys } from './use-row-action-keys.ts';

/** The rows with all that can be done to them: open, choose, act by menu, key and bar. */
export function ResourceTable(props: {
  readonly url: ViewUrl;
  readonly go: (change: Partial<ViewUrl>, options?: { replace: boolean }) => void;
  readonly query: LiveQuery;
  readonly sort: string;
  readonly onSort: (name: string) => void;
  readonly collection: UsedCollection;
  readonly cells: Cells;
  readonly stale: boolean;
}): ReactElement {
  const { url, go, query, sort, onSort, collection, cells, stale } = props;
  const { view } = collection;
  const kind = view.head?.kind;
  const compact = useMedia(NARROW);
  const place = `${url.kind} ${url.filter} ${url.namespaces.join()}`;
  const { selection, setSelection, fresh, targetsOfRow, atHand, onCursor } = useRowSelection({
    place,
    rows: view.rows,
    targetsOf: useCallback((rows: readonly LiveRow[]) => targetsOf(kind, rows), [kind]),
    keyGroup: strings.selection,
  });
  const targets = useMemo(() => targetsOf(kind, [...selection.values()]), [kind, selection]);
  useRowActionKeys(atHand);
  const { menu, onMenu } = useRowMenu({ View: ActionMenu, targetsOf: targetsOfRow, keyOf });
  return (
    <>
      <div className="resources-rows">
        <Table
          label={kind?.kind ?? url.kind}
          columns={cells.columns}
          cellsOf={cells.cellsOf}
          rows={view.rows}
          offset={view.offset}
          total={view.total}
          window={collection.window}
          onWindow={collection.onWindow}
          sort={sort}
          place={`${place} ${url.sort}`}
          onSort={onSort}
          onHold={collection.hold}
          openKey={url.open}
          onOpen={useCallback((row: LiveRow) => go({ open: row.key }), [go])}
          stale={stale}
          compact={compact}
          selection={selection}
          onSelection={setSelection}
          onCursor={onCursor}
          onMenu={onMenu}
        />
      </div>
      {menu}
      {selection.size > 0 && (
        <BulkBar
          selection={selection}
          targets={targets}
          fresh={fresh}
          query={query}
          sort={sort}
          total={view.total}
          onSelection={setSelection}
        />
      )}
    </>
  );
}

const keyOf = ({ key }: ActionTarget): string => key;

function targetsOf(kind: ActionKind | undefined, rows: readonly LiveRow[]): readonly ActionTarget[] {
  return kind ? rows.map(({ key, object }) => ({ kind, key, object })) : [];
}
