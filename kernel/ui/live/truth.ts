import type { CollectionView } from './live-collection.ts';
import type { LiveStatus } from './live-frames.ts';
import { downSince, type SocketState } from './socket-state.ts';

/** How true a view is, for the words on screen. */
export type Truth =
  | { readonly state: 'loading' }
  | { readonly state: 'live' }
  /** `since`: when it was last known to be current; milliseconds since the epoch, as all here. */
  | { readonly state: 'lagging'; readonly since: number }
  /** `link`: which of the two is broken, the browser's to the gateway or the gateway's to the API server. */
  | {
      readonly state: 'disconnected';
      readonly link: 'gateway' | 'cluster';
      readonly since: number;
      readonly reason: string;
      readonly retryAt?: number;
    }
  | { readonly state: 'lost' | 'failed'; readonly status: LiveStatus };

/**
 * The worst of what is known about the socket and about the collection: a view is live only when both are. SPEC.md UI25.
 */
export function truthOf(
  socket: SocketState,
  view: Pick<CollectionView<unknown>, 'phase' | 'freshness' | 'status' | 'ended'>,
): Truth {
  const down = downSince(socket);
  if (socket.phase === 'waiting') {
    return {
      state: 'disconnected',
      link: 'gateway',
      since: socket.downSince,
      reason: socket.reason,
      retryAt: socket.retryAt,
    };
  }
  if (down !== undefined) return { state: 'disconnected', link: 'gateway', since: down, reason: '' };
  if (view.status) return { state: view.ended ? 'lost' : 'failed', status: view.status };
  if (view.phase !== 'ready' || !view.freshness) return { state: 'loading' };
  const since = Date.parse(view.freshness.observedAt);
  switch (view.freshness.state) {
    case 'syncing':
      return { state: 'loading' };
    case 'live':
      return { state: 'live' };
    case 'lagging':
      return { state: 'lagging', since };
    case 'disconnected':
      return { state: 'disconnected', link: 'cluster', since, reason: view.freshness.reason ?? '' };
  }
}
