import type { ReactElement, ReactNode } from 'react';
import type { AskedLive } from '@krateyard/ui/live/use-asked-live';
import { Freshness } from '@krateyard/ui/parts/freshness.tsx';
import { NothingKnown, RightLost } from '@krateyard/ui/parts/live-notices.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { LoadingRows } from '@krateyard/ui/table/loading-rows.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import './lists.css';

/** A short list that is asked for again and again: its head with how current it is, then its rows, or why there are none. */
export function Listing(props: {
  readonly title: string;
  readonly failedTitle: string;
  readonly live: AskedLive<{ readonly items: readonly unknown[] }>;
  /** Stands where there is none. */
  readonly empty: ReactNode;
  /** In the head. */
  readonly tools?: ReactNode;
  /** Above the rows, where there are any. */
  readonly note?: ReactNode;
  /** The rows of what is known. */
  readonly children: ReactNode;
}): ReactElement {
  const { title, live, tools, note, children } = props;
  return (
    <div className="listing">
      <header className="listing-head">
        <h1>{title}</h1>
        {tools}
        <Freshness truth={live.truth} />
      </header>
      <StaleBand truth={live.truth} onRetry={live.ask} />
      {(live.answer?.items ?? []).length === 0 ? <WhyNone {...props} /> : note}
      <ul className={live.truth.state === 'disconnected' ? 'listing-rows listing-stale' : 'listing-rows'}>
        {children}
      </ul>
    </div>
  );
}

function WhyNone(props: {
  readonly failedTitle: string;
  readonly live: AskedLive<unknown>;
  readonly empty: ReactNode;
}): ReactNode {
  const { failedTitle, live, empty } = props;
  const { truth, answer, ask } = live;
  const again = (
    <button type="button" onClick={ask}>
      {uiStrings.tryAgain}
    </button>
  );
  if (truth.state === 'lost') return <RightLost status={truth.status} actions={again} />;
  if (truth.state === 'failed')
    return <Notice icon="unplugged" tone="bad" title={failedTitle} status={truth.status} actions={again} />;
  if (answer) return empty;
  return truth.state === 'disconnected' ? <NothingKnown /> : <LoadingRows />;
}
