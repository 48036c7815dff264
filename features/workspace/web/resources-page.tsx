import { useEffect, useMemo, useRef, type ReactElement, type ReactNode } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import { truthOf } from '@krateyard/ui/live/truth';
import { useCollection } from '@krateyard/ui/live/use-collection';
import { useStore } from '@krateyard/ui/live/use-store';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { useSort } from '@krateyard/ui/table/use-sort';
import { OrderHeld } from '@krateyard/ui/table/table.tsx';
import type { KindSummary } from '../contract/resource-api.ts';
import { isEvents } from './events/event-subject.ts';
import { useEventColumns } from './events/use-event-columns.tsx';
import { WarningsToggle } from './events/warnings-toggle.tsx';
import { CreateButton } from './explorer/create-button.tsx';
import { ResourceTable } from './explorer/resource-table.tsx';
import { useShownColumns } from '@krateyard/ui/table/use-shown-columns';
import { ViewTools } from './explorer/view-tools.tsx';
import { FilterBox } from './filter-box.tsx';
import { useUsageColumns } from './metrics/use-usage-columns.tsx';
import { ObjectPanel } from './object-panel.tsx';
import { queryOf, scopedView, usualSort } from './query-of.ts';
import { strings } from './strings.ts';
import { TableState } from './table-state.tsx';
import { useCells } from './use-cells.ts';
import { useKinds } from './use-kinds.ts';
import { useViewUrl, type ViewUrl } from './view-url.ts';
import '@krateyard/ui/page/list-page.css';

/** One live table of any kind, and the open object beside it. */
export function ResourcesPage(): ReactElement {
  const { view: address, go } = useViewUrl();
  const kinds = useKinds(false);
  const url = useMemo(() => scopedView(address, kinds), [address, kinds]);
  const source = useLiveSource();
  const socket = useStore(source.state);
  const query = useMemo(() => queryOf(url), [url]);
  const { sort, onSort } = useSort(url.sort, usualSort(url.kind), go);
  const collection = useCollection(query, sort);
  const { view } = collection;
  const truth = truthOf(socket, view);
  const all = useCells(view.head);
  const shown = useShownColumns(url.kind, all);
  const metered = useUsageColumns(url.kind, useEventColumns(url.kind, shown, kinds), view.rows);
  const filter = useRef<HTMLInputElement>(null);
  usePageKeys(url, go, () => filter.current?.focus());
  const kind = view.head?.kind.kind ?? url.kind;
  useEffect(() => {
    document.title = strings.title(kind);
  }, [kind]);
  const onFilter = (next: string): void => go({ filter: next }, { replace: true });
  const rowsKnown = shown.columns.length > 0 && view.phase === 'ready' && view.total > 0;
  return (
    <div className={url.open ? 'resources resources-open' : 'resources'}>
      <section className="resources-main" aria-label={kind}>
        <FilterBox
          input={filter}
          value={url.filter}
          onChange={onFilter}
          view={view}
          truth={truth}
          namespaces={url.namespaces.length}
          merged={query.merge === true}
          tools={
            <ResourceTools url={url} kinds={kinds}>
              {rowsKnown && (
                <ViewTools {...{ view, query, sort, onSort, all, shown }} sortable={metered.columns} />
              )}
            </ResourceTools>
          }
        >
          <OrderHeld count={view.held} />
          {isEvents(url.kind) && <WarningsToggle filter={url.filter} onFilter={onFilter} />}
        </FilterBox>
        <StaleBand truth={truth} onRetry={() => source.wake()} />
        {rowsKnown ? (
          <ResourceTable
            url={url}
            go={go}
            query={query}
            sort={sort}
            onSort={onSort}
            collection={collection}
            cells={metered}
            stale={truth.state === 'disconnected'}
          />
        ) : (
          <div className="resources-rows">
            <TableState truth={truth} view={view} url={url} go={go} onRetry={collection.retry} />
          </div>
        )}
      </section>
      {url.open !== undefined && (
        <ObjectPanel
          key={`${url.kind} ${url.open}`}
          kind={url.kind}
          objectKey={url.open}
          query={query}
          tab={url.tab}
          onTab={(tab) => go({ tab }, { replace: true })}
          onClose={() => go({ open: undefined, tab: 'summary' })}
          onMoved={(open) => go({ open }, { replace: true })}
        />
      )}
    </div>
  );
}

function ResourceTools(props: {
  readonly url: ViewUrl;
  readonly kinds: readonly KindSummary[];
  readonly children: ReactNode;
}): ReactElement {
  const { url, kinds, children } = props;
  // Events are told by components, and by nobody else.
  const making = isEvents(url.kind)
    ? undefined
    : kinds.find(({ path, verbs }) => path === url.kind && verbs.includes('create'));
  return (
    <>
      {making && <CreateButton kind={making} namespaces={url.namespaces} />}
      {children}
    </>
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
