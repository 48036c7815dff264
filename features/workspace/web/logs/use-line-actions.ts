import { useCallback, useEffect, useRef } from 'react';
import { copyText } from '@krateyard/ui/parts/clipboard';
import { fetchGap } from './fetch-gap.ts';
import { formatLine, pageOf, titleOf, USUAL_RANGE, type LogAddress } from './log-address.ts';
import type { LineEntry, LogEntry } from './log-entry.ts';
import { exportLines } from './log-export.ts';
import type { LogFeed } from './log-feed.ts';
import { logPrefs } from './log-prefs.ts';
import { saveText } from './save-text.ts';

export interface LineActions {
  /** Lines that are chosen. */
  readonly count: number;
  readonly copy: () => void;
  readonly copyAll: () => void;
  readonly download: () => void;
  readonly link: (entry: LogEntry | undefined) => void;
  readonly fetch: (seq: number) => void;
}

/** What can be done with the chosen lines, and with all. */
export function useLineActions(
  feed: LogFeed | undefined,
  address: LogAddress,
  range: readonly [number, number] | undefined,
): LineActions {
  const latest = useRef(address);
  useEffect(() => {
    latest.current = address;
  });
  const style = { times: logPrefs.get().times !== 'off', sources: (feed?.sources.length ?? 0) > 1 };
  const picked =
    feed && range ? exportLines(feed.buffer, { times: false, sources: false }, ...range) : undefined;
  const fetch = useCallback((seq: number) => feed && void fetchGap(feed, latest.current, seq), [feed]);
  return {
    count: picked?.lines ?? 0,
    copy: () => picked && void copyText(picked.text),
    copyAll: () => feed && void copyText(exportLines(feed.buffer, style).text),
    download: () =>
      feed && saveText(`${titleOf(address)}.log`, exportLines(feed.buffer, { ...style, times: true }).text),
    link: (entry) => {
      if (entry?.type === 'line') void copyText(location.origin + pageOf(lineAddress(address, entry)));
    },
    fetch,
  };
}

function lineAddress(address: LogAddress, entry: LineEntry): LogAddress {
  return { ...address, range: USUAL_RANGE, line: formatLine({ ...entry.source, at: entry.at }) };
}
