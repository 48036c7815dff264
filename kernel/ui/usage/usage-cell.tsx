import { useMemo, type ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { history } from '../plots/history.ts';
import type { Sample } from '../plots/series.ts';
import { Sparkline } from '../plots/sparkline.tsx';
import { formatAmount, type Unit } from '../words/amount.ts';
import { USAGE_PERIOD_MS, usageSeries, type UsageKind } from './use-usage.ts';
import './usage.css';

/** How many samples are asked for where there are many rows: five minutes are enough for the width of a cell. */
export const CELL_SAMPLES = 20;
const SPAN_MS = CELL_SAMPLES * USAGE_PERIOD_MS;

/** A line and the last value, following by itself. */
export function UsageCell(props: {
  readonly kind: UsageKind;
  readonly objectKey: string;
  /** Place in the sample. */
  readonly at: 1 | 2;
  readonly unit: Unit;
}): ReactElement {
  const { kind, objectKey, at, unit } = props;
  const series = useStore(history.series(usageSeries(kind, objectKey)));
  const samples = useMemo(
    () => series.slice(-CELL_SAMPLES).map((sample): Sample => [sample[0], sample[at] ?? Number.NaN]),
    [series, at],
  );
  const last = samples.at(-1);
  if (!last) return <span className="absent">–</span>;
  return (
    <span className="usage-cell">
      <Sparkline
        label=""
        samples={samples}
        unit={unit}
        periodMs={USAGE_PERIOD_MS}
        spanMs={SPAN_MS}
        width={48}
      />
      <span>{formatAmount(last[1], unit)}</span>
    </span>
  );
}
