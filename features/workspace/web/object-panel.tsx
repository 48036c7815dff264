import type { ReactElement } from 'react';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import type { ObjectTab } from '@krateyard/ui/page/object-href';
import { isEvents } from './events/event-subject.ts';
import { EventPanel } from './events/event-panel.tsx';
import { useObject } from './object/use-object.ts';
import { PanelView } from './panel-view.tsx';

/** One object, live, beside the table that it was opened from; of a row that stands for several, the latest and all. */
export function ObjectPanel(props: {
  readonly kind: string;
  readonly objectKey: string;
  /** What the table follows. */
  readonly query: LiveQuery;
  readonly tab: ObjectTab;
  readonly onTab: (tab: ObjectTab) => void;
  readonly onClose: () => void;
  /** The row goes on under another key. */
  readonly onMoved: (key: string) => void;
}): ReactElement {
  const { query, onMoved, ...panel } = props;
  const followed = useObject(props.kind, props.objectKey);
  return isEvents(props.kind) && followed.object ? (
    <EventPanel {...panel} query={query} followed={followed} event={followed.object} onMoved={onMoved} />
  ) : (
    <PanelView {...panel} followed={followed} />
  );
}
