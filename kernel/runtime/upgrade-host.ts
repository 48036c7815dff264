import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Authentication, Authenticator } from '@krateyard/auth/authenticator';
import type { CredentialWatch, WatchedCredential } from '@krateyard/auth/credential-watch';
import { isBearerProtocol } from '@krateyard/auth/presented-token';
import { untilAborted } from '@krateyard/auth/until-aborted';
import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import { StatusError, toStatus } from '@krateyard/status/status-error';
import { pause, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import { EarlyBytes } from './early-bytes.ts';
import type { FrameCarrier, FrameSession, SocketRoute, SocketSession, UpgradedSocket } from './feature.ts';
import type { Limits } from './limits.ts';
import { requireOwnHost, requireOwnOrigin, type OriginRules } from './origin-check.ts';
import { requestIdOf } from './request-id.ts';
import { matchSocketRoute, type MatchedSocketRoute } from './socket-router.ts';
import { switchProtocols } from './switch-protocols.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';

export interface UpgradeHostOptions {
  /** Asked at every upgrade, as rooms may come and go. */
  readonly routes: () => readonly SocketRoute[];
  readonly authenticator: Authenticator;
  readonly credentials: CredentialWatch;
  readonly limits: Limits;
  readonly origins: OriginRules;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Authentication and `accept` together must be done by then. */
  readonly handshakeMs: number;
}

/** How long a peer has to answer a close frame before its connection is cut. */
const CLOSE_GRACE_MS = 1_000;

/** The subprotocol of routes that name none. */
const DEFAULT_PROTOCOL = 'krateyard';

/** Name of the limit that counts all sockets together. */
const SOCKET_LIMIT = 'sockets';

interface Admitted extends MatchedSocketRoute {
  readonly authentication: Authentication;
  readonly places: Disposable;
  readonly session: SocketSession | FrameSession;
}

type Closable = Pick<FrameCarrier, 'close' | 'terminate'>;

/**
 * Turns upgrade requests into WebSockets. Everything that can be refused is refused before the 101, as an HTTP status
 * with a Status body: path, proof of identity, origin, limits, then whatever the route itself finds.
 */
export class UpgradeHost {
  readonly #options: UpgradeHostOptions;
  readonly #servers = new Map<SocketRoute, WebSocketServer>();
  readonly #open = new Set<{ readonly ws: Closable; readonly done: Promise<void> }>();
  readonly #handshakes = new Set<Promise<void>>();
  readonly #undecided = new Set<AbortController>();
  #draining = false;
  readonly #outcomes;

  constructor(options: UpgradeHostOptions) {
    this.#options = options;
    this.#outcomes = options.metrics.counter('krateyard_upgrades_total', 'Upgrade requests by outcome.', [
      'route',
      'code',
    ]);
  }

  /** Takes the server's `upgrade` event. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const handshake = this.#upgrade(request, socket, head);
      this.#handshakes.add(handshake);
      void handshake.finally(() => this.#handshakes.delete(handshake));
    });
  }

  get openSockets(): number {
    return this.#open.size;
  }

  /** Refuses newcomers, closes every socket with 4001 and waits for what they leave behind, at most `deadlineMs`. */
  async drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    for (const gone of this.#undecided) gone.abort();
    for (const route of this.#options.routes()) route.drain?.();
    for (const { ws } of this.#open) ws.close(CLOSE_CODES.draining.code, CLOSE_CODES.draining.text);
    const gone = Promise.all([...this.#handshakes, ...Array.from(this.#open, ({ done }) => done)]);
    const grace = Math.min(deadlineMs, CLOSE_GRACE_MS);
    const cut = this.#options.clock.after(grace, () => {
      for (const { ws } of this.#open) ws.terminate();
    });
    const late = new AbortController();
    await Promise.race([gone, pause(this.#options.clock, deadlineMs, late.signal)]);
    late.abort();
    cut();
    for (const server of this.#servers.values()) server.close();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const requestId = requestIdOf(request);
    const gone = new AbortController();
    this.#undecided.add(gone);
    const onGone = (): void => gone.abort();
    const early = new EarlyBytes(socket, head, onGone);
    const { clock } = this.#options;
    const cancelDeadline = clock.after(this.#options.handshakeMs, () =>
      gone.abort(new StatusError('Timeout', 'The upgrade took too long.')),
    );
    let route = 'unmatched';
    try {
      const url = parseUrl(request);
      const matched = this.#match(url);
      route = matched.route.path;
      const admitted = await this.#admit(request, url, matched, requestId, gone.signal);
      cancelDeadline();
      this.#outcomes.add({ route, code: 101 });
      this.#accept(request, socket, early.take(), admitted, requestId);
    } catch (error) {
      const reason = gone.signal.aborted && isTimeout(gone.signal.reason) ? gone.signal.reason : error;
      const status = toStatus(reason, requestId);
      this.#outcomes.add({ route, code: status.code });
      if (status.code >= 500)
        this.#options.logger[status.reason === 'InternalError' ? 'error' : 'warn']('An upgrade failed.', {
          requestId,
          path: route,
          err: reason,
        });
      refuseUpgrade(socket, status, requestId);
    } finally {
      this.#undecided.delete(gone);
      cancelDeadline();
    }
  }

  #match(url: URL): MatchedSocketRoute {
    if (this.#draining) {
      throw new StatusError('ServiceUnavailable', CLOSE_CODES.draining.text, {
        details: { retryAfterSeconds: 1 },
      });
    }
    const matched = matchSocketRoute(this.#options.routes(), url.pathname);
    if (!matched) throw new StatusError('NotFound', 'There is no WebSocket under this path.');
    return matched;
  }

  async #admit(
    request: IncomingMessage,
    url: URL,
    matched: MatchedSocketRoute,
    requestId: string,
    gone: AbortSignal,
  ): Promise<Admitted> {
    const { origins, authenticator } = this.#options;
    requireHandshake(request);
    requireProtocol(matched.route, request);
    requireOwnHost(request, origins);
    const authentication = await authenticator.authenticate(
      { headers: request.headers, url: request.url ?? '/' },
      gone,
    );
    if (!authentication)
      throw new StatusError('Unauthorized', 'Sign in, or send a bearer token of the cluster.');
    if (authentication.ambient) requireOwnOrigin(request, origins);
    url.searchParams.delete('ticket');
    const places = this.#takePlaces(matched.route.limit, authentication.principal.id);
    try {
      gone.throwIfAborted();
      const upgrade = { request, url, authentication, requestId, signal: gone };
      const session = await untilAborted(matched.route.accept(upgrade, matched.params), gone);
      return { ...matched, authentication, places, session };
    } catch (error) {
      places[Symbol.dispose]();
      throw error;
    }
  }

  #takePlaces(limit: string, user: string): Disposable {
    const { limits } = this.#options;
    const all = limits.acquire(SOCKET_LIMIT, { user });
    try {
      const own = limits.acquire(limit, { user });
      return {
        [Symbol.dispose]: () => {
          own[Symbol.dispose]();
          all[Symbol.dispose]();
        },
      };
    } catch (error) {
      all[Symbol.dispose]();
      throw error;
    }
  }

  #accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    admitted: Admitted,
    requestId: string,
  ): void {
    const { session } = admitted;
    if (typeof session !== 'function') {
      switchProtocols(socket, head, {
        key: request.headers['sec-websocket-key'] ?? '',
        protocol: chooseProtocol(admitted.route, offeredBy(request)),
      });
      return this.#handOver(socket, session, admitted, requestId);
    }
    let upgraded = false;
    socket.once('close', () => {
      if (!upgraded) admitted.places[Symbol.dispose]();
    });
    this.#serverFor(admitted.route).handleUpgrade(request, socket, head, (ws) => {
      upgraded = true;
      this.#keep(ws, this.#run({ ws, raw: socket }, session, admitted, requestId));
    });
  }

  #keep(ws: Closable, done: Promise<void>): void {
    const entry = { ws, done };
    this.#open.add(entry);
    void done.finally(() => this.#open.delete(entry));
    if (this.#draining) ws.close(CLOSE_CODES.draining.code, CLOSE_CODES.draining.text);
  }

  #handOver(socket: Duplex, session: FrameSession, admitted: Admitted, requestId: string): void {
    try {
      const carrier = session.carry(socket);
      this.#keep(carrier, this.#carried(carrier, admitted));
    } catch (error) {
      const { path } = admitted.route;
      this.#options.logger.error('A socket session failed.', { requestId, path, err: error });
      // Words of HTTP would be frames by now.
      socket.destroy();
      admitted.places[Symbol.dispose]();
    }
  }

  async #carried(carrier: FrameCarrier, admitted: Admitted): Promise<void> {
    const { code, text } = CLOSE_CODES.unauthenticated;
    const watched = this.#watched(admitted, () => carrier.close(code, text));
    await carrier.ended;
    watched?.[Symbol.dispose]();
    admitted.places[Symbol.dispose]();
  }

  #watched({ route, authentication }: Admitted, onLost: () => void): WatchedCredential | undefined {
    return route.watchesCredential ? undefined : this.#options.credentials.watch(authentication, onLost);
  }

  async #run(
    socket: UpgradedSocket,
    session: SocketSession,
    admitted: Admitted,
    requestId: string,
  ): Promise<void> {
    const { logger } = this.#options;
    const { ws } = socket;
    // Protocol errors (frame too large, bad UTF-8) close the socket by themselves; unheard they would end the process.
    ws.on('error', (error) => logger.debug('A socket failed.', { requestId, err: error }));
    const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()));
    const watched = this.#watched(admitted, () => this.#end(ws));
    try {
      await session(socket);
    } catch (error) {
      logger.error('A socket session failed.', { requestId, path: admitted.route.path, err: error });
      ws.close(CLOSE_CODES.internal.code, CLOSE_CODES.internal.text);
    }
    await closed;
    watched?.[Symbol.dispose]();
    admitted.places[Symbol.dispose]();
  }

  #end(ws: WebSocket): void {
    ws.close(CLOSE_CODES.unauthenticated.code, CLOSE_CODES.unauthenticated.text);
    const cancel = this.#options.clock.after(CLOSE_GRACE_MS, () => ws.terminate());
    ws.once('close', cancel);
  }

  #serverFor(route: SocketRoute): WebSocketServer {
    const known = this.#servers.get(route);
    if (known) return known;
    const made = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: route.maxFrameBytes,
      handleProtocols: (offered) => chooseProtocol(route, offered),
    });
    this.#servers.set(route, made);
    return made;
  }
}

function parseUrl(request: IncomingMessage): URL {
  const target = request.url ?? '/';
  if (!target.startsWith('/') || !URL.canParse(target, 'http://gateway')) {
    throw new StatusError('BadRequest', 'The path of the request is not valid.');
  }
  return new URL(target, 'http://gateway');
}

/** RFC 6455 section 4.2.1, checked before anything that costs; ws checks the rest. */
function requireHandshake({ method, headers }: IncomingMessage): void {
  const valid =
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-version'] === '13';
  if (!valid) throw new StatusError('BadRequest', 'This is not a WebSocket handshake of version 13.');
}

/** The route's best that is offered. A bearer token is never chosen, so never echoed; false: none. */
function chooseProtocol(route: SocketRoute, offered: ReadonlySet<string>): string | false {
  const served = route.protocols ?? [DEFAULT_PROTOCOL];
  return served.find((name) => offered.has(name) && !isBearerProtocol(name)) ?? false;
}

function offeredBy({ headers }: IncomingMessage): ReadonlySet<string> {
  return new Set(headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()));
}

/** Clients give up when they offered subprotocols and none is chosen, without being told why. */
function requireProtocol(route: SocketRoute, request: IncomingMessage): void {
  const offered = offeredBy(request);
  if (![...offered].some(isBearerProtocol) || chooseProtocol(route, offered) !== false) return;
  const served = (route.protocols ?? [DEFAULT_PROTOCOL]).join(', ');
  throw new StatusError('BadRequest', `Beside the token another subprotocol must be offered: ${served}.`);
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof StatusError && reason.reason === 'Timeout';
}
