import type { ReactElement } from 'react';
import { apiServer } from '../live/api-server.ts';
import { useStore } from '../live/use-store.ts';
import { strings } from '../strings.ts';
import { formatClock, formatUtc } from '../words/format-time.ts';
import { useSecond } from './freshness.tsx';
import { Icon } from './icon.tsx';
import './api-server-banner.css';

/**
 * While the API server does not answer, or hardly: since when, why, what of the page is still true, what will not work, and what
 * to look at. Goes by itself. `connected`: whether the gateway can be heard, without which nothing is known of what is behind it.
 */
export function ApiServerBanner({ connected }: { readonly connected: boolean }): ReactElement | null {
  const told = useStore(apiServer);
  const troubled = connected && told !== undefined && told.state !== 'answers';
  const now = useSecond(troubled);
  if (!troubled) return null;
  const { state, since, reason } = told;
  const away = state === 'away';
  return (
    <section className={`banner banner-${state}`} aria-label={strings.apiServer} data-api-server={state}>
      <Icon name={away ? 'unplugged' : 'warning'} />
      <div role="status">
        <p>
          <b title={formatUtc(new Date(since).toISOString())}>
            {away ? strings.apiServerAway : strings.apiServerSlow} {strings.since(formatClock(since, now))}
          </b>
          {'. '}
          {reason}
        </p>
        <p>
          {away ? strings.apiServerAwayTrue : strings.apiServerSlowTrue}{' '}
          {away ? strings.apiServerAwayDo : strings.apiServerSlowDo}
        </p>
      </div>
    </section>
  );
}
