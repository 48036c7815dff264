import type { Cache } from '@krateyard/kube/cache/cache';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { ClusterProbe } from '@krateyard/runtime/cluster-probe';
import type { Feature, HealthPart } from '@krateyard/runtime/feature';
import { featureHealth } from '@krateyard/runtime/feature-host';
import type { Prerequisites } from '@krateyard/runtime/prerequisites';
import type { Supervisor } from '@krateyard/runtime/supervisor';

export interface HealthSources {
  readonly probe: ClusterProbe;
  readonly cache: Cache;
  readonly supervisor: Supervisor;
  readonly prerequisites: Prerequisites;
  readonly features: readonly Feature[];
}

/** The lines of `/api/health`: the cluster, what is cached of it, what runs in this process, and each room. */
export function healthParts(of: HealthSources): Record<string, () => HealthPart> {
  return {
    cluster: () => of.probe.health(),
    cache: () => cacheHealth(of.cache),
    gateway: () => gatewayHealth(of.supervisor),
    ...Object.fromEntries(
      of.features.map((feature) => [feature.name, () => featureHealth(feature, of.prerequisites)]),
    ),
  };
}

/** A line, not a page. */
const MAX_TOLD = 3;

function cacheHealth(cache: Cache): HealthPart {
  const collections = cache.status();
  const details = {
    collections: collections.length,
    objects: collections.reduce((sum, { objects }) => sum + objects, 0),
    bytes: collections.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const behind = collections.filter(({ freshness }) => ['lagging', 'disconnected'].includes(freshness.state));
  const told = behind
    .slice(0, MAX_TOLD)
    .map(({ gvr, freshness }) =>
      [formatGvr(gvr), freshness.state, freshness.reason].filter(Boolean).join(' '),
    );
  if (behind.length > MAX_TOLD) told.push(`${behind.length - MAX_TOLD} more`);
  return told.length === 0
    ? { state: 'ok', details }
    : { state: 'degraded', reason: `Behind the cluster: ${told.join('; ')}.`, details };
}

function gatewayHealth(supervisor: Supervisor): HealthPart {
  const failing = supervisor.states().filter(({ state, attempt }) => state === 'restarting' && attempt > 0);
  return failing.length === 0
    ? { state: 'ok' }
    : { state: 'degraded', reason: `Being started again: ${failing.map(({ name }) => name).join(', ')}.` };
}
