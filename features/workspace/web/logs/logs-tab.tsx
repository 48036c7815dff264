import { useCallback, useMemo, useRef, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { markTrayTab, updateTrayTab, type TrayTab } from '@krateyard/ui/tray/tray';
import { formatAddress, pageOf, readAddress, type LogAddress } from './log-address.ts';
import type { LogFeed } from './log-feed.ts';
import { LogView } from './log-view.tsx';
import { wantsFocus } from './open-logs.ts';

/** A log in a tab of the tray. */
export function LogsTab({ tab, shown }: { readonly tab: TrayTab; readonly shown: boolean }): ReactElement {
  const [, navigate] = useLocation();
  const address = useMemo(() => readAddress(tab.params), [tab.params]);
  const onAddress = useCallback(
    (change: Partial<LogAddress>) =>
      updateTrayTab(tab.id, { params: formatAddress({ ...address, ...change }) }),
    [tab.id, address],
  );
  const seen = useRef(0);
  const onFeed = (feed: LogFeed): void => {
    const last = feed.buffer.nextSeq;
    if (shown) seen.current = last;
    markTrayTab(tab.id, markOf(feed, last > seen.current));
  };
  return (
    <LogView
      address={address}
      onAddress={onAddress}
      shown={shown}
      page={false}
      onFeed={onFeed}
      onPage={() => navigate(pageOf(address))}
      focus={wantsFocus(tab.id)}
    />
  );
}

function markOf(feed: LogFeed, news: boolean): TrayTab['mark'] {
  const { phase } = feed.client.state.get();
  if (phase === 'failed') return 'bad';
  if (phase === 'ended') return 'ended';
  if (phase === 'reconnecting') return 'busy';
  return news ? 'new' : undefined;
}
