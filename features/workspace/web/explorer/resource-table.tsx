import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import type { UsedCollection } from '@krateyard/ui/live/use-collection';
import { NARROW, useMedia } from '@krateyard/ui/look/use-media';
import { nextSort } from '@krateyard/ui/table/table-column';
import { NOTHING_CHOSEN, refreshed, type Selection } from '@krateyard/ui/table/table-selection';
import { Table } from '@krateyard/ui/table/table.tsx';
import type { ActionKind, ActionTarget } from '../actions/object-action.ts';
import { usualSort } from '../query-of.ts';
import type { Cells } from '@krateyard/ui/table/cells';
import type { ViewUrl } from '../view-url.ts';
import { BulkBar } from './bulk-bar.tsx';
import { explorerStrings as strings } from './explorer-strings.ts';
import { useRowMenu } from './row-menu.tsx';
import { useRowActionKeys } from './use-row-action-keys.ts';

/** The rows with all that can be done to them: open, choose, act by menu, key and bar. */
export function ResourceTable(props: {
  readonly url: ViewUrl;
  readonly go: (change: Partial<ViewUrl>, options?: { replace: boolean }) => void;
  readonly query: LiveQuery;
  readonly sort: string;
  readonly collection: UsedCollection;
  readonly cells: Cells;
  readonly stale: boolean;
}): ReactElement {
  const { url, go, query, sort, collection, cells, stale } = props;
  const { view } = collection;
  const kind = view.head?.kind;
  const compact = useMedia(NARROW);
  const place = `${url.kind} ${url.filter} ${url.namespaces.join()}`;
  const { selection, setSelection, targets, fresh, targetsOfRow } = useRowSelection(kind, place, view.rows);
  const cursor = useRef<LiveRow>(undefined);
  useRowActionKeys(() =>
    selection.size > 0 ? fresh() : targetsOf(kind, cursor.current ? [cursor.current] : []),
  );
  useKeys(
    [
      {
        keys: 'Escape',
        label: strings.clearSelection,
        group: strings.selection,
        run: () => setSelection(NOTHING_CHOSEN),
      },
    ],
    selection.size > 0,
  );
  const { menu, onMenu } = useRowMenu(targetsOfRow);
  const usual = usualSort(url.kind);
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
          onSort={useCallback(
            (name: string) => go({ sort: nextSort(url.sort, usual, name) }, { replace: true }),
            [go, url.sort, usual],
          )}
          onHold={collection.hold}
          openKey={url.open}
          onOpen={useCallback((row: LiveRow) => go({ open: row.key }), [go])}
          stale={stale}
          compact={compact}
          selection={selection}
          onSelection={setSelection}
          onCursor={useCallback((row: LiveRow | undefined) => void (cursor.current = row), [])}
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

/** What is chosen in this place (kind, filter, namespaces); another place begins with nothing. */
function useRowSelection(kind: ActionKind | undefined, place: string, rows: readonly LiveRow[]) {
  const [chosen, setChosen] = useState({ place, selection: NOTHING_CHOSEN });
  const selection = chosen.place === place ? chosen.selection : NOTHING_CHOSEN;
  const setSelection = useCallback((next: Selection) => setChosen({ place, selection: next }), [place]);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  const targets = useMemo(() => targetsOf(kind, [...selection.values()]), [kind, selection]);
  const fresh = useCallback(() => targetsOf(kind, refreshed(selection, latest.current)), [kind, selection]);
  const targetsOfRow = useCallback(
    (row: LiveRow) => (selection.has(row.key) ? fresh() : targetsOf(kind, [row])),
    [kind, selection, fresh],
  );
  return { selection, setSelection, targets, fresh, targetsOfRow };
}

function targetsOf(kind: ActionKind | undefined, rows: readonly LiveRow[]): readonly ActionTarget[] {
  return kind ? rows.map(({ key, object }) => ({ kind, key, object })) : [];
}
