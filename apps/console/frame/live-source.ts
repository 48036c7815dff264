import { browserClock } from '@krateyard/ui/live/browser-clock';
import type { LiveSource } from '@krateyard/ui/live/live-source';
import { onWake } from '@krateyard/ui/live/on-wake';
import { SocketClient } from '@krateyard/ui/live/socket-client';
import { WatchWire } from '@krateyard/workspace/web/watch-wire';
import { checkSession, sessionEnded } from '../session-store.ts';

/** Opens the console's one socket; the disposer closes it. Wakes it when the tab, the network or the computer comes back. */
export function startLiveSource(): { source: LiveSource; stop: () => void } {
  const source: LiveSource = new SocketClient({
    wire: () => new WatchWire(),
    open: () => new WebSocket(new URL('/ws/watch', location.href.replace(/^http/, 'ws'))),
    clock: browserClock,
    onRefused: checkSession,
  });
  const unwatch = source.state.subscribe(() => {
    if (source.state.get().phase === 'ended') void sessionEnded();
  });
  const unwake = onWake(() => source.wake());
  source.start();
  return {
    source,
    stop: () => {
      unwatch();
      unwake();
      source.stop();
    },
  };
}
