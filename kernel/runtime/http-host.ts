import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Authenticator } from '@krateyard/auth/authenticator';
import { StatusError, toStatus } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import { toStatusError } from './error-translation.ts';
import type { Limits } from './limits.ts';
import { changesState, requireOwnHost, requireOwnOrigin, type OriginRules } from './origin-check.ts';
import './request-authentication.ts';
import { requestIdOf } from './request-id.ts';
import { collectRoutes, type RouteTable } from './route-table.ts';
import { compileSchema } from './schema-validation.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export interface HttpHostOptions {
  readonly authenticator: Authenticator;
  readonly limits: Limits;
  readonly origins: OriginRules;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Largest request body. An API server takes 3 MiB. */
  readonly maxBodyBytes: number;
  /** A request must have arrived within this. */
  readonly requestTimeoutMs: number;
}

/** The name that API requests in flight are limited under. */
const REQUEST_LIMIT = 'requests';

declare module 'fastify' {
  interface FastifyRequest {
    /** Ends with the answer, or when the client goes away before: pass it on to what is asked upstream. */
    gone: AbortSignal;
    place: Disposable | null;
  }
}

/**
 * Fastify with what every route has in common: ids, authentication under `/api`, same-origin rule for cookies, limits,
 * security headers, one translation of errors, access metrics. It does not listen yet.
 */
export async function createHttpHost(options: HttpHostOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: options.maxBodyBytes,
    requestTimeout: options.requestTimeoutMs,
    trustProxy: options.origins.trustProxy,
    genReqId: requestIdOf,
    requestIdHeader: false,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // Named here, Fastify does not load ajv and fast-json-stringify; plain stringify is the faster one for large lists.
    schemaController: {
      compilersFactory: {
        // Fastify's type knows ajv's schemas only.
        buildValidator: (() => compileSchema) as never,
        buildSerializer: () => () => JSON.stringify,
      },
    },
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => void sendError(options.logger, error, request, reply),
    clientErrorHandler: (_error, socket) => {
      if (socket.writable)
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    },
  });
  // Nothing here takes it, and browsers may send it to foreign sites unasked.
  app.removeContentTypeParser('text/plain');
  const routes = collectRoutes(app);
  await registerPlugins(app);
  decorate(app);
  addAdmission(app, options);
  addAccessMetrics(app, options);
  app.setErrorHandler((error, request, reply) => sendError(options.logger, error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendError(options.logger, notFound(request, reply, routes), request, reply),
  );
  return app;
}

async function registerPlugins(app: FastifyInstance): Promise<void> {
  const [{ fastifyCompress }, { fastifySwagger }] = await Promise.all([
    import('@fastify/compress'),
    import('@fastify/swagger'),
  ]);
  await app.register(fastifyCompress, { global: true, threshold: 1024, encodings: ['br', 'gzip'] });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Krateyard gateway',
        version: '0.1.0',
        description: 'What the console uses; kubectl-like in its errors.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A bearer token of the cluster.' },
        },
      },
      security: [{ bearer: [] }],
    },
  });
}

function decorate(app: FastifyInstance): void {
  app.decorateRequest('authentication', null);
  app.decorateRequest('place', null);
  app.decorateRequest('gone');
  app.addHook('onRequest', async (request, reply) => {
    const gone = new AbortController();
    request.gone = gone.signal;
    reply.raw.once('close', () => gone.abort());
    reply.header('x-request-id', request.id).headers(SECURITY_HEADERS);
  });
}

/** Who asks, from where, and is there room: in this order, before the body is read. */
function addAdmission(app: FastifyInstance, options: HttpHostOptions): void {
  app.addHook('onRequest', async (request) => {
    requireOwnHost(request.raw, options.origins);
    const { public: isPublic } = request.routeOptions.config;
    if (isPublic || request.is404 || !isApi(request)) return;
    const authentication = await options.authenticator.authenticate(
      { headers: request.headers, url: '/' },
      request.gone,
    );
    if (!authentication)
      throw new StatusError('Unauthorized', 'Sign in, or send a bearer token of the cluster.');
    if (authentication.ambient && changesState(request.method))
      requireOwnOrigin(request.raw, options.origins);
    request.authentication = authentication;
    request.place = options.limits.acquire(REQUEST_LIMIT, { user: authentication.principal.id });
    request.gone.addEventListener('abort', () => request.place?.[Symbol.dispose](), { once: true });
  });
}

function isApi(request: FastifyRequest): boolean {
  return /^\/api(\/|\?|$)/.test(request.url);
}

function addAccessMetrics(app: FastifyInstance, { metrics, logger }: HttpHostOptions): void {
  const latency = metrics.histogram('krateyard_http_request_seconds', 'Time to answer, by route.', [
    'method',
    'route',
    'code',
  ]);
  const errors = metrics.counter('krateyard_http_errors_total', 'Refused or failed requests, by route.', [
    'route',
    'code',
  ]);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const labels = { method: request.method, route, code: reply.statusCode };
    latency.observe(reply.elapsedTime / 1000, labels);
    if (reply.statusCode >= 400) errors.add({ route, code: reply.statusCode });
    logger.debug('Answered.', {
      requestId: request.id,
      method: request.method,
      path: route,
      code: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
    });
  });
}

function notFound(request: FastifyRequest, reply: FastifyReply, routes: RouteTable): StatusError {
  const path = request.url.split('?')[0] ?? '/';
  const methods = routes.methodsFor(path);
  if (methods.length === 0 || methods.includes(request.method)) {
    return new StatusError('NotFound', 'There is nothing under this path.');
  }
  reply.header('allow', methods.join(', '));
  return new StatusError(
    'MethodNotAllowed',
    `${request.method} is not served here; ${methods.join(', ')} is.`,
  );
}

/** Of a refused body; a longer one ends with the connection. The request's timeout bounds how long it may take. */
const DISCARDED_BODY_BYTES = 16 * 1024 * 1024;

function announcedBytes(request: FastifyRequest): number {
  return Number(request.headers['content-length'] ?? Infinity);
}

async function sendError(
  logger: Logger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const translated = toStatusError(error);
  const status = toStatus(translated, request.id);
  if (status.code >= 500) {
    // What is away comes back; a 500 is ours to mend.
    const usual = status.reason === 'InternalError' ? 'error' : 'warn';
    // Nobody waits for it any more: leaving a page is no failure.
    const level = status.reason === 'Timeout' && request.gone?.aborted ? 'debug' : usual;
    logger[level]('A request failed.', {
      requestId: request.id,
      method: request.method,
      path: request.routeOptions?.url ?? 'unmatched',
      code: status.code,
      err: translated,
    });
  }
  // Again, as hooks do not run for paths that cannot be decoded.
  reply.header('x-request-id', request.id).headers(SECURITY_HEADERS);
  const retryAfter = status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (status.code === 401) reply.header('www-authenticate', 'Bearer realm="krateyard"');
  // Closing while the client still writes would lose the answer: it sees a reset. What is left of the body is discarded.
  if (announcedBytes(request) <= DISCARDED_BODY_BYTES) reply.removeHeader('connection');
  return reply.code(status.code).type('application/json; charset=utf-8').send(JSON.stringify(status));
}
