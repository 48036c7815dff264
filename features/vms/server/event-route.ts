import type { SocketRoute, UpgradedSocket } from '@krateyard/runtime/feature';
import { StatusError, toStatus } from '@krateyard/status/status-error';
import type { Principal } from '@krateyard/auth/principal';
import { VM_EVENT_RESOURCES, type VmEventResource } from '../contract/vm-events.ts';
import type { Books } from './books.ts';
import type { VmsDeps } from './deps.ts';
import { EventFeed } from './event-feed.ts';
import type { EventSource } from './event-source.ts';
import { EventSources } from './event-sources.ts';
import { VIRTUAL_MACHINES } from './machine-types.ts';
import { askedNamespaces, visibleOf } from './where.ts';

/** The seed's clients send nothing; of what comes only a ping is understood. */
const MAX_FRAME_BYTES = 4096;
const PING = /^\s*\{\s*"type"\s*:\s*"ping"\s*\}\s*$/;
const MAX_SENSELESS_FRAMES = 20;
/** As the seed. */
const PING_MS = 54_000;
const FEED = { tickMs: 50, highWaterBytes: 256 * 1024, slowMs: 20_000 };
/** Between two tries to see what is dark. */
const RETRY_MS = 15_000;

interface Asked {
  readonly who: Principal;
  readonly namespaces: readonly string[] | undefined;
  readonly resources: readonly VmEventResource[];
  readonly freshness: boolean;
}

/** `/api/ws`. */
export function createEventRoute(deps: VmsDeps, books: Books): SocketRoute {
  const sources = new EventSources(deps, books);
  return {
    path: '/api/ws',
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'vm-events',
    accept: async ({ url, authentication, signal }) => {
      const who = authentication.principal;
      const namespaces = askedNamespaces(url.searchParams.get('namespace') ?? undefined, deps.namespace);
      const resources = askedResources(url.searchParams.get('resource'));
      const freshness = url.searchParams.get('freshness') === 'true';
      if (resources.includes('vm')) await visibleOf(deps.access, who, VIRTUAL_MACHINES, namespaces, signal);
      return (socket) => serve(deps, sources, { who, namespaces, resources, freshness }, socket);
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

async function serve(
  deps: VmsDeps,
  sources: EventSources,
  asked: Asked,
  { ws }: UpgradedSocket,
): Promise<void> {
  const over = new AbortController();
  const feed = new EventFeed(ws, { clock: deps.clock, ...FEED });
  const closed = Promise.withResolvers<void>();
  const stopPings = keepAlive(deps, ws);
  takeFrames(ws, () => {
    feed.tell({ type: 'pong' });
    if (asked.freshness) feed.tellFreshness();
  });
  ws.once('close', () => {
    over.abort();
    closed.resolve();
  });
  await Promise.all(
    asked.resources.map((resource) => follow(deps, sources, asked, resource, feed, over.signal)),
  );
  if (asked.freshness) feed.tellFreshness();
  feed.complete();
  await closed.promise;
  stopPings();
  feed.close();
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
  try {
    const source = await open(sources, asked, resource, feed, signal);
    if (signal.aborted) return source[Symbol.dispose]();
    feed.add(source);
    if (again) feed.complete();
  } catch (error) {
    if (signal.aborted) return;
    feed.tell({ type: 'dark', resource, reason: toStatus(error).message });
    const delay = RETRY_MS * (0.75 + deps.clock.random() / 2);
    const cancel = deps.clock.after(
      delay,
      () => void follow(deps, sources, asked, resource, feed, signal, true),
    );
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
      if (sees) feed.complete();
      else
        feed.tell({ type: 'dark', resource, reason: `You may not list and watch any ${resource} here now.` });
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

function keepAlive({ clock }: VmsDeps, ws: UpgradedSocket['ws']): () => void {
  let answered = true;
  ws.on('pong', () => {
    answered = true;
  });
  return clock.every(PING_MS, () => {
    if (!answered) ws.terminate();
    answered = false;
    if (ws.readyState === ws.OPEN) ws.ping();
  });
}

/** A ping, which a browser cannot send as a frame of its own kind, is answered; all else means nothing. */
function takeFrames(ws: UpgradedSocket['ws'], onPing: () => void): void {
  let senseless = 0;
  ws.on('message', (message: Buffer) => {
    if (PING.test(message.toString())) return onPing();
    senseless += 1;
    if (senseless >= MAX_SENSELESS_FRAMES)
      ws.close(4500, 'Frames mean nothing here: this socket only tells.');
  });
}
