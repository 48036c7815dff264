import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '@krateyard/telemetry/clock';
import type { MetricsRegistry } from '@krateyard/telemetry/metrics';
import type { HealthPart } from './feature.ts';
import { overallState, readPart, type Health } from './health.ts';

export interface HealthRoutesOptions {
  readonly version: string;
  readonly clock: Clock;
  readonly metrics: MetricsRegistry;
  /** Asked at every request. */
  readonly parts: () => Readonly<Record<string, () => HealthPart>>;
  /** Why the gateway should get no traffic now (draining, not started); undefined when it should. */
  readonly notReady: () => string | undefined;
}

const PartSchema = Type.Object({
  state: Type.String({ enum: ['ok', 'degraded', 'down', 'dark'] }),
  reason: Type.Optional(Type.String()),
  details: Type.Optional(Type.Object({}, { additionalProperties: true })),
});

const HealthSchema = Type.Object(
  {
    state: Type.String({ enum: ['ok', 'degraded', 'down'] }),
    version: Type.String(),
    startedAt: Type.String({ description: 'ISO 8601, UTC' }),
    uptimeSeconds: Type.Integer(),
    parts: Type.Record(Type.String(), PartSchema),
  },
  { title: 'Health' },
);

/**
 * `/livez`: the process answers. `/readyz`: it may get traffic; a cluster that is away does not make it unready, as it
 * shows what it knows and heals. `/api/health`: how each part is and why. `/metrics`: Prometheus text.
 */
export function healthRoutes(app: FastifyInstance, options: HealthRoutesOptions): void {
  const startedAt = options.clock.now();
  const open = { config: { public: true } };
  app.get('/livez', { ...open, schema: { hide: true } }, (_request, reply) =>
    reply.type('text/plain').send('ok'),
  );
  app.get('/readyz', { ...open, schema: { hide: true } }, (_request, reply) => {
    const why = options.notReady();
    return reply
      .code(why === undefined ? 200 : 503)
      .type('text/plain')
      .send(why ?? 'ok');
  });
  app.get('/metrics', { ...open, schema: { hide: true } }, async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.expose()),
  );
  app.get(
    '/api/health',
    {
      ...open,
      schema: {
        summary: 'How each part is, and why',
        tags: ['gateway'],
        security: [],
        response: { 200: HealthSchema },
      },
    },
    (_request, reply) => reply.header('cache-control', 'no-store').send(healthNow(options, startedAt)),
  );
}

function healthNow(options: HealthRoutesOptions, startedAt: number): Health {
  const parts = Object.fromEntries(
    Object.entries(options.parts()).map(([name, read]) => [name, readPart(read)]),
  );
  return {
    state: overallState(parts),
    version: options.version,
    startedAt: new Date(startedAt).toISOString(),
    uptimeSeconds: Math.floor((options.clock.now() - startedAt) / 1000),
    parts,
  };
}
