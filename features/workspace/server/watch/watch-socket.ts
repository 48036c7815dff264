import type { Principal } from '@krateyard/auth/principal';
import type { EncodedObjects } from '@krateyard/kube/cache/encoded';
import type { HubSession } from '@krateyard/hub/hub-session';
import type { SocketRoute } from '@krateyard/runtime/feature';
import type { ApiServerState, Heartbeat } from '../../contract/watch-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { OverviewRegistry } from '../overview/overview-registry.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';
import { PresenceBoard } from '../presence/presence-board.ts';
import { StreamRegistry } from './stream-registry.ts';
import { WatchSession } from './watch-session.ts';

const HEARTBEAT_MS = 5000;
/** Frames of clients are short; a selector of 4 KB and 500 namespaces fit. */
const FRAME_BYTES = 64 * 1024;
/** Above this `ws` itself closes, with 1009; between the two we close and say why. */
const MAX_FRAME_BYTES = 256 * 1024;
const MAX_SUBSCRIPTIONS = 100;

/** `/ws/watch`. */
export function createWatchRoute(
  deps: WorkspaceDeps,
  shared: {
    directory: KindDirectory;
    encoded: EncodedObjects;
    overviews: OverviewRegistry;
    meter: UsageMeter;
  },
): SocketRoute {
  const streams = new StreamRegistry({ ...deps, ...shared });
  const presence = new PresenceBoard();
  const open = new Set<WatchSession>();
  const beats = new Heartbeats(deps, () => open.forEach((watch) => watch.beat()));
  deps.metrics.gauge(
    'krateyard_watch_streams',
    'Distinct streams of /ws/watch, shared or lingering.',
    [],
    (gauge) => gauge.set(streams.size),
  );
  deps.metrics.gauge(
    'krateyard_watch_subscriptions',
    'Subscriptions of all sockets of /ws/watch.',
    [],
    (gauge) => gauge.set([...open].reduce((sum, { subscriptions }) => sum + subscriptions, 0)),
  );
  const logger = deps.logger.with({ part: 'watch' });
  return {
    path: '/ws/watch',
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'watch',
    watchesCredential: true,
    accept:
      async ({ authentication, requestId }) =>
      async (socket) => {
        const session = deps.hub.attach(socket, authentication.principal);
        const proof = deps.credentials.watch(authentication, () => session.close('unauthenticated'));
        const watch = new WatchSession(
          {
            ...deps,
            directory: shared.directory,
            overviews: shared.overviews,
            meter: shared.meter,
            streams,
            presence,
            now: () => deps.clock.now(),
            kinds: { ...deps, reach: () => deps.apiServer?.reach() },
            epoch: deps.hub.epoch,
            heartbeatMs: HEARTBEAT_MS,
            frameBytes: FRAME_BYTES,
            maxSubscriptions: deps.limits?.subscriptionsPerSocket ?? MAX_SUBSCRIPTIONS,
            requestId,
            apiServer: () => apiServerState(deps),
            onFault: (error) => logger.error('watch failed', { requestId, session: session.id, err: error }),
          },
          session,
          proof,
        );
        beats.add(session);
        open.add(watch);
        watch.start();
        await session.closed;
        beats.delete(session);
        open.delete(watch);
      },
  };
}

function apiServerState({ apiServer }: Pick<WorkspaceDeps, 'apiServer'>): ApiServerState | undefined {
  if (!apiServer) return undefined;
  const { since, ...told } = apiServer.reach();
  return { ...told, since: new Date(since).toISOString() };
}

/** Lets clients tell a quiet socket from a dead one, and a quiet API server from one that is away. */
class Heartbeats {
  readonly #deps: Pick<WorkspaceDeps, 'apiServer' | 'clock'>;
  readonly #onBeat: () => void;
  readonly #sessions = new Set<HubSession<Principal>>();
  #cancel: (() => void) | undefined;

  constructor(deps: Pick<WorkspaceDeps, 'apiServer' | 'clock'>, onBeat: () => void) {
    this.#deps = deps;
    this.#onBeat = onBeat;
  }

  add(session: HubSession<Principal>): void {
    this.#sessions.add(session);
    this.#cancel ??= this.#start();
  }

  delete(session: HubSession<Principal>): void {
    this.#sessions.delete(session);
    if (this.#sessions.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #start(): () => void {
    const { apiServer, clock } = this.#deps;
    const stops = [
      clock.every(HEARTBEAT_MS, () => this.#beat()),
      ...(apiServer ? [apiServer.onReach(() => this.#beat())] : []),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #beat(): void {
    const apiServer = apiServerState(this.#deps);
    const frame: Heartbeat = {
      type: 'heartbeat',
      at: new Date(this.#deps.clock.now()).toISOString(),
      ...(apiServer && { apiServer }),
    };
    const message = JSON.stringify(frame);
    // A socket that takes nothing now is not helped by one more message.
    for (const session of this.#sessions) if (session.congestedSince === undefined) session.send(message);
    this.#onBeat();
  }
}
