import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import type { Authentication, Authenticator } from '@krateyard/auth/authenticator';
import { CredentialWatch } from '@krateyard/auth/credential-watch';
import { StatusError, type Status } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { createLogger } from '@krateyard/telemetry/logger';
import { createMetrics, type MetricsRegistry } from '@krateyard/telemetry/metrics';
import type { SocketRoute } from '../feature.ts';
import { createHttpHost } from '../http-host.ts';
import { createLimits, type Limit, type Limits } from '../limits.ts';
import type { OriginRules } from '../origin-check.ts';
import { UpgradeHost } from '../upgrade-host.ts';

export interface HostBenchOptions {
  readonly routes?: (app: FastifyInstance) => void | Promise<void>;
  readonly sockets?: readonly SocketRoute[];
  readonly limits?: Readonly<Record<string, Limit>>;
  readonly origins?: Partial<OriginRules>;
  readonly maxBodyBytes?: number;
  readonly handshakeMs?: number;
  readonly clock?: Clock;
}

export interface Answer {
  readonly code: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly status: Status;
}

/** Both hosts on a real port. `Bearer NAME` is NAME, `Cookie: who=NAME` too, as browsers would send it. */
export class HostBench implements AsyncDisposable {
  readonly app: FastifyInstance;
  readonly upgrades: UpgradeHost;
  readonly credentials: CredentialWatch;
  readonly limits: Limits;
  readonly metrics: MetricsRegistry;
  readonly log: string[] = [];
  /** People whose proof does not hold any more. */
  readonly lost = new Set<string>();
  port = 0;
  readonly #clients: WebSocket[] = [];

  static async start(options: HostBenchOptions = {}): Promise<HostBench> {
    const made = await HostBench.#create(options);
    await options.routes?.(made.app);
    await made.app.listen({ host: '127.0.0.1', port: 0 });
    made.port = (made.app.server.address() as AddressInfo).port;
    return made;
  }

  static async #create(options: HostBenchOptions): Promise<HostBench> {
    const clock = options.clock ?? systemClock;
    const destination = new PassThrough({ encoding: 'utf8' });
    const metrics = createMetrics();
    const limits = createLimits({ table: options.limits ?? {}, fallback: {}, metrics });
    const lost = new Set<string>();
    const shared = {
      authenticator: byName(lost),
      limits,
      metrics,
      clock,
      logger: createLogger({ level: 'info', destination }),
      origins: { trustProxy: false, allowedOrigins: [], loopbackOnly: true, ...options.origins },
    };
    const app = await createHttpHost({
      ...shared,
      maxBodyBytes: options.maxBodyBytes ?? 1024,
      requestTimeoutMs: 10_000,
    });
    const credentials = new CredentialWatch({ clock });
    const upgrades = new UpgradeHost({
      ...shared,
      credentials,
      routes: () => options.sockets ?? [],
      handshakeMs: options.handshakeMs ?? 10_000,
    });
    upgrades.attach(app.server as Server);
    const made = new HostBench({ app, upgrades, credentials, limits, metrics, lost });
    destination.on('data', (line: string) => made.log.push(line));
    return made;
  }

  private constructor(parts: {
    app: FastifyInstance;
    upgrades: UpgradeHost;
    credentials: CredentialWatch;
    limits: Limits;
    metrics: MetricsRegistry;
    lost: Set<string>;
  }) {
    this.app = parts.app;
    this.upgrades = parts.upgrades;
    this.credentials = parts.credentials;
    this.limits = parts.limits;
    this.metrics = parts.metrics;
    this.lost = parts.lost;
  }

  /** A request with headers that `fetch` would not send (`Host`, `Origin`). */
  async ask(
    path: string,
    options: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> {
    const request = httpRequest({
      host: '127.0.0.1',
      port: this.port,
      path,
      method: options.method ?? 'GET',
      headers: options.headers ?? {},
    });
    request.end(options.body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return read(response);
  }

  /** Asks for an upgrade; the answer when it is refused, the open socket when not. */
  async upgrade(
    path: string,
    options: { headers?: Record<string, string>; protocols?: string[] } = {},
  ): Promise<{ ws: WebSocket; refused?: undefined } | { ws?: undefined; refused: Answer }> {
    const ws = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, options.protocols ?? [], {
      headers: options.headers ?? {},
    });
    this.#clients.push(ws);
    ws.on('error', () => {});
    return new Promise((resolve) => {
      ws.once('open', () => resolve({ ws }));
      ws.once('unexpected-response', (_request, response: IncomingMessage) => {
        void read(response).then((refused) => resolve({ refused }));
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ws of this.#clients) ws.terminate();
    const drained = this.upgrades.drain(2_000);
    await Promise.all([drained, this.app.close()]);
    this.credentials.close();
  }
}

/** The close code and reason that the client sees. */
export async function closeOf(ws: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(ws, 'close')) as [number, Buffer];
  return { code, reason: reason.toString('utf8') };
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const json = response.headers['content-type']?.includes('json') ?? false;
  return {
    code: response.statusCode ?? 0,
    headers: response.headers,
    text,
    status: (json ? JSON.parse(text) : {}) as Status,
  };
}

function byName(lost: ReadonlySet<string>): Authenticator {
  return {
    name: 'by-name',
    authenticate({ headers, url }): Promise<Authentication | undefined> {
      const bearer = headers.authorization?.replace('Bearer ', '');
      const cookie = headers.cookie?.replace('who=', '');
      const ticket = new URLSearchParams(url.split('?')[1] ?? '').get('ticket');
      const name = bearer ?? cookie ?? ticket;
      if (!name) return Promise.resolve(undefined);
      if (name === 'wrong') return Promise.reject(new StatusError('Unauthorized', 'The token is not valid.'));
      return Promise.resolve({
        principal: { id: `test:${name}`, username: name, groups: [], via: 'impersonate' },
        credentialId: `test:${name}`,
        ambient: bearer === undefined && cookie !== undefined,
        stillValid: () => Promise.resolve(!lost.has(name)),
      });
    },
  };
}
