import type { Metrics } from '@krateyard/telemetry/metrics';
import { addGaugeSource } from '../client/gauge-source.ts';
import { formatGvr, type GroupVersionResource } from '../meta/group-version.ts';
import type { CollectionStatus } from './cache.ts';

export interface CacheMetrics {
  relisted(gvr: GroupVersionResource, reason: string): void;
  reconnected(gvr: GroupVersionResource, reason: string): void;
  /** The collection has stopped: its gauges go. */
  forget(gvr: GroupVersionResource): void;
  dispose(): void;
}

const GAUGES: readonly { name: string; help: string; value: (status: CollectionStatus) => number }[] = [
  { name: 'krateyard_cache_objects', help: 'Objects that a cache holds.', value: ({ objects }) => objects },
  {
    name: 'krateyard_cache_bytes',
    help: 'Estimated bytes that a cache retains.',
    value: ({ bytes }) => bytes,
  },
  {
    name: 'krateyard_cache_lag_seconds',
    help: 'Time since the content was last known to be current.',
    value: ({ freshness }) => freshness.lagMs / 1000,
  },
  {
    name: 'krateyard_cache_live',
    help: '1 while the watch is connected and current.',
    value: ({ freshness }) => (freshness.state === 'live' ? 1 : 0),
  },
];

export function cacheMetrics(
  metrics: Metrics,
  cluster: string,
  budgetBytes: number,
  status: () => readonly CollectionStatus[],
): CacheMetrics {
  const relists = metrics.counter('krateyard_cache_relists_total', 'Lists that had to be fetched anew.', [
    'cluster',
    'gvr',
    'reason',
  ]);
  const reconnects = metrics.counter(
    'krateyard_cache_reconnects_total',
    'Watches that were made anew, by what ended the last.',
    ['cluster', 'gvr', 'reason'],
  );
  const gauges = GAUGES.map(({ name, help, value }) =>
    addGaugeSource(metrics, { name, help, labels: ['cluster', 'gvr'] }, (gauge) => {
      for (const each of status()) gauge.set(value(each), { cluster, gvr: formatGvr(each.gvr) });
    }),
  );
  const budget = addGaugeSource(
    metrics,
    {
      name: 'krateyard_cache_budget_bytes',
      help: 'Bytes that the collections of a cache may retain together.',
      labels: ['cluster'],
    },
    (gauge) => gauge.set(budgetBytes, { cluster }),
  );
  const forget = (gvr: GroupVersionResource): void => {
    for (const { gauge } of gauges) gauge.remove({ cluster, gvr: formatGvr(gvr) });
  };
  return {
    relisted: (gvr, reason) => relists.add({ cluster, gvr: formatGvr(gvr), reason }),
    reconnected: (gvr, reason) => reconnects.add({ cluster, gvr: formatGvr(gvr), reason }),
    forget,
    dispose: () => {
      for (const each of [...gauges, budget]) each.dispose();
      budget.gauge.remove({ cluster });
    },
  };
}
