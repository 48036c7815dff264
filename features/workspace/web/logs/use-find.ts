import { useEffect, useState } from 'react';
import { findPattern } from './find-pattern.ts';
import type { LogFeed } from './log-feed.ts';

/** Has the feed look for `text`. Returns what is wrong with it, if anything. */
export function useFind(feed: LogFeed | undefined, text: string): string | undefined {
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let gone = false;
    findPattern(text).then(
      (pattern) => {
        if (gone) return;
        setProblem(undefined);
        feed?.find(pattern);
      },
      (error: unknown) => {
        if (gone) return;
        setProblem(error instanceof Error ? error.message : String(error));
        feed?.find(undefined);
      },
    );
    return () => {
      gone = true;
    };
  }, [feed, text]);
  return problem;
}
