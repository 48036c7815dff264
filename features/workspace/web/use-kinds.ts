import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';
import type { KindList, KindSummary } from '../contract/resource-api.ts';

let known: readonly KindSummary[] = [];

/** The kinds that this person may list, asked for anew whenever `asked` changes; the last known ones meanwhile. */
export function useKinds(asked: unknown): readonly KindSummary[] {
  const [kinds, setKinds] = useState(known);
  useEffect(() => {
    const stop = new AbortController();
    requestJson<KindList>('/api/resources', { signal: stop.signal })
      .then(({ items }) => {
        known = items;
        setKinds(items);
      })
      .catch(() => {
        // The picker keeps what it knows; the table says what is wrong.
      });
    return () => stop.abort();
  }, [asked]);
  return kinds;
}
