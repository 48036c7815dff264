import { useMemo, type ReactElement } from 'react';
import type { PlotLevel } from '@krateyard/ui/plots/time-plot.tsx';
import { TimePlot } from '@krateyard/ui/plots/time-plot.tsx';
import type { Sample } from '@krateyard/ui/plots/series';
import { USAGE_PERIOD_MS } from '../../contract/usage-api.ts';
import { metricsStrings } from './metrics-strings.ts';
import { usageKindOf, useUsage } from './use-usage.ts';
import './usage-plot.css';

export interface UsagePlotProps {
  /** Path of the kind: `pods`, `v1/nodes`, `deployments`. Of kinds that use nothing there is no plot. */
  readonly kind: string;
  /** `namespace/name`, or `name`. */
  readonly objectKey: string;
  /** To compare with: requests, limits, what is allocatable; CPU in cores, memory in bytes. */
  readonly levels?: {
    readonly cpu?: readonly PlotLevel[];
    readonly memory?: readonly PlotLevel[];
  };
}

const SPAN_MS = 15 * 60_000;

/** CPU and memory of one object over the last minutes; of workloads and namespaces, of all their pods together. */
export function UsagePlot({ kind, objectKey, levels }: UsagePlotProps): ReactElement | null {
  const usageKind = usageKindOf(kind);
  const keys = useMemo(() => [objectKey], [objectKey]);
  const usage = useUsage(usageKind, keys);
  const samples = usage.samplesOf(objectKey);
  const cpu = useMemo(() => samples.map(([at, cores]): Sample => [at, cores ?? Number.NaN]), [samples]);
  const memory = useMemo(() => samples.map(([at, , bytes]): Sample => [at, bytes ?? Number.NaN]), [samples]);
  if (usageKind === undefined) return null;
  if (usage.status) {
    return (
      <p className="usage-dark">
        {usage.status.reason === 'Forbidden' ? metricsStrings.forbidden : metricsStrings.dark}{' '}
        <span>{usage.status.message}</span>
      </p>
    );
  }
  const shared = { periodMs: USAGE_PERIOD_MS, spanMs: SPAN_MS };
  return (
    <div className="usage-plots" aria-busy={usage.loading}>
      <TimePlot
        title={metricsStrings.cpu}
        samples={cpu}
        unit="cores"
        {...levelsOf(levels?.cpu)}
        {...shared}
      />
      <TimePlot
        title={metricsStrings.memory}
        samples={memory}
        unit="bytes"
        {...levelsOf(levels?.memory)}
        {...shared}
      />
    </div>
  );
}

const levelsOf = (levels: readonly PlotLevel[] | undefined): { levels?: readonly PlotLevel[] } =>
  levels ? { levels } : {};
