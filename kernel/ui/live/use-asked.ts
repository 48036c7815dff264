import { useEffect, useState } from 'react';
import { requestJson, statusOf } from './api-client.ts';
import type { LiveStatus } from './live-frames.ts';

/**
 * `answer` is the last one to this question; while it is asked anew, and when that fails, the one before. `answeredAt`: when it was
 * given, milliseconds since the epoch.
 */
export type Asked<T> = { readonly answeredAt?: number | undefined } & (
  | { readonly state: 'asking'; readonly answer: T | undefined }
  | { readonly state: 'known'; readonly answer: T }
  | { readonly state: 'failed'; readonly answer: T | undefined; readonly status: LiveStatus }
);

export interface AskedOptions {
  /** A POST with this, as JSON; else a GET. */
  readonly body?: unknown;
  /** When it becomes another, the question is asked anew. */
  readonly again?: unknown;
  /** Asked anew about this often while the page is seen: for what no watch tells. */
  readonly everyMs?: number;
  /** The answer to another question stays until this one is answered. */
  readonly keeps?: boolean;
}

const NOTHING_YET = { state: 'asking', answer: undefined } as const;

/** The answer to a question to the gateway that is asked when the component is mounted and when the question becomes another. */
export function useAsked<T>(path: string, options: AskedOptions = {}): Asked<T> {
  const { body, again, everyMs, keeps = false } = options;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const question = `${path} ${text ?? ''}`;
  const [held, setHeld] = useState<{ readonly question: string; readonly asked: Asked<T> }>({
    question,
    asked: NOTHING_YET,
  });
  useEffect(() => {
    const take = (next: (before: Asked<T>) => Asked<T>): void =>
      setHeld((last) => ({
        question,
        asked: next(keeps || last.question === question ? last.asked : NOTHING_YET),
      }));
    const ask = async (signal: AbortSignal): Promise<void> => {
      try {
        const answer = await requestJson<T>(path, {
          signal,
          ...(text !== undefined && { method: 'POST', body: JSON.parse(text) as unknown }),
        });
        take(() => ({ state: 'known', answer, answeredAt: Date.now() }));
      } catch (error) {
        if (!signal.aborted)
          take(({ answer, answeredAt }) => ({
            state: 'failed',
            answer,
            answeredAt,
            status: statusOf(error),
          }));
      }
    };
    take(({ answer, answeredAt }) => ({ state: 'asking', answer, answeredAt }));
    return askRepeatedly(ask, everyMs);
  }, [path, text, question, again, everyMs, keeps]);
  if (held.question === question || keeps) return held.asked;
  return NOTHING_YET;
}

/** Now, and with `everyMs` after each answer; the disposer ends it. */
function askRepeatedly(ask: (signal: AbortSignal) => Promise<void>, everyMs: number | undefined): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = async (): Promise<void> => {
    if (document.visibilityState === 'visible') await ask(stop.signal);
    later();
  };
  const later = (): void => {
    if (everyMs === undefined || stop.signal.aborted) return;
    timer = setTimeout(() => void again(), everyMs * (0.9 + Math.random() / 5));
  };
  void ask(stop.signal).then(later);
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}
