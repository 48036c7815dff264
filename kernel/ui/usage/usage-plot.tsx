import { useMemo, type ReactElement } from 'react';
import type { PlotLevel } from '../plots/time-plot.tsx';
import { TimePlot } from '../plots/time-plot.tsx';
import type { Sample } from '../plots/series.ts';
import { usageStrings } from './usage-strings.ts';
import { USAGE_PERIOD_MS, useUsage, type UsageKind } from './use-usage.ts';
import './usage.css';

export interface UsagePlotProps {
  /** Without one there is no plot. */
  readonly kind: UsageKind | undefined;
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
  const keys = useMemo(() => [objectKey], [objectKey]);
  const usage = useUsage(kind, keys);
  const samples = usage.samplesOf(objectKey);
  const cpu = useMemo(() => samples.map(([at, cores]): Sample => [at, cores ?? Number.NaN]), [samples]);
  const memory = useMemo(() => samples.map(([at, , bytes]): Sample => [at, bytes ?? Number.NaN]), [samples]);
  if (kind === undefined) return null;
  if (usage.status) {
    return (
      <p className="usage-dark">
        {usage.status.reason === 'Forbidden' ? usageStrings.forbidden : usageStrings.dark}{' '}
        <span>{usage.status.message}</span>
      </p>
    );
  }
  const shared = { periodMs: USAGE_PERIOD_MS, spanMs: SPAN_MS };
  return (
    <div className="usage-plots" aria-busy={usage.loading}>
      <TimePlot title={usageStrings.cpu} samples={cpu} unit="cores" {...levelsOf(levels?.cpu)} {...shared} />
      <TimePlot
        title={usageStrings.memory}
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
