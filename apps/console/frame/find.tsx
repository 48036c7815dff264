import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { Spotlight } from '@krateyard/ui/spotlight/spotlight.tsx';
import { rooms } from '../rooms.ts';
import { useFindEntries } from './use-find-entries.ts';
import { useNamespaces } from './use-namespaces.ts';

const SOURCES = rooms.flatMap(({ spotlight }) => spotlight ?? []);

/** The spotlight over everything that the rooms and the frame know. */
export function Find({ onClose }: { readonly onClose: () => void }): ReactElement {
  const entries = useFindEntries(useNamespaces(true));
  const [, navigate] = useLocation();
  return <Spotlight entries={entries} sources={SOURCES} onGo={navigate} onClose={onClose} />;
}
