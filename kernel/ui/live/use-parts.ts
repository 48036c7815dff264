import { useEffect, useMemo, useState } from 'react';
import { LiveParts, NO_PARTS, type PartsView } from './live-parts.ts';
import type { PartsSpec } from './parts-frame.ts';
import { useLiveSource } from './live-context.ts';
import { onFrame } from './on-frame.ts';
import { Store } from './store.ts';
import { useRetry } from './use-collection.ts';
import { useStore } from './use-store.ts';

const nothing = new Store<PartsView>(NO_PARTS);

/** Follows parts while the component is mounted; another spec starts afresh, and what failed is asked for again after a while. */
export function useParts(spec: PartsSpec): { readonly view: PartsView; readonly retry: () => void } {
  const source = useLiveSource();
  const key = JSON.stringify(spec);
  const [opened, setOpened] = useState<{ key: string; live: LiveParts }>();
  const live = opened?.key === key ? opened.live : undefined;
  useEffect(() => {
    const live = new LiveParts(source, JSON.parse(key) as PartsSpec, onFrame);
    setOpened({ key, live });
    return () => live.close();
  }, [source, key]);
  const view = useStore(live?.view ?? nothing);
  useRetry(live, view);
  return useMemo(() => ({ view, retry: () => live?.retry() }), [view, live]);
}
