import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { browserClock } from '@krateyard/ui/live/browser-clock';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { onWake } from '@krateyard/ui/live/on-wake';
import { Store } from '@krateyard/ui/live/store';
import { useStore } from '@krateyard/ui/live/use-store';
import { Picture, type PictureEvents, type PictureLook } from './picture.ts';
import type { ScreenAddress } from './screen-address.ts';
import { ScreenClient } from './screen-client.ts';
import { explainRefusal, openPixelSocket, openScreenSocket } from './screen-connection.ts';
import { NOTHING_YET, type ScreenSnapshot } from './screen-snapshot.ts';

export interface UsedScreen {
  /** Goes onto the element that the picture fills. */
  readonly stage: RefObject<HTMLDivElement | null>;
  readonly snapshot: ScreenSnapshot;
  readonly client: ScreenClient | undefined;
  readonly picture: Picture | undefined;
  /** Why the viewer itself could not be loaded. */
  readonly failed: LiveStatus | undefined;
  /** After a view that has ended. */
  readonly again: () => void;
}

interface Parts {
  readonly client: ScreenClient;
  readonly picture: Picture;
}

const nothing = new Store(NOTHING_YET);

/** A screen for as long as the component is mounted. What the events do may change at every render. */
export function useScreen(address: ScreenAddress, shown: boolean, events: PictureEvents): UsedScreen {
  const stage = useRef<HTMLDivElement>(null);
  const [parts, setParts] = useState<Parts>();
  const [failed, setFailed] = useState<LiveStatus>();
  const [run, setRun] = useState(0);
  const latest = useRef(events);
  useEffect(() => {
    latest.current = events;
  });
  const { namespace, name } = address;
  useEffect(() => {
    const stop = new AbortController();
    openParts(stage.current!, { namespace, name }, latest, stop.signal).then(setParts, (error: unknown) => {
      if (!stop.signal.aborted) setFailed(statusOf(error));
    });
    return () => {
      stop.abort();
      setParts(undefined);
      setFailed(undefined);
    };
  }, [namespace, name, run]);
  const client = parts?.client;
  useEffect(() => {
    if (!client || !shown) return undefined;
    const look = (): void => client.look(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      document.removeEventListener('visibilitychange', look);
      client.look(false);
    };
  }, [client, shown]);
  const snapshot = useStore(client?.view ?? nothing);
  const again = useCallback(() => setRun((before) => before + 1), []);
  return { stage, snapshot, client, picture: parts?.picture, failed, again };
}

/** Undefined when it is over before it has begun. The signal ends both. */
async function openParts(
  stage: HTMLElement,
  address: ScreenAddress,
  latest: { readonly current: PictureEvents },
  signal: AbortSignal,
): Promise<Parts | undefined> {
  const picture = await Picture.open(stage, {
    onSize: (size) => latest.current.onSize(size),
    onClipboard: (text) => latest.current.onClipboard(text),
    onLeave: () => latest.current.onLeave(),
  });
  if (signal.aborted) return undefined;
  const client = new ScreenClient({
    open: () => openScreenSocket(address),
    openPixels: (key) => openPixelSocket(address, key),
    explain: () => explainRefusal(address),
    picture,
    clock: browserClock,
  });
  const stopWaking = onWake(() => client.wake());
  signal.addEventListener('abort', () => {
    stopWaking();
    client.stop();
    picture.close();
  });
  client.start();
  return { client, picture };
}

/** Keeps the picture as it is to look. */
export function useLook(picture: Picture | undefined, look: PictureLook): void {
  const { scaling, viewOnly, label, drags } = look;
  useEffect(
    () => picture?.look({ scaling, viewOnly, label, drags }),
    [picture, scaling, viewOnly, label, drags],
  );
}
