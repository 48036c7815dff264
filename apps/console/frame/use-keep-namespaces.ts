import { useEffect } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { Store } from '@krateyard/ui/live/store';
import { useStore } from '@krateyard/ui/live/use-store';
import { rooms } from '../rooms.ts';

/** The namespaces that were chosen last, as they stand in an address; pages that follow none carry them on. */
const chosen = new Store('');

/** Whether the page at this path shows what is in the chosen namespaces: a room's own pages do, all others have a `ns` of their own. */
export const followsNamespaces = (path: string): boolean =>
  rooms.some((room) => path === room.path || path.startsWith(`${room.path}/`));

/** Makes an address of another page carry the namespaces that are chosen now. */
export function useKeepNamespaces(): (path: string) => string {
  const [params] = useSearchParams();
  const [path] = useLocation();
  const last = useStore(chosen);
  const here = followsNamespaces(path);
  const namespaces = here ? (params.get('ns') ?? '') : last;
  useEffect(() => {
    if (here) chosen.set(namespaces);
  }, [here, namespaces]);
  return (to) =>
    namespaces !== '' && followsNamespaces(to.split('?')[0]!)
      ? `${to}${to.includes('?') ? '&' : '?'}ns=${namespaces}`
      : to;
}
