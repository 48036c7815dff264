import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import type { SocketRoute, UpgradedSocket } from '@krateyard/runtime/feature';
import { StatusError, toStatus } from '@krateyard/status/status-error';
import type { Principal } from '@krateyard/auth/principal';
import { VM_EVENT_RESOURCES, type VmEventResource } from '../contract/vm-events.ts';
import type { Books } from './books.ts';
import type { VmsDeps } from './deps.ts';
import { EventFeed, FEED_BOUNDS } from './event-feed.ts';
import type { EventSource } from './event-source.ts';
import { EventSources } from './event-sources.ts';
import { HeldFeeds, type HeldFeed } from './held-feeds.ts';
import { keepAlive } from './keep-alive.ts';
import { VIRTUAL_MACHINES } from './machine-types.ts';
import { askedNamespaces, visibleOf } from './where.ts';

/** The seed's clients send nothing; of what comes only a ping is understood. */
const MAX_FRAME_BYTES = 4096;
const PING = /^\s*\{\s*"type"\s*:\s*"ping"\s*\}\s*$/;
const MAX_SENSELESS_FRAMES = 20;
/** As the seed. */
const PING_MS = 54_000;
/** Some hundred bytes a machine and feed are held, of strings that are shared. */
const HOLD = { holdMs: 60_000, total: 256, perTerms: 8 };
/** The client has said that it leaves, or was told to. */
const FAREWELLS: ReadonlySet<number> = new Set([1000, 1001, 1005]);
/** Between two tries to see what is dark. */
const RETRY_MS = 15_000;

interface Asked {
  readonly who: Principal;
  readonly namespaces: readonly string[] | undefined;
  readonly resources: readonly VmEventResource[];
  readonly freshness: boolean;
  /** '' asks for tokens between; undefined for none. */
  readonly resume: string | undefined;
}

/** `/api/ws`. */
export function createEventRoute(deps: VmsDeps, books: Books): SocketRoute {
  const sources = new EventSources(deps, books);
  const held = new HeldFeeds(deps.clock, HOLD);
  return {
    drain: () => held.close(),
    path: '/api/ws',
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'vm-events',
    accept: async ({ url, authentication, signal }) => {
      const who = authentication.principal;
      const namespaces = askedNamespaces(url.searchParams.get('namespace') ?? undefined, deps.namespace);
      const resources = askedResources(url.searchParams.get('resource'));
      const freshness = url.searchParams.get('freshness') === 'true';
      if (resources.includes('vm')) await visibleOf(deps.access, who, VIRTUAL_MACHINES, namespaces, signal);
      const resume = resumeToken(url.searchParams.get('resume') ?? undefined);
      const asked = { who, namespaces, resources, freshness, resume };
      return (socket) => serve(deps, { sources, held }, asked, socket);
    },
  };
}

function askedResources(query: string | null): readonly VmEventResource[] {
  if (query === null || query === '') return VM_EVENT_RESOURCES;
  return query.split(',').map((name) => {
    const found = VM_EVENT_RESOURCES.find((one) => one === name.trim());
    if (found) return found;
    throw new StatusError(
      'BadRequest',
      `"${name.slice(0, 40)}" is no resource; there are ${VM_EVENT_RESOURCES.join(', ')}`,
    );
  });
}

/** Throws BadRequest for what can be none. */
function resumeToken(query: string | undefined): string | undefined {
  if (query === undefined || /^[\w.-]{0,64}$/.test(query)) return query;
  throw new StatusError('BadRequest', 'resume is no token of `synced`');
}

async function serve(
  deps: VmsDeps,
  { sources, held }: { sources: EventSources; held: HeldFeeds },
  asked: Asked,
  { ws }: UpgradedSocket,
): Promise<void> {
  const { who, namespaces, resources, freshness, resume } = asked;
  const terms = JSON.stringify([who, namespaces, resources, freshness]);
  const session = (resume && held.resume(ws, terms, resume)) || startFeed(deps, sources, asked, terms, ws);
  const { feed } = session;
  const closed = Promise.withResolvers<number>();
  const stopPings = keepAlive(deps.clock, ws, PING_MS);
  takeFrames(ws, () => {
    feed.tell({ type: 'pong' });
    if (freshness) feed.tellFreshness();
  });
  ws.once('close', (code) => closed.resolve(code));
  const code = await closed.promise;
  stopPings();
  if (FAREWELLS.has(code) || code >= 4500) session.end();
  else held.hold(session);
}

function startFeed(
  deps: VmsDeps,
  sources: EventSources,
  asked: Asked,
  terms: string,
  ws: UpgradedSocket['ws'],
): HeldFeed {
  const over = new AbortController();
  const feed = new EventFeed(ws, {
    clock: deps.clock,
    ...FEED_BOUNDS,
    tellsTokens: asked.resume !== undefined,
  });
  const begin = async (): Promise<void> => {
    await Promise.all(
      asked.resources.map((resource) => follow(deps, sources, asked, resource, feed, over.signal)),
    );
    if (over.signal.aborted) return;
    if (asked.freshness) feed.tellFreshness();
    feed.complete();
  };
  void begin();
  return {
    feed,
    terms,
    end: () => {
      over.abort();
      feed.close();
    },
  };
}

/** Adds the resource; while it cannot be seen says so, and tries again. */
async function follow(
  deps: VmsDeps,
  sources: EventSources,
  asked: Asked,
  resource: VmEventResource,
  feed: EventFeed,
  signal: AbortSignal,
  again = false,
): Promise<void> {
  feed.lighten(resource);
  try {
    const source = await open(sources, asked, resource, feed, signal);
    if (signal.aborted) return source[Symbol.dispose]();
    feed.add(source);
    if (again) feed.complete();
  } catch (error) {
    if (signal.aborted) return;
    feed.darken(resource, toStatus(error).message);
    const delay = RETRY_MS * (0.75 + deps.clock.random() / 2);
    const cancel = deps.clock.after(delay, () => {
      signal.removeEventListener('abort', cancel);
      void follow(deps, sources, asked, resource, feed, signal, true);
    });
    signal.addEventListener('abort', cancel, { once: true });
  }
}

function open(
  sources: EventSources,
  { who, namespaces, freshness }: Asked,
  resource: VmEventResource,
  feed: EventFeed,
  signal: AbortSignal,
): Promise<EventSource> | EventSource {
  const asked = {
    who,
    namespaces,
    signal,
    onChange: (keys?: readonly string[]) => feed.changed(resource, keys),
    onSight: (sees: boolean) => {
      if (sees) {
        feed.lighten(resource);
        feed.complete();
      } else feed.darken(resource, `You may not list and watch any ${resource} here now.`);
    },
    ...(freshness && { onFreshness: () => feed.tellFreshness() }),
  };
  switch (resource) {
    case 'vm':
      return sources.machines(asked);
    case 'snapshot':
      return sources.snapshots(asked);
    case 'restore':
      return sources.restores(asked);
    case 'task':
      return sources.tasks(asked);
  }
}

/** A ping, which a browser cannot send as a frame of its own kind, is answered; all else means nothing. */
function takeFrames(ws: UpgradedSocket['ws'], onPing: () => void): void {
  let senseless = 0;
  ws.on('message', (message: Buffer) => {
    if (PING.test(message.toString())) return onPing();
    senseless += 1;
    if (senseless >= MAX_SENSELESS_FRAMES)
      ws.close(CLOSE_CODES.badFrame.code, 'Frames mean nothing here: this socket only tells.');
  });
}
