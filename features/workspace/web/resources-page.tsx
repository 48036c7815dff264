import { useCallback, useEffect, useMemo, useRef, type ReactElement } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import { truthOf } from '@krateyard/ui/live/truth';
import { useCollection } from '@krateyard/ui/live/use-collection';
import { useStore } from '@krateyard/ui/live/use-store';
import { NARROW, useMedia } from '@krateyard/ui/look/use-media';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { OrderHeld, Table } from '@krateyard/ui/table/table.tsx';
import { nextSort } from '@krateyard/ui/table/table-column';
import { FilterBox } from './filter-box.tsx';
import { ObjectPanel } from './object-panel.tsx';
import { queryOf, scopedView, usualSort } from './query-of.ts';
import { strings } from './strings.ts';
import { TableState } from './table-state.tsx';
import { useCells } from './use-cells.ts';
import { useKinds } from './use-kinds.ts';
import { useViewUrl, type ViewUrl } from './view-url.ts';
import './resources-page.css';

/** One live table of any kind, and the open object beside it. */
export function ResourcesPage(): ReactElement {
  const { view: address, go } = useViewUrl();
  const kinds = useKinds(false);
  const url = useMemo(() => scopedView(address, kinds), [address, kinds]);
  const source = useLiveSource();
  const socket = useStore(source.state);
  const query = useMemo(() => queryOf(url), [url]);
  const usual = usualSort(url.kind);
  const collection = useCollection(query, url.sort ?? usual);
  const { view } = collection;
  const truth = truthOf(socket, view);
  const compact = useMedia(NARROW);
  const { columns, cellsOf } = useCells(view.head);
  const filter = useRef<HTMLInputElement>(null);
  const onOpen = useCallback((row: LiveRow) => go({ open: row.key }), [go]);
  const onSort = useCallback(
    (name: string) => go({ sort: nextSort(url.sort, usual, name) }, { replace: true }),
    [go, url.sort, usual],
  );
  usePageKeys(url, go, () => filter.current?.focus());
  const kind = view.head?.kind.kind ?? url.kind;
  useEffect(() => {
    document.title = strings.title(kind);
  }, [kind]);
  const rowsKnown = columns.length > 0 && view.phase === 'ready' && view.total > 0;
  return (
    <div className={url.open ? 'resources resources-open' : 'resources'}>
      <section className="resources-main" aria-label={kind}>
        <FilterBox
          input={filter}
          value={url.filter}
          onChange={(next) => go({ filter: next }, { replace: true })}
          view={view}
          truth={truth}
          namespaces={url.namespaces.length}
        >
          <OrderHeld count={view.held} />
        </FilterBox>
        <StaleBand truth={truth} onRetry={() => source.wake()} />
        <div className="resources-rows">
          {rowsKnown ? (
            <Table
              label={kind}
              columns={columns}
              cellsOf={cellsOf}
              rows={view.rows}
              offset={view.offset}
              total={view.total}
              window={collection.window}
              onWindow={collection.onWindow}
              sort={url.sort ?? usual}
              place={`${url.kind} ${url.filter} ${url.namespaces.join()} ${url.sort}`}
              onSort={onSort}
              onHold={collection.hold}
              openKey={url.open}
              onOpen={onOpen}
              stale={truth.state === 'disconnected'}
              compact={compact}
            />
          ) : (
            <TableState truth={truth} view={view} url={url} go={go} onRetry={collection.retry} />
          )}
        </div>
      </section>
      {url.open !== undefined && (
        <ObjectPanel
          key={`${url.kind} ${url.open}`}
          kind={url.kind}
          objectKey={url.open}
          tab={url.tab}
          onTab={(tab) => go({ tab }, { replace: true })}
          onClose={() => go({ open: undefined, tab: 'summary' })}
        />
      )}
    </div>
  );
}

function usePageKeys(url: ViewUrl, go: (change: Partial<ViewUrl>) => void, focusFilter: () => void): void {
  useKeys([
    { keys: '/', label: strings.filterKey, group: strings.keys, run: focusFilter },
    {
      keys: 'Escape',
      label: strings.clearKey,
      group: strings.keys,
      run: () => {
        if (url.open) go({ open: undefined, tab: 'summary' });
        else if (url.filter) go({ filter: '' });
      },
    },
  ]);
  useKeys(
    [{ keys: 'y', label: strings.yamlKey, group: strings.keys, run: () => go({ tab: 'yaml' }) }],
    url.open !== undefined,
  );
}
