import { useEffect, useState, type ReactElement } from 'react';
import { Link, useSearch } from 'wouter';
import { useAskedLive } from '@krateyard/ui/live/use-asked-live';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import { nameOfRecorded, type RecordingSummary } from '@krateyard/terminals/recordings/recording-summary';
import { Listing } from '../shell/listing.tsx';
import { recordingStrings as strings } from './recording-strings.ts';
import { RECORDINGS_PATH } from './recordings-api.ts';

const REFRESH_MS = 5_000;

/** Every recording that this person may see, the youngest first. `?q=`: what it is filtered by at first. */
export function RecordingList(): ReactElement {
  const live = useAskedLive<{ items: readonly RecordingSummary[] }>('/api/recordings', REFRESH_MS);
  const asked = new URLSearchParams(useSearch()).get('q') ?? '';
  const [text, setText] = useState(asked);
  useEffect(() => {
    document.title = `${strings.title} · Krateyard`;
  }, []);
  const shown = live.answer?.items.filter((one) => matches(one, text));
  return (
    <Listing
      title={strings.title}
      failedTitle={strings.failedTitle}
      live={live}
      tools={
        <input
          type="search"
          aria-label={strings.filter}
          placeholder={strings.filterHint}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      }
      empty={
        <Notice icon="history" title={strings.emptyTitle}>
          <p>{strings.empty}</p>
        </Notice>
      }
      note={
        shown?.length === 0 && (
          <Notice icon="search" title={strings.noMatchTitle}>
            <p>{strings.noMatch(text)}</p>
          </Notice>
        )
      }
    >
      {shown?.map((one) => (
        <Row key={one.id} one={one} />
      ))}
    </Listing>
  );
}

function Row({ one }: { readonly one: RecordingSummary }): ReactElement {
  const facts = [
    strings.people(one.participants),
    one.endedAt === undefined && strings.live,
    one.truncated && strings.truncated,
    one.policy && strings.policy,
  ].filter(Boolean);
  return (
    <li>
      <Link className="listing-main" href={`${RECORDINGS_PATH}/${one.id}`}>
        <b className="clip" dir="auto">
          {strings.of(nameOfRecorded(one), one.container)}
        </b>
        <small>{one.namespace}</small>
      </Link>
      <code className="clip">{one.command?.join(' ')}</code>
      <span>{facts.join(' · ')}</span>
      <Time iso={one.startedAt} />
      <span className="recording-length">{strings.duration(one.seconds * 1000)}</span>
    </li>
  );
}

function matches(one: RecordingSummary, text: string): boolean {
  const { namespace, participants, container } = one;
  const within = [strings.of(nameOfRecorded(one), container), namespace, ...participants]
    .join(' ')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
