import { useCallback, useEffect, useState, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import type { ShellSummary } from '../../contract/shell-protocol.ts';
import { formatView } from '../view-url.ts';
import { shellHref } from './shell-address.ts';
import { shellStrings as strings } from './shell-strings.ts';
import './lists.css';

const REFRESH_MS = 5_000;

/** The shells that one may join: into pods that one may exec into. */
export function ShellsPage(): ReactElement {
  const { items, status, ask } = useShells();
  useEffect(() => {
    document.title = `${strings.listTitle} · Krateyard`;
  }, []);
  const [, navigate] = useLocation();
  return (
    <div className="listing">
      <header className="listing-head">
        <h1>{strings.listTitle}</h1>
        <button type="button" onClick={ask}>
          {strings.refresh}
        </button>
      </header>
      {status && items.length === 0 && (
        <Notice
          icon="unplugged"
          tone="bad"
          title={strings.listFailed}
          status={status}
          actions={
            <button type="button" onClick={ask}>
              {uiStrings.tryAgain}
            </button>
          }
        />
      )}
      {!status && items.length === 0 && (
        <Notice
          icon="terminal"
          title={strings.listEmptyTitle}
          actions={
            <button type="button" onClick={() => navigate(formatView({ kind: 'pods' }))}>
              {strings.toPods}
            </button>
          }
        >
          <p>{strings.listEmpty}</p>
        </Notice>
      )}
      <ul className="listing-rows">
        {items.map((one) => (
          <Shell key={one.session} one={one} />
        ))}
      </ul>
    </div>
  );
}

function Shell({ one }: { readonly one: ShellSummary }): ReactElement {
  const { session, namespace: ns, pod, container, command, owner, participants, recording, startedAt } = one;
  const here = participants.filter(({ connected }) => connected).length;
  return (
    <li>
      <Link className="listing-main" href={shellHref({ ns, pod, container, session })}>
        <b className="clip" dir="auto">
          {strings.title(pod, container)}
        </b>
        <small>{ns}</small>
      </Link>
      <code className="clip">{command.join(' ')}</code>
      <span>
        {strings.startedBy(owner)} · {strings.people(here)}
        {one.heldUntil !== undefined && ` · ${strings.held}`}
        {recording && <b className="tone-bad"> · {strings.recording}</b>}
      </span>
      <Time iso={startedAt} />
      <Link className="listing-go" href={shellHref({ ns, pod, container, session })}>
        {strings.join}
      </Link>
    </li>
  );
}

function useShells(): {
  readonly items: readonly ShellSummary[];
  readonly status: LiveStatus | undefined;
  readonly ask: () => void;
} {
  const [items, setItems] = useState<readonly ShellSummary[]>([]);
  const [status, setStatus] = useState<LiveStatus>();
  const ask = useCallback(() => {
    requestJson<{ items: readonly ShellSummary[] }>('/api/shells').then(
      (answer) => {
        setItems(answer.items);
        setStatus(undefined);
      },
      (error: unknown) => setStatus(statusOf(error)),
    );
  }, []);
  useEffect(() => {
    ask();
    const timer = setInterval(ask, REFRESH_MS);
    return () => clearInterval(timer);
  }, [ask]);
  return { items, status, ask };
}
