import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import type { ObjectTab } from '../object-href.ts';
import { ObjectEvents } from './object-events.tsx';
import { objectStrings as strings } from './object-strings.ts';
import { ObjectSummary } from './object-summary.tsx';
import './object.css';

const RelationsView = lazy(async () => ({
  default: (await import('./relations/relations-view.tsx')).RelationsView,
}));

const YamlTab = lazy(async () => ({ default: (await import('./yaml/yaml-tab.tsx')).YamlTab }));

export interface ObjectBodyProps {
  readonly object: LiveObject;
  readonly kind: LiveHead['kind'];
  readonly columns: readonly TableColumn[];
  readonly cells: readonly Cell[];
  readonly tab: ObjectTab;
  readonly dense: boolean;
  readonly container: string | undefined;
  readonly onContainer: (name: string | undefined) => void;
  /** Of the page only: the YAML is open for change. */
  readonly edit?: boolean;
  readonly onEdit?: (edit: boolean) => void;
}

/** What a tab of an object shows, on its page and in the side panel. */
export function ObjectBody(props: ObjectBodyProps): ReactElement {
  return <Suspense fallback={<p className="panel-wait">{strings.loading}</p>}>{contentOf(props)}</Suspense>;
}

function contentOf({
  tab,
  columns,
  cells,
  edit = false,
  onEdit = ignore,
  ...summary
}: ObjectBodyProps): ReactNode {
  const { object, kind } = summary;
  switch (tab) {
    case 'events':
      return <ObjectEvents object={object} kindName={kind.kind} />;
    case 'relations':
      return <RelationsView object={object} kind={kind} dense={summary.dense} />;
    case 'yaml':
      return <YamlTab object={object} kind={kind} edit={edit} onEdit={onEdit} />;
    case 'summary':
    case 'history':
    case 'access':
      return <ObjectSummary {...summary} columns={columns} cells={cells} />;
  }
}

function ignore(): void {
  // The side panel only shows.
}
