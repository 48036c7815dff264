import { useEffect, useRef } from 'react';
import { useMedia, NARROW } from '@krateyard/ui/look/use-media';
import { folded } from '@krateyard/ui/tray/tray-changes';
import { tray } from '@krateyard/ui/tray/tray';

/** Who goes to another page wants to see it: a tray that covers all of it folds (phones), or lets go of the whole height. */
export function useUncoveredPage(path: string): void {
  const narrow = useMedia(NARROW);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    const state = tray.get();
    if (narrow) tray.set(folded(state));
    else if (state.full) tray.set({ ...state, full: false });
  }, [path, narrow]);
}
