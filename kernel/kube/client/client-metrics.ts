import type { Metrics } from '@krateyard/telemetry/metrics';
import type { ConnectionState } from './client.ts';
import { addGaugeSource } from './gauge-source.ts';

export interface ClientMetrics {
  observe(request: { readonly verb: string; readonly resource: string }, code: string, seconds: number): void;
  retried(request: { readonly verb: string; readonly resource: string }): void;
  dispose(): void;
}

const STATE_VALUES: Readonly<Record<ConnectionState, number>> = { closed: 0, 'half-open': 1, open: 2 };

export function clientMetrics(
  metrics: Metrics,
  cluster: string,
  state: () => ConnectionState,
): ClientMetrics {
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
  const gauge = addGaugeSource(
    metrics,
    {
      name: 'krateyard_kube_connection_state',
      help: 'Circuit breaker of a cluster: 0 closed, 1 half-open, 2 open.',
      labels: ['cluster'],
    },
    (view) => view.set(STATE_VALUES[state()], { cluster }),
  );
  return {
    observe: ({ verb, resource }, code, seconds) =>
      requests.observe(seconds, { cluster, verb, resource, code }),
    retried: ({ verb, resource }) => retries.add({ cluster, verb, resource }),
    dispose: () => {
      gauge.dispose();
      gauge.gauge.remove({ cluster });
    },
  };
}
