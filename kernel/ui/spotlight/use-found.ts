import { useEffect, useMemo, useState } from 'react';
import { statusOf } from '../live/api-client.ts';
import type { SpotlightEntry, SpotlightSource } from '../room.ts';

export interface Found {
  /** Who was asked. */
  readonly sources: readonly SpotlightSource[];
  /** The text that the entries were found for. */
  readonly text: string;
  readonly entries: readonly SpotlightEntry[];
  readonly done: boolean;
  readonly problem?: string;
}

const LIMIT = 30;

/**
 * What the sources find for the text, together. A newer text ends the search for an older one; what that one found stays until
 * then. What other sources found never stands for what these find.
 */
export function useFound(sources: readonly SpotlightSource[], text: string): Found {
  const nothing = useMemo((): Found => ({ sources, text: '', entries: [], done: false }), [sources]);
  const [found, setFound] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    const bySource = sources.map((): readonly SpotlightEntry[] => []);
    const left = new Set(sources);
    let problem: string | undefined;
    const tell = (): void => {
      if (stop.signal.aborted) return;
      setFound({
        sources,
        text,
        entries: bySource.flat(),
        done: left.size === 0,
        ...(problem && { problem }),
      });
    };
    if (sources.length === 0) tell();
    for (const [index, source] of sources.entries()) {
      const take = (entries: readonly SpotlightEntry[]): void => {
        bySource[index] = entries;
        tell();
      };
      source(text, LIMIT, stop.signal, take)
        .then((entries) => void (bySource[index] = entries))
        .catch((error: unknown) => {
          if (!stop.signal.aborted) problem = statusOf(error).message;
        })
        .finally(() => {
          left.delete(source);
          tell();
        });
    }
    return () => stop.abort();
  }, [sources, text]);
  return found.sources === sources ? found : nothing;
}
