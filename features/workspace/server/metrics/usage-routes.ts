import type { FastifyInstance } from 'fastify';
import type { Principal } from '@krateyard/auth/principal';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { formatKey } from '@krateyard/kube/meta/object-key';
import { StatusError } from '@krateyard/status/status-error';
import { USAGE_PERIOD_MS, UsageList, UsageQuery, type UsageSeries } from '../../contract/usage-api.ts';
import { METRICS_GVR, type UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { meteredBy, namespaceOf, requireUsage, UsageReader, type UsageReaderDeps } from './usage-reader.ts';

/** The most objects of one answer; with more, ask by namespace. */
const MOST = 5000;
const READY_MS = 15_000;

/** `GET /api/metrics`. */
export function usageRoutes(app: FastifyInstance, deps: UsageReaderDeps): void {
  app.get<{ Querystring: UsageQuery }>(
    '/api/metrics',
    {
      schema: {
        summary: 'CPU and memory used over the last minutes, as far as you may see',
        tags: ['workspace'],
        querystring: UsageQuery,
        response: { 200: UsageList },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      return readUsageList(deps, authenticationOf(request).principal, request.query, request.gone);
    },
  );
}

async function readUsageList(
  deps: UsageReaderDeps,
  who: Principal,
  query: UsageQuery,
  gone: AbortSignal,
): Promise<UsageList> {
  const { kind, name } = query;
  const namespaces = (query.ns ?? '').split(',').filter((one) => one !== '');
  const mayShow = await visibleKeys(deps, who, query, namespaces, gone);
  using reader = new UsageReader(deps, kind);
  await reader.ready(AbortSignal.any([gone, AbortSignal.timeout(READY_MS)]));
  if (reader.dark !== undefined) throw new StatusError('ServiceUnavailable', reader.dark);
  const keys = name === undefined ? keysOf(deps.meter, query) : [keyOf(query, namespaces[0])];
  const items: Record<string, UsageSeries> = {};
  for (const key of keys) {
    if (!mayShow(key)) continue;
    const samples = [...reader.samples(key)];
    if (samples.length > 0) items[key] = { samples };
    if (Object.keys(items).length >= MOST) break;
  }
  return { kind, periodMs: USAGE_PERIOD_MS, items };
}

/** Rejects with Forbidden when nothing of what is asked may be seen. */
async function visibleKeys(
  deps: UsageReaderDeps,
  who: Principal,
  { kind, name }: UsageQuery,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<(key: string) => boolean> {
  const metered = meteredBy(kind);
  const asked = metered === 'nodes' ? [] : kind === 'namespaces' && name !== undefined ? [name] : namespaces;
  const resource = { ...METRICS_GVR[metered], namespaced: metered === 'pods' };
  const scope = await deps.access.scope(who, resource, asked.length > 0 ? asked : undefined, signal);
  if (!scope.all && scope.namespaces.size === 0) await requireUsage(deps, who, kind, asked[0], signal);
  return (key) => {
    if (scope.all) return true;
    const namespace = namespaceOf(kind, key);
    return namespace !== undefined && scope.namespaces.has(namespace);
  };
}

function keyOf({ kind, name = '' }: UsageQuery, namespace = ''): string {
  return kind === 'nodes' || kind === 'namespaces' ? name : formatKey({ namespace, name });
}

function keysOf(meter: UsageMeter, { kind }: UsageQuery): Iterable<string> {
  if (kind === 'pods' || kind === 'nodes') return [...meter.keys(kind)].toSorted();
  if (kind === 'namespaces') {
    return new Set([...meter.keys('pods')].map((key) => key.slice(0, key.indexOf('/'))));
  }
  throw new StatusError('BadRequest', `usage of ${kind} is told one at a time: name one`);
}
