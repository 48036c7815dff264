import { useEffect, useMemo, useState } from 'react';
import { browserClock } from '@krateyard/ui/live/browser-clock';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import type { LiveSource } from '@krateyard/ui/live/live-source';
import { onFrame } from '@krateyard/ui/live/on-frame';
import { onWake } from '@krateyard/ui/live/on-wake';
import type { SocketState } from '@krateyard/ui/live/socket-state';
import { Store } from '@krateyard/ui/live/store';
import { truthOf, type Truth } from '@krateyard/ui/live/truth';
import { useStore } from '@krateyard/ui/live/use-store';
import { askStatus, MachineFeed } from './machine-feed.ts';
import { MachineState, type MachinesView } from './machine-state.ts';

export interface UsedMachines {
  readonly view: MachinesView;
  readonly truth: Truth;
  /** Tries again now. */
  readonly retry: () => void;
}

/** From the list to a machine and back is a matter of seconds: the socket stays. */
const LINGER_MS = 5_000;

interface Shared {
  readonly source: LiveSource;
  readonly feed: MachineFeed;
  users: number;
  leave: ReturnType<typeof setTimeout> | undefined;
  readonly stopWaking: () => void;
}

const feeds = new Map<string, Shared>();

function useFeed(key: string): MachineFeed | undefined {
  const source = useLiveSource();
  const [feed, setFeed] = useState<{ key: string; feed: MachineFeed }>();
  useEffect(() => {
    const shared = enter(source, key);
    setFeed({ key, feed: shared.feed });
    return () => leave(key, shared);
  }, [source, key]);
  return feed?.key === key ? feed.feed : undefined;
}

function enter(source: LiveSource, key: string): Shared {
  const found = feeds.get(key);
  // Another source is another session: what the one before was told is not shown.
  if (found && found.source !== source) end(key, found);
  const shared = feeds.get(key) ?? begin(source, key);
  clearTimeout(shared.leave);
  shared.users += 1;
  return shared;
}

function begin(source: LiveSource, key: string): Shared {
  const feed = new MachineFeed({
    namespaces: key.split(',').filter(Boolean),
    clock: browserClock,
    open: (path) => new WebSocket(new URL(path, location.href.replace(/^http/, 'ws'))),
    ask: askStatus,
    schedule: onFrame,
  });
  const shared = { source, feed, users: 0, leave: undefined, stopWaking: onWake(() => feed.wake()) };
  feeds.set(key, shared);
  return shared;
}

function leave(key: string, shared: Shared): void {
  shared.users -= 1;
  if (shared.users > 0) return;
  // The frame goes when somebody signs out: then at once.
  shared.leave = setTimeout(() => end(key, shared), LINGER_MS);
}

function end(key: string, shared: Shared): void {
  if (shared.users > 0) return;
  clearTimeout(shared.leave);
  shared.stopWaking();
  shared.feed.close();
  if (feeds.get(key) === shared) feeds.delete(key);
}

const NO_VIEW = new Store<MachinesView>(new MachineState(() => 0).view());
const NO_SOCKET = new Store<SocketState>({ phase: 'idle' });

/** Follows the machines of these namespaces (none: all that one may see) while mounted; with their snapshots and restores. */
export function useMachines(namespaces: readonly string[]): UsedMachines {
  const feed = useFeed(namespaces.toSorted().join(','));
  const view = useStore(feed?.view ?? NO_VIEW);
  const socket = useStore(feed?.socket ?? NO_SOCKET);
  return useMemo(
    () => ({ view, truth: machinesTruth(socket, view), retry: () => feed?.wake() }),
    [view, socket, feed],
  );
}

/** A refusal is known although the socket that was refused waits to try again. */
export function machinesTruth(socket: SocketState, view: MachinesView): Truth {
  if (view.status && socket.phase !== 'open')
    return { state: view.ended ? 'lost' : 'failed', status: view.status };
  return truthOf(socket, view);
}
