import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';

/** Where they are a thousand and each was given by itself, the gateway has to ask for longer than it lets us wait. */
const AGAIN_MS = 2_000;
const MOST_ASKED = 10;

/** The namespaces that this person may see; asked for when the list opens. */
export function useNamespaces(asked: boolean): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (left: number): void => {
      requestJson<{ readonly namespaces?: readonly string[] }>('/api/cluster', { signal: stop.signal })
        .then(({ namespaces }) => {
          if (namespaces) setNames(namespaces);
          else if (left > 0) timer = setTimeout(() => ask(left - 1), AGAIN_MS);
        })
        .catch(() => {
          // Those in the address can still be chosen and left.
        });
    };
    ask(MOST_ASKED);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [asked]);
  return names;
}
