import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { objectHref } from '@krateyard/ui/page/object-href';
import type { Truth } from '@krateyard/ui/live/truth';
import { Section } from '@krateyard/ui/parts/facts.tsx';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { strings as uiStrings } from '@krateyard/ui/strings';
import {
  eventSelector,
  isAbout,
  mergedEvents,
  remember,
  type EventMemory,
  type MergedEvent,
} from './facts/merged-events.ts';
import { objectStrings as strings } from './object-strings.ts';
import { useObjects } from './use-objects.ts';

/** Memories of the objects that were looked at in this tab, the least lately seen go: events stay over a change of tabs. */
const memories = new Map<string, EventMemory>();
const KEPT_OBJECTS = 20;

interface EventsOf {
  readonly object: LiveObject;
  readonly kindName: string;
}

/** What was said about the object: alike events as one, and what the API server forgot meanwhile. */
export function ObjectEvents(props: EventsOf): ReactElement {
  const [onlyWarnings, setOnlyWarnings] = useState(false);
  const { events: all, truth } = useEvents(props);
  if (truth.state === 'failed' || truth.state === 'lost') {
    return (
      <Notice
        icon="lock"
        title={strings.notAllowed(strings.eventsTitle.toLowerCase())}
        status={truth.status}
      />
    );
  }
  const events = all.filter(({ type }) => !onlyWarnings || type !== 'Normal');
  if (events.length === 0 && !onlyWarnings) {
    if (truth.state === 'loading') return <p className="panel-wait">{strings.loading}</p>;
    return (
      <Notice icon="search" title={strings.noEvents}>
        <p>{strings.noEventsHint}</p>
      </Notice>
    );
  }
  return (
    <>
      <label className="check-line">
        <input
          type="checkbox"
          checked={onlyWarnings}
          onChange={(change) => setOnlyWarnings(change.target.checked)}
        />
        {strings.onlyWarnings}
      </label>
      <ol className="events">
        {events.map((event) => (
          <EventLine key={event.key} event={event} />
        ))}
      </ol>
    </>
  );
}

/** How many of them a summary has room for. */
const LATEST = 3;

/** The last few, for the summary; nothing where there are none, or none that may be read. */
export function LatestEvents(props: EventsOf & { readonly kindPath: string }): ReactElement | null {
  const { object, kindPath } = props;
  const { events } = useEvents(props);
  if (events.length === 0) return null;
  const { name = '', namespace } = object.metadata;
  const more = events.length - LATEST;
  return (
    <Section title={strings.latestEvents}>
      <ol className="events">
        {events.slice(0, LATEST).map((event) => (
          <EventLine key={event.key} event={event} />
        ))}
      </ol>
      {more > 0 && (
        <Link href={objectHref(kindPath, namespace, name, 'events')} className="object-link">
          {strings.moreEvents(more)}
        </Link>
      )}
    </Section>
  );
}

function useEvents({ object, kindName }: EventsOf): {
  readonly events: readonly MergedEvent[];
  readonly truth: Truth;
} {
  const { name = '', namespace, uid } = object.metadata;
  const query = useMemo(
    () => ({
      kind: 'events',
      namespaces: namespace === undefined ? [] : [namespace],
      fieldSelector: eventSelector(kindName, name),
    }),
    [kindName, name, namespace],
  );
  const { objects, truth } = useObjects(query, { sort: '-last-seen', limit: 300 });
  const memory = useMemory(
    `${kindName} ${namespace ?? ''} ${name} ${uid ?? ''}`,
    objects.filter((event) => isAbout(event, uid)),
  );
  return { events: mergedEvents(memory), truth };
}

function useMemory(key: string, now: readonly LiveObject[]): EventMemory {
  const signature = now
    .map(({ metadata }) => `${metadata.uid}@${String(metadata['resourceVersion'])}`)
    .join();
  const [memory, setMemory] = useState<EventMemory>(() => memories.get(key) ?? new Map());
  useEffect(() => {
    const next = remember(memories.get(key) ?? new Map(), now);
    memories.delete(key);
    memories.set(key, next);
    const oldest = memories.keys().next();
    if (memories.size > KEPT_OBJECTS && !oldest.done) memories.delete(oldest.value);
    setMemory(next);
    // oxlint-disable-next-line react/exhaustive-deps -- the signature says what the events are
  }, [key, signature]);
  return memory;
}

function EventLine({ event }: { readonly event: MergedEvent }): ReactElement {
  const { type, reason, message, source, count, first, last, known } = event;
  return (
    <li className={known ? undefined : 'forgotten'}>
      <Status word={type === 'Normal' ? 'Running' : 'Failed'} text={reason === '' ? type : reason} />
      <span className="event-when">
        {last !== undefined && <Age at={last} />}
        {count > 1 && <b>{uiStrings.times(count)}</b>}
        {first !== undefined && first !== last && (
          <small>
            {strings.firstSeen} <Age at={first} />
          </small>
        )}
      </span>
      <p dir="auto">{message}</p>
      <small className="absent">
        {source}
        {!known && ` · ${strings.eventsForgotten}`}
      </small>
    </li>
  );
}
