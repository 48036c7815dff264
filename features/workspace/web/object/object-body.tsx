import { Suspense, type ReactElement, type ReactNode } from 'react';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import type { ObjectTab } from '@krateyard/ui/page/object-href';
import { ObjectEvents } from './object-events.tsx';
import { objectStrings as strings } from './object-strings.ts';
import { ObjectSummary } from './object-summary.tsx';
import type { ChangeHistory } from './history/change-history.ts';
import { useHistory } from './history/use-history.ts';
import '@krateyard/ui/page/detail-page.css';
import '@krateyard/ui/parts/facts.css';
import './object.css';

const RelationsView = lazyPart(async () => ({
  default: (await import('./relations/relations-view.tsx')).RelationsView,
}));

const YamlTab = lazyPart(async () => ({ default: (await import('./yaml/yaml-tab.tsx')).YamlTab }));

const HistoryView = lazyPart(async () => ({
  default: (await import('./history/history-view.tsx')).HistoryView,
}));
const AccessView = lazyPart(async () => ({ default: (await import('./access-view.tsx')).AccessView }));

export interface ObjectBodyProps {
  readonly object: LiveObject;
  readonly kind: LiveHead['kind'];
  readonly columns: readonly TableColumn[];
  readonly cells: readonly Cell[];
  readonly tab: ObjectTab;
  readonly gone: boolean;
  readonly dense: boolean;
  readonly container: string | undefined;
  readonly onContainer: (name: string | undefined) => void;
  /** Of the page only: the YAML is open for change. */
  readonly edit?: boolean;
  readonly onEdit?: (edit: boolean) => void;
}

/** What a tab of an object shows, on its page and in the side panel. */
export function ObjectBody(props: ObjectBodyProps): ReactElement {
  const history = useHistory(props.kind.path, props.object, props.gone);
  return (
    <Suspense fallback={<p className="panel-wait">{strings.loading}</p>}>
      {contentOf(props, history)}
    </Suspense>
  );
}

function contentOf(props: ObjectBodyProps, history: ChangeHistory): ReactNode {
  const { tab, columns, cells, gone: _, edit = false, onEdit = ignore, ...summary } = props;
  const { object, kind } = summary;
  switch (tab) {
    case 'events':
      return <ObjectEvents object={object} kindName={kind.kind} />;
    case 'relations':
      return <RelationsView object={object} kind={kind} dense={summary.dense} />;
    case 'yaml':
      return <YamlTab object={object} kind={kind} edit={edit} onEdit={onEdit} />;
    case 'history':
      return <HistoryView history={history} />;
    case 'access':
      return <AccessView object={object} kind={kind} />;
    case 'summary':
      return <ObjectSummary {...summary} columns={columns} cells={cells} />;
  }
}

function ignore(): void {
  // The side panel only shows.
}
