import { useEffect, useState } from 'react';
import { browserClock } from '@krateyard/ui/live/browser-clock';
import { statusOf, requestJson } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { onFrame } from '@krateyard/ui/live/on-frame';
import { onWake } from '@krateyard/ui/live/on-wake';
import { LOG_PROTOCOL } from '../../contract/log-protocol.ts';
import { LogFeed } from './log-feed.ts';

/** Follows what the query asks for while mounted; another query starts afresh, with nothing of the one before. */
export function useLogFeed(query: string): LogFeed | undefined {
  const [opened, setOpened] = useState<{ query: string; feed: LogFeed }>();
  useEffect(() => {
    const feed = new LogFeed({
      clock: browserClock,
      schedule: onFrame,
      open: (resume) => {
        const params = new URLSearchParams(query);
        if (resume !== undefined) {
          params.set('resume', resume);
          // Of what was missed nothing may be left out.
          params.delete('tail');
        }
        return new WebSocket(
          new URL(`/ws/logs?${params}`, location.href.replace(/^http/, 'ws')),
          LOG_PROTOCOL,
        );
      },
      onRefused: () => refusalOf(query),
    });
    feed.client.start();
    setOpened({ query, feed });
    const unlisten = onWake(() => feed.client.wake());
    return () => {
      unlisten();
      feed.stop();
    };
  }, [query]);
  return opened?.query === query ? opened.feed : undefined;
}

/** Asks by HTTP what a browser is not told of a refused handshake. */
async function refusalOf(query: string): Promise<LiveStatus | undefined> {
  const params = new URLSearchParams(query);
  params.delete('batch');
  params.delete('blocks');
  params.set('follow', 'false');
  params.set('tail', '0');
  try {
    await requestJson(`/api/logs?${params}`);
    return undefined;
  } catch (error) {
    return statusOf(error);
  }
}
