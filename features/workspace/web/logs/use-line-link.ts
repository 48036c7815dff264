import { useEffect, useRef, useState } from 'react';
import { lineOf } from './log-address.ts';
import type { LogFeed } from './log-feed.ts';

/** Goes to the line that the address names as soon as it is here. True when all was read and it was not among it. */
export function useLineLink(
  feed: LogFeed | undefined,
  version: number,
  line: string | undefined,
  goTo: (seq: number) => void,
): boolean {
  const done = useRef<{ feed: LogFeed; line: string }>(undefined);
  const looked = useRef<{ feed: LogFeed; from: number }>(undefined);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (!feed || line === undefined) return setMissing(false);
    if (done.current?.feed === feed && done.current.line === line) return;
    const wanted = lineOf(line);
    const from = looked.current?.feed === feed ? looked.current.from : 0;
    for (const { seq, entry } of feed.buffer.entries(from)) {
      if (entry.type !== 'line' || entry.at !== wanted.at) continue;
      if (entry.source.pod !== wanted.pod || entry.source.container !== wanted.container) continue;
      done.current = { feed, line };
      setMissing(false);
      return goTo(seq);
    }
    looked.current = { feed, from: feed.buffer.nextSeq };
    const state = feed.client.state.get();
    setMissing(state.phase === 'ended' || (state.phase === 'live' && state.synced));
    // oxlint-disable-next-line react/exhaustive-deps -- what it does when it is found may change at every render
  }, [feed, version, line]);
  return missing;
}
