import { useEffect, useState, type ReactElement } from 'react';
import type { Truth } from '../live/truth.ts';
import { strings } from '../strings.ts';
import { formatClock, formatUtc } from '../words/format-time.ts';
import { announce } from './announce.ts';
import './freshness.css';

/** How current a view is, in a word or two; always on screen beside what it speaks of. */
export function Freshness({ truth }: { readonly truth: Truth }): ReactElement {
  useSecond(truth.state === 'lagging');
  useEffect(() => announce(wordsOf(truth)), [truth.state]); // oxlint-disable-line react/exhaustive-deps -- once a state
  return (
    <span className={`freshness freshness-${truth.state}`} data-truth={truth.state} title={titleOf(truth)}>
      <span className="freshness-mark" aria-hidden="true" />
      {wordsOf(truth)}
    </span>
  );
}

function wordsOf(truth: Truth): string {
  switch (truth.state) {
    case 'loading':
      return strings.syncing;
    case 'live':
      return strings.live;
    case 'lagging':
      return strings.lagging(Date.now() - truth.since);
    case 'disconnected':
      return strings.disconnectedSince(formatClock(truth.since, Date.now()));
    case 'lost':
      return strings.lostRight;
    case 'failed':
      return strings.failed;
  }
}

function titleOf(truth: Truth): string | undefined {
  return 'since' in truth ? formatUtc(new Date(truth.since).toISOString()) : undefined;
}

/** Renders every second while active. */
export function useSecond(active: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}
