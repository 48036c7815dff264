import { useEffect, type ReactElement } from 'react';
import { Link } from 'wouter';
import { keyOf, type LiveObject } from '@krateyard/ui/live/live-frames';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import { objectHref, type ObjectTab } from '@krateyard/ui/page/object-href';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Section } from '@krateyard/ui/parts/facts.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { eventTimes } from '../../contract/alike-events.ts';
import { textAt } from '../../contract/columns/read.ts';
import type { FollowedObject } from '../object/use-object.ts';
import { PanelView } from '../panel-view.tsx';
import { eventStrings as strings } from './event-strings.ts';
import { useAlikeEvents, type FollowedAlike } from './use-alike-events.ts';

/** The latest of the events that a row stands for, with how often, first and last, and which they are. */
export function EventPanel(props: {
  readonly kind: string;
  readonly objectKey: string;
  readonly query: LiveQuery;
  /** The one that the row is named by. */
  readonly followed: FollowedObject;
  readonly event: LiveObject;
  readonly tab: ObjectTab;
  readonly onTab: (tab: ObjectTab) => void;
  readonly onClose: () => void;
  readonly onMoved: (key: string) => void;
}): ReactElement {
  const { query, followed, event, onMoved, ...panel } = props;
  const alike = useAlikeEvents(query, event);
  const { rows, cells } = alike;
  const oldest = rows.map(({ object }) => object).reduce<LiveObject | undefined>(older, undefined);
  const next = followed.gone && oldest ? keyOf(oldest) : undefined;
  useEffect(() => {
    if (next !== undefined) onMoved(next);
  }, [next]); // oxlint-disable-line react/exhaustive-deps -- told once
  const [latest] = rows;
  if (!latest) {
    // The one that was made first would show for a moment, then the latest.
    const wait = alike.truth.state === 'loading' && { object: undefined, truth: alike.truth };
    return <PanelView {...panel} followed={{ ...followed, ...wait }} />;
  }
  const shown: FollowedObject = {
    ...followed,
    object: latest.object,
    gone: false,
    cells: cells.cellsOf(latest),
    columns: cells.columns,
  };
  return (
    <PanelView
      {...panel}
      objectKey={latest.key}
      followed={shown}
      note={rows.length > 1 && <Told alike={alike} />}
      more={rows.length > 1 && <AlikeList kind={panel.kind} alike={alike} />}
    />
  );
}

function Told({ alike }: { readonly alike: FollowedAlike }): ReactElement {
  const { rows, more, count, first, last } = alike;
  return (
    <p className="told">
      {strings.latestOf(rows.length, more)}: <b>{strings.inAll(count)}</b>
      {first !== undefined && (
        <>
          , {strings.first} <Age at={first} /> {strings.ago}
        </>
      )}
      {last !== undefined && (
        <>
          , {strings.last} <Age at={last} /> {strings.ago}
        </>
      )}
    </p>
  );
}

function AlikeList(props: { readonly kind: string; readonly alike: FollowedAlike }): ReactElement {
  const { kind, alike } = props;
  return (
    <Section title={strings.alikeTitle}>
      <ol className="events">
        {alike.rows.map(({ key, object }) => (
          <AlikeLine key={key} kind={kind} event={object} />
        ))}
      </ol>
      {alike.more && <p className="absent">{strings.olderLeftOut(alike.rows.length)}</p>}
    </Section>
  );
}

function AlikeLine(props: { readonly kind: string; readonly event: LiveObject }): ReactElement {
  const { kind, event } = props;
  const { name = '', namespace } = event.metadata;
  const { count, last } = eventTimes(event);
  return (
    <li>
      <Link href={objectHref(kind, namespace, name)} className="object-link" dir="auto">
        {name}
      </Link>
      <span className="event-when">
        {last !== undefined && <Age at={last} />}
        {count > 1 && <b>{uiStrings.times(count)}</b>}
      </span>
      <p dir="auto">{textAt(event, 'message') ?? textAt(event, 'note') ?? ''}</p>
    </li>
  );
}

const madeAt = (event: LiveObject): string => textAt(event, 'metadata', 'creationTimestamp') ?? '';

/** The one that the row is named by: made first, or first by its key. */
function older(best: LiveObject | undefined, one: LiveObject): LiveObject {
  if (!best) return one;
  const [a, b] = [madeAt(best), madeAt(one)];
  return a < b || (a === b && keyOf(best) < keyOf(one)) ? best : one;
}
