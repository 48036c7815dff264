import type { ReactElement } from 'react';
import { apiServer } from '../live/api-server.ts';
import type { Truth } from '../live/truth.ts';
import { useStore } from '../live/use-store.ts';
import { strings } from '../strings.ts';
import { formatClock, formatUtc } from '../words/format-time.ts';
import { useSecond } from './freshness.tsx';
import { Icon } from './icon.tsx';

/** The line above rows that are not current: since when, why, and what is being done about it. */
export function StaleBand(props: {
  readonly truth: Truth;
  readonly onRetry?: () => void;
}): ReactElement | null {
  const { truth, onRetry } = props;
  const now = useSecond(truth.state === 'disconnected');
  const banner = useStore(apiServer)?.state === 'away';
  // The frame says it above, once for all that is on the page.
  if (truth.state !== 'disconnected' || (truth.link === 'cluster' && banner)) return null;
  const retryIn = truth.retryAt === undefined ? undefined : Math.ceil((truth.retryAt - now) / 1000);
  return (
    <div className="stale-band" role="status">
      <Icon name="unplugged" />
      <p title={formatUtc(new Date(truth.since).toISOString())}>
        <b>
          {truth.link === 'gateway' ? strings.gatewayGone : strings.clusterGone}{' '}
          {strings.since(formatClock(truth.since, now))}
        </b>
        , {strings.shownAsKnown}.{' '}
        {truth.reason !== '' && (
          <span className={truth.link === 'gateway' ? 'wide-only' : undefined}>{truth.reason} </span>
        )}
        {/* Seen only: a status is read out whole, and would be every second. */}
        {retryIn !== undefined && (
          <span className="wide-only" aria-hidden="true">
            {strings.retryIn(retryIn)}
          </span>
        )}
      </p>
      {truth.link === 'gateway' && onRetry && (
        <button type="button" onClick={onRetry}>
          {strings.retryNow}
        </button>
      )}
    </div>
  );
}
