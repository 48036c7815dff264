import { useMemo, type ReactElement } from 'react';
import type { Unit } from '../words/amount.ts';
import { summarize, type Sample } from './series.ts';
import { sparklinePaths } from './sparkline-path.ts';
import './plots.css';

export interface SparklineProps {
  /** Names what is drawn, for screen readers; '' where the words beside it say so: then it is decoration. */
  readonly label: string;
  readonly samples: readonly Sample[];
  readonly unit: Unit;
  readonly periodMs: number;
  /** How much time shows at most, up to the last sample. */
  readonly spanMs: number;
  /** Value at the upper edge where that means something (a limit, the allocatable); else the largest sample. */
  readonly top?: number | undefined;
  readonly width?: number;
  readonly height?: number;
}

/** A history that has just begun fills its place, once it has a fifth of the time that it is to show. */
function shownFrom(samples: readonly Sample[], toMs: number, spanMs: number): number {
  return Math.max(toMs - spanMs, Math.min(samples[0]?.[0] ?? 0, toMs - spanMs / 5));
}

/** A small plot of the last minutes. Gaps show as gaps; without a sample there is an empty place of the same size. */
export function Sparkline(props: SparklineProps): ReactElement {
  const { label, samples, unit, periodMs, spanMs, top, width = 72, height = 18 } = props;
  const { line, area } = useMemo(() => {
    const toMs = samples.at(-1)?.[0] ?? 0;
    const most = samples.reduce((found, [, value]) => (value > found ? value : found), 0);
    const frame = {
      width,
      height,
      fromMs: shownFrom(samples, toMs, spanMs),
      toMs,
      top: Math.max(top ?? 0, most * 1.1),
      periodMs,
    };
    return sparklinePaths(samples, frame);
  }, [samples, periodMs, spanMs, top, width, height]);
  const spoken = label === '' ? undefined : summarize(label, samples, periodMs, unit);
  return (
    <svg
      className="sparkline"
      preserveAspectRatio="none"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      {...(spoken === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': spoken })}
    >
      <path className="sparkline-ground" d={`M0 ${height - 0.5}H${width}`} />
      <path className="sparkline-area" d={area} />
      <path className="sparkline-line" d={line} />
    </svg>
  );
}
