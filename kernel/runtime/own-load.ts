import { performance } from 'node:perf_hooks';
import type { Metrics } from '@krateyard/telemetry/metrics';

/** What this process costs: resident memory, heap, and the share of time that its event loop is busy since the last scrape. */
export function declareOwnLoad(metrics: Metrics): void {
  metrics.gauge('krateyard_resident_bytes', 'Resident memory of the process.', [], (gauge) =>
    gauge.set(process.memoryUsage.rss()),
  );
  metrics.gauge('krateyard_heap_used_bytes', 'JavaScript heap in use.', [], (gauge) =>
    gauge.set(process.memoryUsage().heapUsed),
  );
  let last = performance.eventLoopUtilization();
  metrics.gauge(
    'krateyard_event_loop_busy_ratio',
    'Busy share of the event loop since the last scrape.',
    [],
    (gauge) => {
      const now = performance.eventLoopUtilization();
      gauge.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  );
}
