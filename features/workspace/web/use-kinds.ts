import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';
import { settingsOwner } from '@krateyard/ui/settings/settings';
import type { KindList, KindSummary } from '../contract/resource-api.ts';

/** Of whoever is signed in: the next person starts with nothing. */
let known: { readonly person: string; readonly kinds: readonly KindSummary[] } = { person: '', kinds: [] };

const knownTo = (person: string): readonly KindSummary[] => (known.person === person ? known.kinds : []);

/** The kinds that this person may list, asked for anew whenever `asked` changes; the last known ones meanwhile. */
export function useKinds(asked: unknown): readonly KindSummary[] {
  const [kinds, setKinds] = useState(() => knownTo(settingsOwner()));
  useEffect(() => {
    const stop = new AbortController();
    const person = settingsOwner();
    requestJson<KindList>('/api/resources', { signal: stop.signal })
      .then(({ items }) => {
        known = { person, kinds: items };
        setKinds(items);
      })
      .catch(() => {
        // The picker keeps what it knows; the table says what is wrong.
      });
    return () => stop.abort();
  }, [asked]);
  return kinds;
}
