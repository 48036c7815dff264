import { useCallback, useEffect, useState } from 'react';
import { announce } from '@krateyard/ui/parts/announce';
import { plainText } from './ansi.ts';
import type { LogFeed } from './log-feed.ts';

export interface ChosenLines {
  /** The line of the keys. */
  readonly cursor: number | undefined;
  /** From–to, by seq. */
  readonly range: readonly [number, number] | undefined;
  readonly choose: (seq: number, further: boolean) => void;
  readonly clear: () => void;
  /** Lines shown as JSON. */
  readonly opened: ReadonlySet<number>;
  readonly toggle: (seq: number) => void;
}

const NONE: ReadonlySet<number> = new Set();

/** Which lines are chosen and which are opened; of another feed none. */
export function useChosenLines(feed: LogFeed | undefined): ChosenLines {
  const [chosen, setChosen] = useState<{ cursor: number; other: number }>();
  const [opened, setOpened] = useState<ReadonlySet<number>>(NONE);
  useEffect(() => {
    setChosen(undefined);
    setOpened(NONE);
  }, [feed]);
  const choose = useCallback(
    (seq: number, further: boolean) => {
      setChosen((before) => {
        if (!further && before?.cursor === seq && before.other === seq) return undefined;
        return { cursor: seq, other: further && before ? before.other : seq };
      });
      const entry = feed?.buffer.at(seq)?.entry;
      if (entry?.type === 'line') announce(plainText(entry.text).slice(0, 300));
    },
    [feed],
  );
  const clear = useCallback(() => setChosen(undefined), []);
  const toggle = useCallback((seq: number) => {
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(seq)) next.add(seq);
      return next;
    });
  }, []);
  return {
    cursor: chosen?.cursor,
    range: chosen && [Math.min(chosen.cursor, chosen.other), Math.max(chosen.cursor, chosen.other)],
    choose,
    clear,
    opened,
    toggle,
  };
}
