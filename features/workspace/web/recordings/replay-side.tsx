import { useDeferredValue, useMemo, useState, type ReactElement, type RefObject } from 'react';
import { useStore } from '@krateyard/ui/live/use-store';
import type { CastPlayer } from './cast-player.ts';
import { castText, MOST_MATCHES, searchCast } from './cast-search.ts';
import { recordingStrings as strings } from './recording-strings.ts';
import { timelineOf, type TimedEvent } from './timeline.ts';

/** Beside the terminal: search, and what happened; each leads to its moment. */
export function ReplaySide(props: {
  readonly player: CastPlayer;
  readonly search: RefObject<HTMLInputElement | null>;
}): ReactElement {
  const { player, search } = props;
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const { skipIdle } = useStore(player.state);
  // Another list of the same events with other times, once silences are skipped or not.
  const events = useMemo(() => timelineOf(player.events, skipIdle), [player, skipIdle]);
  const searched = useMemo(() => castText(events), [events]);
  const found = useMemo(() => searchCast(searched, wanted), [searched, wanted]);
  return (
    <aside className="replay-side" aria-label={strings.markers}>
      <input
        ref={search}
        type="search"
        aria-label={strings.search}
        placeholder={strings.search}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // The page's keys are letters here.
          event.stopPropagation();
          if (event.key === 'Enter' && found[0]) player.seek(events[found[0].event]!.playMs);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {wanted !== '' && <p role="status">{strings.matches(found.length, MOST_MATCHES)}</p>}
      <ol>
        {wanted === ''
          ? marksOf(events).map((event, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- a recording's events neither move nor change
              <Moment key={index} player={player} playMs={event.playMs}>
                {labelOf(event)}
              </Moment>
            ))
          : found.map(({ event, line, from, length }, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- a recording's events neither move nor change
              <Moment key={index} player={player} playMs={events[event]!.playMs}>
                <code>
                  {line.slice(0, from)}
                  <mark>{line.slice(from, from + length)}</mark>
                  {line.slice(from + length)}
                </code>
              </Moment>
            ))}
      </ol>
      {wanted === '' && marksOf(events).length === 0 && <p>{strings.noMarkers}</p>}
    </aside>
  );
}

function Moment(props: {
  readonly player: CastPlayer;
  readonly playMs: number;
  readonly children: ReactElement | string | readonly (ReactElement | string)[];
}): ReactElement {
  return (
    <li>
      <button type="button" className="plain" onClick={() => props.player.seek(props.playMs)}>
        <time>{strings.duration(props.playMs)}</time>
        <span>{props.children}</span>
      </button>
    </li>
  );
}

/** What the list is not flooded by. */
const MOST_MARKS = 1000;

function marksOf(events: readonly TimedEvent[]): readonly TimedEvent[] {
  return events.filter(({ code }) => code === 'm' || code === 'x').slice(0, MOST_MARKS);
}

function labelOf({ code, data }: TimedEvent): string {
  return code === 'x' ? strings.ended(data) : data;
}
