import { useEffect, useState } from 'react';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';

export type Asked<T> =
  | { readonly phase: 'asking'; readonly before?: T }
  | { readonly phase: 'known'; readonly answer: T }
  | { readonly phase: 'failed'; readonly status: LiveStatus };

/** The answer to a GET, asked anew when the path changes or `again` does; the answer before it stays meanwhile. */
export function useAsked<T>(path: string, again: unknown): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ phase: 'asking' });
  useEffect(() => {
    const stop = new AbortController();
    setAsked((now) =>
      now.phase === 'known' ? { phase: 'asking', before: now.answer } : { phase: 'asking' },
    );
    requestJson<T>(path, { signal: stop.signal })
      .then((answer) => setAsked({ phase: 'known', answer }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setAsked({ phase: 'failed', status: statusOf(error) });
      });
    return () => stop.abort();
  }, [path, again]);
  return asked;
}
