import type { Gauge, Metrics } from '@krateyard/telemetry/metrics';

const sources = new WeakMap<Metrics, Map<string, Set<(gauge: Gauge) => void>>>();

/**
 * Lets several owners (one a cluster) report into one gauge, read at scrape time. The disposer takes this owner's report
 * away; it must remove its own label sets.
 */
export function addGaugeSource(
  metrics: Metrics,
  gauge: { readonly name: string; readonly help: string; readonly labels: readonly string[] },
  report: (gauge: Gauge) => void,
): { readonly gauge: Gauge; readonly dispose: () => void } {
  const byName = sources.get(metrics) ?? new Map<string, Set<(gauge: Gauge) => void>>();
  sources.set(metrics, byName);
  const reports = byName.get(gauge.name) ?? new Set();
  byName.set(gauge.name, reports);
  reports.add(report);
  const declared = metrics.gauge(gauge.name, gauge.help, gauge.labels, (view) => {
    for (const each of reports) each(view);
  });
  return { gauge: declared, dispose: () => void reports.delete(report) };
}
