import {
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

export type Labels = Readonly<Record<string, string | number>>;

export interface Counter {
  add(labels?: Labels, by?: number): void;
}
export interface Gauge {
  set(value: number, labels?: Labels): void;
  remove(labels: Labels): void;
}
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

/**
 * Where a package declares what it measures. Names are Prometheus names with the `krateyard_` prefix and a unit suffix
 * (`_seconds`, `_bytes`, `_total`). Declaring the same name twice gives the same metric.
 */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** `collect` is called at scrape time, for values that are cheaper to read than to keep. */
  gauge(name: string, help: string, labels?: readonly string[], collect?: (gauge: Gauge) => void): Gauge;
  histogram(name: string, help: string, labels?: readonly string[], buckets?: readonly number[]): Histogram;
}

/** Metrics plus the page that Prometheus reads. */
export interface MetricsRegistry extends Metrics {
  readonly contentType: string;
  /** The text exposition of everything declared. */
  expose(): Promise<string>;
}

const nothing = { add: () => {}, set: () => {}, remove: () => {}, observe: () => {} };

/** The default for libraries: measures nothing. */
export const noMetrics: Metrics = {
  counter: () => nothing,
  gauge: () => nothing,
  histogram: () => nothing,
};

/** Seconds; from half a millisecond to ten seconds. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): MetricsRegistry {
  const registry = new Registry();
  const declared = new Map<string, Counter | Gauge | Histogram>();
  const once = <T extends Counter | Gauge | Histogram>(name: string, make: () => T): T => {
    const existing = declared.get(name);
    if (existing) return existing as T;
    const made = make();
    declared.set(name, made);
    return made;
  };
  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
    counter: (name, help, labelNames = []) =>
      once(name, () => {
        const metric = new PromCounter({ name, help, labelNames: [...labelNames], registers: [registry] });
        return { add: (labels = {}, by = 1) => metric.inc(labels, by) };
      }),
    gauge: (name, help, labelNames = [], collect) =>
      once(name, () => {
        const view: Gauge = {
          set: (value, labels = {}) => metric.set(labels, value),
          remove: (labels) => metric.remove(labels),
        };
        const metric: PromGauge = new PromGauge({
          name,
          help,
          labelNames: [...labelNames],
          registers: [registry],
          ...(collect && { collect: () => collect(view) }),
        });
        return view;
      }),
    histogram: (name, help, labelNames = [], buckets = LATENCY_BUCKETS) =>
      once(name, () => {
        const metric = new PromHistogram({
          name,
          help,
          labelNames: [...labelNames],
          buckets: [...buckets],
          registers: [registry],
        });
        return { observe: (value, labels = {}) => metric.observe(labels, value) };
      }),
  };
}
