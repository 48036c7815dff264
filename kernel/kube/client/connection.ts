import type { Duplex } from 'node:stream';
import { StatusError, fromStatusBody } from '@krateyard/status/status-error';
import { backoffMs, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import type { Dispatcher } from 'undici';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { ConnectionState } from './client.ts';
import { clientMetrics, type ClientMetrics } from './client-metrics.ts';
import type { ClusterConfig } from './cluster-config.ts';
import { ConnectionPools, type PoolName } from './connection-pools.ts';
import { createCredentialSource } from './credential-source.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { deadlineError, fromNetworkError, hostOf } from './network-error.ts';
import { jsonOrUndefined } from './json-or-undefined.ts';
import { UpstreamSocket } from './upstream-socket.ts';
import { shakeHands, type HandshakeOutcome } from './websocket-handshake.ts';

export type Headers = Record<string, string | string[]>;

export interface ConnectionLimits {
  readonly connectMs: number;
  /** From the first byte sent to the last byte read, retries included. */
  readonly requestMs: number;
  /** Until a watch's headers are here. */
  readonly streamHeadersMs: number;
  readonly maxResponseBytes: number;
  readonly requestConnections: number;
  readonly streamConnections: number;
  readonly byteConnections: number;
}

export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly headers: Headers;
  readonly body?: string;
  /** For metrics. */
  readonly verb: string;
  readonly resource: string;
  readonly signal?: AbortSignal | undefined;
}

export type SocketWireRequest = WireRequest & {
  readonly protocols: readonly string[];
  readonly signal: AbortSignal;
};

export interface WireResponse {
  readonly code: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface WholeResponse {
  readonly headers: WireResponse['headers'];
  readonly bytes: Buffer;
}

const MAX_ATTEMPTS = 3;
const RETRY = { baseMs: 100, maxMs: 2_000 };
const RETRIED_CODES = new Set([429, 502, 503, 504]);
const ERROR_BODY_BYTES = 1 << 20;

/** The way to one cluster: sockets, credentials, circuit breaker, retries. Shared by every identity that acts there. */
export class Connection {
  readonly cluster: string;
  readonly clock: Clock;
  readonly #server: URL;
  readonly #prefix: string;
  readonly #limits: ConnectionLimits;
  readonly #credentials: CredentialSource;
  readonly #pools: ConnectionPools;
  readonly #breaker: CircuitBreaker;
  readonly #metrics: ClientMetrics;
  readonly #closed = new AbortController();
  /** A pool forgets the sockets that it has handed over. */
  readonly #upgraded = new Set<Duplex>();

  constructor(needs: {
    config: ClusterConfig;
    clock: Clock;
    logger: Logger;
    metrics: Metrics;
    limits: ConnectionLimits;
  }) {
    const { config, clock, logger, limits } = needs;
    this.cluster = config.name;
    this.#server = new URL(config.server);
    this.#prefix = this.#server.pathname.replace(/\/$/, '');
    this.#limits = limits;
    this.clock = clock;
    this.#credentials = createCredentialSource(config, { clock, logger });
    this.#pools = new ConnectionPools(config, {
      clock,
      logger,
      limits: { ...limits, headersMs: Math.max(limits.requestMs, limits.streamHeadersMs) },
    });
    this.#metrics = clientMetrics(needs.metrics, config.name, () => this.#breaker.state);
    this.#breaker = new CircuitBreaker({
      clock,
      threshold: 5,
      openMs: 1_000,
      maxOpenMs: 15_000,
      onChange: (state) => logger.info('connection to cluster changed', { cluster: config.name, state }),
    });
  }

  get state(): ConnectionState {
    return this.#breaker.state;
  }

  /** `host:port`, for messages. */
  get host(): string {
    return hostOf(this.#server.href);
  }

  /** One answer, read whole. GETs are retried; everything else is sent once. Fails with StatusError, or the signal's reason. */
  async exchange(request: WireRequest): Promise<WholeResponse> {
    const deadline = this.clock.monotonic() + this.#limits.requestMs;
    const started = this.clock.monotonic();
    const attempts = request.method === 'GET' ? MAX_ATTEMPTS : 1;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(request, deadline);
      const waitMs = outcome.retryAfterMs ?? backoffMs(this.clock, attempt, RETRY);
      const retry = outcome.error !== undefined && outcome.retriable && attempt + 1 < attempts;
      if (!retry || this.clock.monotonic() + waitMs >= deadline) {
        this.#metrics.observe(request, outcome.code, (this.clock.monotonic() - started) / 1000);
        if (outcome.error === undefined) return outcome.response;
        throw outcome.error;
      }
      this.#metrics.retried(request);
      await this.clock.sleep(waitMs, request.signal);
    }
  }

  /** An answer whose body is read by the caller for as long as it lasts. Never retried. The caller must consume or destroy the body. */
  async stream(
    request: WireRequest & { readonly signal: AbortSignal },
    pool: PoolName = 'stream',
  ): Promise<WireResponse> {
    const started = this.clock.monotonic();
    const link = this.#link(request.signal, this.#limits.streamHeadersMs);
    let code = 'failed';
    try {
      const response = await this.#send(request, pool, link);
      code = String(response.code);
      if (response.code >= 400) throw await this.#refusal(request, response, link.signal);
      link.noDeadline();
      response.body.once('close', () => link.dispose());
      return response;
    } catch (error) {
      link.dispose();
      throw error;
    } finally {
      this.#metrics.observe(request, code, (this.clock.monotonic() - started) / 1000);
    }
  }

  /** A WebSocket handshake, sent once (and once more with new credentials when the answer is 401). */
  async openSocket(request: SocketWireRequest): Promise<UpstreamSocket> {
    const started = this.clock.monotonic();
    const link = this.#link(request.signal, this.#limits.streamHeadersMs);
    let code = 'failed';
    try {
      let outcome = await this.#handshake(request, link);
      if (outcome.socket === undefined && outcome.code === 401 && this.#credentials.renew()) {
        outcome = await this.#handshake(request, link);
      }
      code = outcome.socket === undefined ? String(outcome.code) : '101';
      if (outcome.socket === undefined) throw this.#refusalOf(request, outcome.code, outcome.bytes);
      return this.#adopt(outcome.socket, outcome.protocol);
    } finally {
      link.dispose();
      this.#metrics.observe(request, code, (this.clock.monotonic() - started) / 1000);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#upgraded) socket.destroy();
    this.#closed.abort(
      new StatusError('ServiceUnavailable', `The connection to cluster "${this.cluster}" was closed.`),
    );
    this.#metrics.dispose();
    await this.#pools.close();
  }

  async #attempt(request: WireRequest, deadline: number): Promise<Outcome> {
    const link = this.#link(request.signal, Math.max(0, deadline - this.clock.monotonic()));
    let code = 'failed';
    try {
      const response = await this.#send(request, 'request', link);
      code = String(response.code);
      if (response.code < 400) {
        const bytes = await this.#read(response, this.#limits.maxResponseBytes, link);
        return { code, response: { headers: response.headers, bytes }, error: undefined };
      }
      const error = await this.#refusal(request, response, link.signal);
      return { code, error, retriable: RETRIED_CODES.has(response.code), ...retryAfter(response.headers) };
    } catch (thrown) {
      const error = thrown as Error;
      if (request.signal?.aborted) return { code: 'cancelled', error, retriable: false };
      const retriable = error instanceof StatusError && error.reason === 'ServiceUnavailable';
      return {
        code,
        error,
        retriable: retriable && !this.#closed.signal.aborted && this.#breaker.state === 'closed',
      };
    } finally {
      link.dispose();
    }
  }

  /** Sends once, and once more with new credentials when the answer is 401. */
  async #send(request: WireRequest, pool: PoolName, link: Link): Promise<WireResponse> {
    const response = await this.#dispatch(request, pool, link);
    if (response.code !== 401 || !this.#credentials.renew()) return response;
    await response.body.dump();
    return this.#dispatch(request, pool, link);
  }

  async #dispatch(request: WireRequest, pool: PoolName, link: Link): Promise<WireResponse> {
    if (!this.#breaker.tryPass()) throw this.#refusedByBreaker();
    try {
      link.signal.throwIfAborted();
      const credential = await this.#credentials.current();
      const dispatcher = await this.#pools.dispatcher(pool, credential);
      const { statusCode, headers, body } = await dispatcher.request({
        origin: this.#server.origin,
        path: this.#prefix + request.path,
        method: request.method,
        headers: authorized(request.headers, credential),
        body: request.body ?? null,
        signal: link.signal,
      });
      this.#breaker.succeeded();
      body.on('error', () => {});
      return { code: statusCode, headers, body };
    } catch (error) {
      throw this.#failure(error, link);
    }
  }

  async #handshake(request: SocketWireRequest, link: Link): Promise<HandshakeOutcome> {
    if (!this.#breaker.tryPass()) throw this.#refusedByBreaker();
    try {
      link.signal.throwIfAborted();
      const credential = await this.#credentials.current();
      const outcome = await shakeHands(await this.#pools.dispatcher('socket', credential), {
        origin: this.#server.origin,
        path: this.#prefix + request.path,
        protocols: request.protocols,
        headers: authorized(request.headers, credential),
        signal: link.signal,
      });
      this.#breaker.succeeded();
      return outcome;
    } catch (error) {
      throw this.#failure(error, link);
    }
  }

  #adopt(socket: Duplex, protocol: string): UpstreamSocket {
    this.#upgraded.add(socket);
    socket.once('close', () => this.#upgraded.delete(socket));
    if (this.#closed.signal.aborted) socket.destroy();
    return new UpstreamSocket(socket, protocol, this.clock);
  }

  /** What went wrong below HTTP, told to the breaker. */
  #failure(error: unknown, link: Link): Error {
    if (link.timedOut) {
      this.#breaker.failed();
      return deadlineError(this.#server.href, link.deadlineMs);
    }
    const ours = error instanceof StatusError || isOwnMistake(error);
    if (link.signal.aborted || ours) {
      this.#breaker.abandoned();
      return (link.signal.aborted ? link.signal.reason : error) as Error;
    }
    this.#breaker.failed();
    return fromNetworkError(error, this.#server.href);
  }

  #refusedByBreaker(): StatusError {
    const seconds = Math.max(1, Math.ceil(this.#breaker.waitMs / 1000));
    return new StatusError(
      'ServiceUnavailable',
      `The API server at ${this.host} has not been answering; it is tried again within ${seconds} s.`,
      { details: { retryAfterSeconds: seconds } },
    );
  }

  async #refusal(request: WireRequest, response: WireResponse, signal: AbortSignal): Promise<StatusError> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > ERROR_BODY_BYTES || signal.aborted) break;
        chunks.push(chunk);
      }
    } catch {
      // The code alone says enough.
    }
    return this.#refusalOf(request, response.code, Buffer.concat(chunks));
  }

  #refusalOf(request: Pick<WireRequest, 'resource'>, code: number, bytes: Buffer): StatusError {
    const status = jsonOrUndefined(bytes);
    if (code === 404 && status === undefined) {
      return new StatusError(
        'NotFound',
        `The API server at ${this.host} does not serve ${request.resource === 'raw' ? 'this path' : request.resource}.`,
      );
    }
    return fromStatusBody(code, status);
  }

  async #read(response: WireResponse, limit: number, link: Link): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > limit) break;
        chunks.push(chunk);
      }
    } catch (error) {
      throw this.#failure(error, link);
    }
    if (bytes > limit) {
      throw new StatusError(
        'RequestEntityTooLarge',
        `The answer of the API server at ${this.host} is larger than ${limit} bytes; ask for less at once.`,
      );
    }
    return Buffer.concat(chunks, bytes);
  }

  /** The caller's signal, our end and a deadline in one signal, without leaving listeners on the caller's. */
  #link(signal: AbortSignal | undefined, deadlineMs: number): Link {
    return new Link([signal, this.#closed.signal], deadlineMs, this.clock);
  }
}

type Outcome =
  | {
      readonly code: string;
      readonly response: WholeResponse;
      readonly error: undefined;
      readonly retryAfterMs?: undefined;
      readonly retriable?: false;
    }
  | {
      readonly code: string;
      readonly error: Error;
      readonly retriable: boolean;
      readonly retryAfterMs?: number;
    };

class Link {
  readonly deadlineMs: number;
  readonly #controller = new AbortController();
  readonly #sources: readonly AbortSignal[];
  readonly #onAbort: (this: AbortSignal) => void;
  #cancel: () => void;
  timedOut = false;

  constructor(sources: readonly (AbortSignal | undefined)[], deadlineMs: number, clock: Clock) {
    const controller = this.#controller;
    this.deadlineMs = deadlineMs;
    this.#sources = sources.filter((source) => source !== undefined);
    this.#onAbort = function () {
      controller.abort(this.reason);
    };
    this.#cancel = clock.after(deadlineMs, () => {
      this.timedOut = true;
      controller.abort(new StatusError('Timeout', 'The deadline of the request has passed.'));
    });
    for (const source of this.#sources) {
      if (source.aborted) controller.abort(source.reason);
      source.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  noDeadline(): void {
    this.#cancel();
  }

  dispose(): void {
    this.#cancel();
    for (const source of this.#sources) source.removeEventListener('abort', this.#onAbort);
  }
}

function authorized(headers: Headers, { authorization }: Credential): Headers {
  return authorization === undefined ? headers : { ...headers, authorization };
}

/** `Retry-After` in seconds; dates, which Kubernetes does not send, are ignored. */
function retryAfter(headers: WireResponse['headers']): { retryAfterMs?: number } {
  const value = headers['retry-after'];
  return typeof value === 'string' && /^\d{1,4}$/.test(value) ? { retryAfterMs: Number(value) * 1000 } : {};
}

/** What undici refuses to send says nothing about the server. */
function isOwnMistake(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED';
}
