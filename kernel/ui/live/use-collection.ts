import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { EMPTY_VIEW, type CollectionView } from './live-collection.ts';
import { LiveHandle } from './live-handle.ts';
import type { LiveFreshness, LiveStatus } from './live-frames.ts';
import type { LiveHead, LiveQuery } from './live-source.ts';
import { onFrame } from './on-frame.ts';
import { Store } from './store.ts';
import { useLiveSource } from './live-context.ts';
import { useStore } from './use-store.ts';
import { WINDOW_ROWS, type Range } from '../table/table-window.ts';

export interface UsedCollection {
  readonly view: CollectionView<LiveHead>;
  readonly window: Range;
  readonly onWindow: (range: Range) => void;
  readonly hold: (held: boolean) => void;
  readonly retry: () => void;
}

const nothing = new Store<CollectionView<LiveHead>>(EMPTY_VIEW);

/**
 * Follows a query while the component is mounted. The view changes at most once an animation frame, and rows that did not
 * change stay the same objects. Another sort moves the window to the top; another query starts afresh. `limit` is how many
 * rows the first window has.
 */
export function useCollection(query: LiveQuery, sort?: string, limit = WINDOW_ROWS): UsedCollection {
  const source = useLiveSource();
  const top = useMemo((): Range => ({ offset: 0, limit }), [limit]);
  const key = JSON.stringify(query);
  const [opened, setOpened] = useState<{ key: string; handle: LiveHandle }>();
  // Between a new query and its effect the handle is of the query before: its rows must not pass for the new ones.
  const handle = opened?.key === key ? opened.handle : undefined;
  const [place, setPlace] = useState<{ key: string; range: Range }>({ key: '', range: top });
  const placeKey = `${key} ${sort ?? ''}`;
  const window = place.key === placeKey ? place.range : top;
  useEffect(() => {
    const timing = { now: () => Date.now(), schedule: onFrame };
    const handle = new LiveHandle(source, JSON.parse(key) as LiveQuery, { sort, ...top }, timing);
    setOpened({ key, handle });
    return () => handle.close();
    // oxlint-disable-next-line react/exhaustive-deps -- another sort moves the live subscription (below), it opens none
  }, [source, key]);
  useEffect(() => {
    handle?.move({ sort, ...top });
    // oxlint-disable-next-line react/exhaustive-deps -- a new handle already opened with this sort
  }, [sort]);
  const onWindow = useCallback(
    (range: Range) => {
      setPlace({ key: placeKey, range });
      handle?.move({ sort, ...range });
    },
    [handle, sort, placeKey],
  );
  useRetry(handle, useStore(handle?.view ?? nothing));
  const view = useSteady(query.kind, useStore(handle?.view ?? nothing));
  return useMemo(
    () => ({
      view,
      window,
      onWindow,
      hold: (held: boolean) => handle?.hold(held),
      retry: () => handle?.retry(),
    }),
    [view, window, onWindow, handle],
  );
}

/** Rows of the query before stay, marked as loading, until those of the new one are there: a filter does not blink. */
function useSteady(kind: string, view: CollectionView<LiveHead>): CollectionView<LiveHead> {
  const last = useRef<{ kind: string; view: CollectionView<LiveHead> }>(undefined);
  useEffect(() => {
    if (view.phase !== 'loading') last.current = { kind, view };
  }, [kind, view]);
  const before = last.current;
  const keep = view.phase === 'loading' && before?.kind === kind && before.view.phase === 'ready';
  return useMemo(() => (keep ? { ...before.view, freshness: LOADING } : view), [keep, before, view]);
}

/** How long until what failed is asked for again by itself: rights and kinds may come back, an API server should. */
const RETRY_MS: Readonly<Record<string, number>> = { Forbidden: 15_000, NotFound: 15_000 };
const RETRY_OTHER_MS = 5_000;
/** The same question would get the same answer. */
const FOR_GOOD = new Set(['BadRequest', 'Invalid']);

/** Asks again, after a while, for what failed. */
export function useRetry(
  handle: { retry(): void } | undefined,
  { status }: { readonly status: LiveStatus | undefined },
): void {
  useEffect(() => {
    if (!handle || !status || FOR_GOOD.has(status.reason)) return undefined;
    const delay = (RETRY_MS[status.reason] ?? RETRY_OTHER_MS) * (0.75 + Math.random() / 2);
    const timer = setTimeout(() => handle.retry(), delay);
    return () => clearTimeout(timer);
  }, [handle, status]);
}

const LOADING: LiveFreshness = { state: 'syncing', observedAt: '', lagMs: 0 };
