import { useEffect } from 'react';
import { useLocation, useSearch } from 'wouter';
import { remember, startRecents } from '@krateyard/ui/spotlight/recents';
import { rooms } from '../rooms.ts';

/** A glance is no visit. */
const STAYED_MS = 1500;

/** Keeps what the person looks at, for the spotlight's list of recent ones. */
export function useVisits(person: string): void {
  useEffect(() => startRecents(person), [person]);
  const [path] = useLocation();
  const search = useSearch();
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const { visit } of rooms) {
        const seen = visit?.(path, search);
        if (seen) remember({ ...seen, path: search === '' ? path : `${path}?${search}` });
      }
    }, STAYED_MS);
    return () => clearTimeout(timer);
  }, [path, search]);
}
