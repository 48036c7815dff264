import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
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

/** What was said about the object: alike events as one, and what the API server forgot meanwhile. */
export function ObjectEvents(props: {
  readonly object: LiveObject;
  readonly kindName: string;
}): ReactElement {
  const { object, kindName } = props;
  const { name = '', namespace, uid } = object.metadata;
  const [onlyWarnings, setOnlyWarnings] = useState(false);
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
  if (truth.state === 'failed' || truth.state === 'lost') {
    return (
      <Notice
        icon="lock"
        title={strings.notAllowed(strings.eventsTitle.toLowerCase())}
        status={truth.status}
      />
    );
  }
  const events = mergedEvents(memory).filter(({ type }) => !onlyWarnings || type !== 'Normal');
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
        {count > 1 && <b>{strings.eventsCount(count)}</b>}
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
