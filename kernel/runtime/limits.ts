import { StatusError } from '@krateyard/status/status-error';
import { noMetrics, type Gauge, type Metrics } from '@krateyard/telemetry/metrics';

/** How many may be held at once; absent: no bound in that respect. */
export interface Limit {
  readonly total?: number;
  readonly perUser?: number;
  /** Of one person in one namespace, for what names a namespace (shells). */
  readonly perUserAndNamespace?: number;
}

export interface Limits {
  /** Takes one place under the name until disposed. Throws StatusError TooManyRequests, with the seconds to wait, when full. */
  acquire(name: string, who: { user: string; namespace?: string }): Disposable;
  /** Places taken under the name, by everybody. */
  held(name: string): number;
}

const RETRY_AFTER_SECONDS = 5;

/** Counts per name. Names that are not in `table` fall under `fallback`. */
export function createLimits(options: {
  table: Readonly<Record<string, Limit>>;
  fallback: Limit;
  metrics?: Metrics;
}): Limits {
  const counts = new Map<string, number>();
  const metrics = options.metrics ?? noMetrics;
  const gauge = metrics.gauge('krateyard_connections', 'Open connections by limit name.', ['limit']);
  const refused = metrics.counter('krateyard_refused_total', 'Refused for a limit.', ['limit', 'scope']);

  return {
    held: (name) => counts.get(key([name])) ?? 0,
    acquire(name, { user, namespace }) {
      const limit = options.table[name] ?? options.fallback;
      const places: { scope: string; at: string; max: number | undefined }[] = [
        { scope: 'total', at: key([name]), max: limit.total },
        { scope: 'user', at: key([name, user]), max: limit.perUser },
      ];
      if (namespace !== undefined) {
        places.push({ scope: 'namespace', at: key([name, user, namespace]), max: limit.perUserAndNamespace });
      }
      const full = places.find(({ at, max }) => max !== undefined && (counts.get(at) ?? 0) >= max);
      if (full) {
        refused.add({ limit: name, scope: full.scope });
        throw tooMany(name, full.scope, full.max ?? 0);
      }
      for (const { at } of places) counts.set(at, (counts.get(at) ?? 0) + 1);
      report(gauge, name, counts);
      return releaseOnce(() => {
        for (const { at } of places) decrease(counts, at);
        report(gauge, name, counts);
      });
    },
  };
}

function key(parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function report(gauge: Gauge, name: string, counts: ReadonlyMap<string, number>): void {
  gauge.set(counts.get(key([name])) ?? 0, { limit: name });
}

function decrease(counts: Map<string, number>, at: string): void {
  const left = (counts.get(at) ?? 0) - 1;
  if (left > 0) counts.set(at, left);
  else counts.delete(at);
}

function releaseOnce(release: () => void): Disposable {
  let held = true;
  return {
    [Symbol.dispose]: () => {
      if (held) release();
      held = false;
    },
  };
}

const SCOPE_WORDS: Readonly<Record<string, string>> = {
  total: 'in this gateway',
  user: 'for one person',
  namespace: 'for one person in one namespace',
};

function tooMany(name: string, scope: string, max: number): StatusError {
  return new StatusError(
    'TooManyRequests',
    `The limit of ${max} open "${name}" ${SCOPE_WORDS[scope] ?? ''} is reached; close some or come back later.`,
    { details: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
  );
}
