import { useCallback, useEffect, useState, type ReactElement } from 'react';
import { Link, useSearch } from 'wouter';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { nameOfRecorded, type RecordingSummary } from '@krateyard/terminals/recordings/recording-summary';
import '../shell/lists.css';
import { recordingStrings as strings } from './recording-strings.ts';
import { listRecordings, RECORDINGS_PATH } from './recordings-api.ts';

/** Every recording that this person may see, the youngest first. `?q=`: what it is filtered by at first. */
export function RecordingList(): ReactElement {
  const { items, status, ask } = useRecordings();
  const asked = new URLSearchParams(useSearch()).get('q') ?? '';
  const [text, setText] = useState(asked);
  useEffect(() => {
    document.title = `${strings.title} · Krateyard`;
  }, []);
  const shown = items?.filter((one) => matches(one, text));
  return (
    <div className="listing">
      <header className="listing-head">
        <h1>{strings.title}</h1>
        <input
          type="search"
          aria-label={strings.filter}
          placeholder={strings.filterHint}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="button" onClick={ask}>
          {strings.refresh}
        </button>
      </header>
      {status && !items && (
        <Notice
          icon="unplugged"
          tone="bad"
          title={strings.failedTitle}
          status={status}
          actions={
            <button type="button" onClick={ask}>
              {uiStrings.tryAgain}
            </button>
          }
        />
      )}
      {items?.length === 0 && (
        <Notice icon="history" title={strings.emptyTitle}>
          <p>{strings.empty}</p>
        </Notice>
      )}
      {items && items.length > 0 && shown?.length === 0 && (
        <Notice icon="search" title={strings.noMatchTitle}>
          <p>{strings.noMatch(text)}</p>
        </Notice>
      )}
      <ul className="listing-rows">
        {shown?.map((one) => (
          <Row key={one.id} one={one} />
        ))}
      </ul>
    </div>
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

function useRecordings(): {
  /** Undefined until the first answer. */
  readonly items: readonly RecordingSummary[] | undefined;
  readonly status: LiveStatus | undefined;
  readonly ask: () => void;
} {
  const [items, setItems] = useState<readonly RecordingSummary[]>();
  const [status, setStatus] = useState<LiveStatus>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    listRecordings(stop.signal).then(
      (found) => {
        setItems(found);
        setStatus(undefined);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setStatus(statusOf(error));
      },
    );
    return () => stop.abort();
  }, [asked]);
  const ask = useCallback(() => setAsked((before) => before + 1), []);
  return { items, status, ask };
}
