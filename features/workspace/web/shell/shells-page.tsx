import { useEffect, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { useAskedLive } from '@krateyard/ui/live/use-asked-live';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import type { ShellSummary } from '../../contract/shell-protocol.ts';
import { formatView } from '../view-url.ts';
import { Listing } from './listing.tsx';
import { shellHref } from './shell-address.ts';
import { shellStrings as strings } from './shell-strings.ts';

const REFRESH_MS = 5_000;

/** The shells that one may join: into pods that one may exec into. */
export function ShellsPage(): ReactElement {
  const live = useAskedLive<{ items: readonly ShellSummary[] }>('/api/shells', REFRESH_MS);
  useEffect(() => {
    document.title = `${strings.listTitle} · Krateyard`;
  }, []);
  return (
    <Listing title={strings.listTitle} failedTitle={strings.listFailed} live={live} empty={<NoShells />}>
      {live.answer?.items.map((one) => (
        <Shell key={one.session} one={one} />
      ))}
    </Listing>
  );
}

function NoShells(): ReactElement {
  const [, navigate] = useLocation();
  return (
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
