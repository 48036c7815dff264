import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';

/** The namespaces that this person may see; asked for when the list opens. */
export function useNamespaces(asked: boolean): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    requestJson<{ readonly namespaces?: readonly string[] }>('/api/cluster', { signal: stop.signal })
      .then(({ namespaces }) => setNames(namespaces ?? []))
      .catch(() => {
        // Those in the address can still be chosen and left.
      });
    return () => stop.abort();
  }, [asked]);
  return names;
}
