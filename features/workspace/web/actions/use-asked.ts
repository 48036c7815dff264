import { useEffect, useState } from 'react';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';

export type Asked<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'known'; readonly answer: T }
  | { readonly state: 'failed'; readonly status: LiveStatus };

/** The answer to one question, asked when the component is mounted or the question changes. */
export function useAsked<T>(path: string, body?: unknown): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ state: 'asking' });
  const text = body === undefined ? undefined : JSON.stringify(body);
  useEffect(() => {
    const stop = new AbortController();
    setAsked({ state: 'asking' });
    requestJson<T>(path, {
      signal: stop.signal,
      ...(text !== undefined && { method: 'POST', body: JSON.parse(text) as unknown }),
    })
      .then((answer) => setAsked({ state: 'known', answer }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setAsked({ state: 'failed', status: statusOf(error) });
      });
    return () => stop.abort();
  }, [path, text]);
  return asked;
}
