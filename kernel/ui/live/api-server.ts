import { announce } from '../parts/announce.ts';
import { strings } from '../strings.ts';
import type { LiveSource } from './live-source.ts';
import { Store } from './store.ts';

/** What the gateway says of the API server behind it; undefined before it said anything. `since` is milliseconds since the epoch. */
export interface ApiServer {
  readonly state: 'answers' | 'slow' | 'away';
  readonly since: number;
  readonly reason?: string | undefined;
}

export const apiServer = new Store<ApiServer | undefined>(undefined);

/** The topic's name on the console's socket: told with its first frame, its heartbeats, and when it changes. */
export const API_SERVER_TOPIC = 'api-server';

/** Follows what is said until the disposer is called. Screen readers hear each change. */
export function followApiServer(source: LiveSource): () => void {
  const stop = source.follow(API_SERVER_TOPIC, (news) => take(news as ApiServer));
  return () => {
    stop();
    apiServer.set(undefined);
  };
}

function take(next: ApiServer): void {
  const before = apiServer.get();
  if (before?.state === next.state && before.since === next.since) return;
  apiServer.set(next);
  if (next.state === 'away') announce(strings.apiServerAway);
  else if (next.state === 'slow') announce(strings.apiServerSlow);
  else if (before) announce(strings.apiServerBack);
}
