import { useEffect, useState } from 'react';
import { askedTruth } from './asked-truth.ts';
import { useLiveSource } from './live-context.ts';
import { onWake } from './on-wake.ts';
import type { Truth } from './truth.ts';
import { useAsked } from './use-asked.ts';
import { useStore } from './use-store.ts';

/** Missed answers until one is late: the one that is being waited for, and one more. */
const LATE_ANSWERS = 2.5;

export interface AskedLive<T> {
  /** The last one; undefined before the first, and when it may not be seen any more. */
  readonly answer: T | undefined;
  readonly truth: Truth;
  /** At once; the socket is tried, too, where it is down. */
  readonly ask: () => void;
}

/**
 * What no watch tells, asked for every `everyMs` while the page is seen, at once when the page or the gateway comes back, with how
 * current it is.
 */
export function useAskedLive<T>(path: string, everyMs: number): AskedLive<T> {
  const source = useLiveSource();
  const socket = useStore(source.state);
  const [wakes, setWakes] = useState(0);
  const link = socket.phase === 'open' ? socket.since : 'down';
  const asked = useAsked<T>(path, { everyMs, again: `${link} ${wakes}` });
  const late = useLate(asked.answeredAt, everyMs * LATE_ANSWERS);
  const truth = askedTruth(socket, asked, late);
  const again = (): void => setWakes((before) => before + 1);
  useEffect(() => onWake(again), []);
  return {
    answer: truth.state === 'lost' ? undefined : asked.answer,
    truth,
    ask: () => {
      source.wake();
      again();
    },
  };
}

/** Whether that long has passed since then. */
function useLate(since: number | undefined, afterMs: number): boolean {
  const [lateFor, setLateFor] = useState<number>();
  useEffect(() => {
    if (since === undefined) return undefined;
    const timer = setTimeout(() => setLateFor(since), Math.max(0, since + afterMs - Date.now()));
    return () => clearTimeout(timer);
  }, [since, afterMs]);
  return since !== undefined && lateFor === since;
}
