import { useMemo, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useStore } from '@krateyard/ui/live/use-store';
import { Spotlight } from '@krateyard/ui/spotlight/spotlight.tsx';
import { rooms } from '../rooms.ts';
import { featureStates } from './feature-states.ts';
import { useFindEntries } from './use-find-entries.ts';
import { useNamespaces } from './use-namespaces.ts';

/** The spotlight over everything that the rooms and the frame know. */
export function Find({ onClose }: { readonly onClose: () => void }): ReactElement {
  const entries = useFindEntries(useNamespaces(true));
  const [, navigate] = useLocation();
  const states = useStore(featureStates);
  // A dark room has nothing to be found, and would be asked in vain. By id, as each answer about the rooms is another map.
  const lit = rooms
    .filter(({ name }) => states.get(name)?.state !== 'dark')
    .map(({ id }) => id)
    .join(' ');
  const sources = useMemo(
    () => lit.split(' ').flatMap((id) => rooms.find((room) => room.id === id)?.spotlight ?? []),
    [lit],
  );
  return <Spotlight entries={entries} sources={sources} onGo={navigate} onClose={onClose} />;
}
