import type { ReactElement } from 'react';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import type { LogAddress } from './log-address.ts';
import type { LogFeed } from './log-feed.ts';
import { logStrings as strings } from './log-strings.ts';

/** Above the lines while the gateway is away. */
export function LogBand({ feed }: { readonly feed: LogFeed }): ReactElement | null {
  const state = feed.client.state.get();
  if (state.phase !== 'reconnecting') return null;
  const { downSince: since, retryAt, reason } = state;
  return (
    <StaleBand
      truth={{
        state: 'disconnected',
        link: 'gateway',
        since,
        reason,
        ...(retryAt !== undefined && { retryAt }),
      }}
      onRetry={() => feed.client.wake()}
    />
  );
}

/** What stands where lines would, when there are none: why, and what to do. */
export function LogNotice(props: {
  readonly feed: LogFeed;
  readonly address: LogAddress;
  readonly onAddress: (change: Partial<LogAddress>) => void;
}): ReactElement | null {
  const { feed, address, onAddress } = props;
  const state = feed.client.state.get();
  const retry = (
    <button type="button" onClick={() => feed.client.start()}>
      {uiStrings.tryAgain}
    </button>
  );
  if (state.phase === 'failed') return <Refused status={state.status} actions={retry} />;
  const problem = feed.problems.at(-1);
  const over = state.phase === 'ended' || (state.phase === 'live' && state.synced);
  if (!over) return state.phase === 'reconnecting' ? null : <p className="logs-wait">{strings.loading}</p>;
  if (problem && feed.sources.length <= 1) return <Refused status={problem} actions={retry} />;
  if (address.filter !== '' || address.severity !== undefined) {
    return (
      <Notice
        icon="search"
        title={strings.emptyFilterTitle}
        actions={
          <button type="button" onClick={() => onAddress({ filter: '', severity: undefined })}>
            {strings.clearFilters}
          </button>
        }
      >
        <p>{strings.emptyFilter}</p>
      </Notice>
    );
  }
  if (state.phase === 'live') {
    return (
      <Notice icon="lines" title={strings.emptyTitle}>
        <p>{strings.empty}</p>
      </Notice>
    );
  }
  return (
    <Notice icon="lines" title={strings.endedTitle} actions={retry}>
      <p>{address.previous ? strings.emptyPrevious : strings.endedHint}</p>
    </Notice>
  );
}

function Refused(props: { readonly status: LiveStatus; readonly actions: ReactElement }): ReactElement {
  const { status, actions } = props;
  if (status.code === 403) {
    return (
      <Notice icon="lock" tone="warn" title={strings.forbiddenTitle} status={status} actions={actions}>
        <p>{strings.forbidden}</p>
      </Notice>
    );
  }
  if (status.code === 404) {
    return (
      <Notice icon="search" tone="warn" title={strings.missingTitle} status={status} actions={actions}>
        <p>{strings.missing}</p>
      </Notice>
    );
  }
  return (
    <Notice icon="unplugged" tone="bad" title={strings.failedTitle} status={status} actions={actions}>
      <p>{strings.failedHint}</p>
    </Notice>
  );
}
