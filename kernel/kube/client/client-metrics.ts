import type { Metrics } from '@krateyard/telemetry/metrics';
import type { ConnectionState } from './client.ts';

export interface ClientMetrics {
  observe(request: { readonly verb: string; readonly resource: string }, code: string, seconds: number): void;
  retried(request: { readonly verb: string; readonly resource: string }): void;
  dispose(): void;
}

const STATE_VALUES: Readonly<Record<ConnectionState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The same gauge serves all clusters, so the clusters that are open stand here by the registry. */
const open = new WeakMap<Metrics, Map<string, () => ConnectionState>>();

export function clientMetrics(
  metrics: Metrics,
  cluster: string,
  state: () => ConnectionState,
): ClientMetrics {
  const clusters = open.get(metrics) ?? new Map<string, () => ConnectionState>();
  open.set(metrics, clusters);
  clusters.set(cluster, state);
  const requests = metrics.histogram(
    'krateyard_kube_request_seconds',
    'Time of requests to API servers, until the answer is read (for watches: until it begins). code is the HTTP code, failed or cancelled.',
    ['cluster', 'verb', 'resource', 'code'],
  );
  const retries = metrics.counter('krateyard_kube_request_retries_total', 'Reads that were sent again.', [
    'cluster',
    'verb',
    'resource',
  ]);
  const gauge = metrics.gauge(
    'krateyard_kube_connection_state',
    'Circuit breaker of a cluster: 0 closed, 1 half-open, 2 open.',
    ['cluster'],
    (view) => {
      for (const [name, current] of clusters) view.set(STATE_VALUES[current()], { cluster: name });
    },
  );
  return {
    observe: ({ verb, resource }, code, seconds) =>
      requests.observe(seconds, { cluster, verb, resource, code }),
    retried: ({ verb, resource }) => retries.add({ cluster, verb, resource }),
    dispose: () => {
      if (clusters.get(cluster) !== state) return;
      clusters.delete(cluster);
      gauge.remove({ cluster });
    },
  };
}
