import { useEffect, useState } from 'react';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';

export interface Asked<T> {
  /** The last answer; undefined before the first, and of another question. */
  readonly answer: T | undefined;
  /** Why the last try failed; the answer before it stays. */
  readonly failure: LiveStatus | undefined;
}

/**
 * A GET that is asked while mounted: at once, when `moved` changes, and every `everyMs` while the page is seen. For what no
 * watch tells.
 */
export function useAsked<T>(path: string, moved: unknown, everyMs: number): Asked<T> {
  const [state, setState] = useState<Asked<T> & { readonly path: string }>({
    path,
    answer: undefined,
    failure: undefined,
  });
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const answer = await requestJson<T>(path, { signal: stop.signal });
        setState({ path, answer, failure: undefined });
      } catch (error) {
        if (stop.signal.aborted) return;
        setState((last) => ({
          path,
          answer: last.path === path ? last.answer : undefined,
          failure: statusOf(error),
        }));
      }
      if (!stop.signal.aborted) timer = setTimeout(again, everyMs * (0.9 + Math.random() / 5));
    };
    const again = (): void => {
      if (document.visibilityState === 'visible') void ask();
      else timer = setTimeout(again, everyMs);
    };
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, moved, everyMs]);
  return state.path === path ? state : { answer: undefined, failure: undefined };
}
