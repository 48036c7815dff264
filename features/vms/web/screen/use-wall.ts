import { useEffect, useState } from 'react';
import { browserClock } from '@krateyard/ui/live/browser-clock';
import { Store } from '@krateyard/ui/live/store';
import { useStore } from '@krateyard/ui/live/use-store';
import { Thumbnails, type Thumbnail } from './thumbnails.ts';

const nothing = new Store<ReadonlyMap<string, Thumbnail>>(new Map());

/** The pictures of these machines, as long as the page is looked at. */
export function useThumbnails(wanted: readonly string[]): ReadonlyMap<string, Thumbnail> {
  const [thumbnails, setThumbnails] = useState<Thumbnails>();
  useEffect(() => {
    const made = new Thumbnails(browserClock);
    const look = (): void => made.pause(document.visibilityState === 'hidden');
    document.addEventListener('visibilitychange', look);
    look();
    setThumbnails(made);
    return () => {
      document.removeEventListener('visibilitychange', look);
      made.stop();
    };
  }, []);
  const key = wanted.join(' ');
  useEffect(() => thumbnails?.want(new Set(key === '' ? [] : key.split(' '))), [thumbnails, key]);
  return useStore(thumbnails?.all ?? nothing);
}
