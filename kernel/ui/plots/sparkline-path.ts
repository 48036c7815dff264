import { runsOf, type Sample } from './series.ts';

export interface SparklineFrame {
  readonly width: number;
  readonly height: number;
  /** What shows: from, to. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Value at the upper edge. */
  readonly top: number;
  readonly periodMs: number;
}

/** SVG paths: the line, broken at gaps, and the ground below it. A run of one sample is a short dash. */
export function sparklinePaths(
  samples: readonly Sample[],
  frame: SparklineFrame,
): { line: string; area: string } {
  const { width, height, fromMs, toMs, top, periodMs } = frame;
  const x = (at: number): string => (((at - fromMs) / Math.max(1, toMs - fromMs)) * width).toFixed(1);
  const y = (value: number): string =>
    (height - 1 - (Math.max(0, Math.min(value, top)) / (top > 0 ? top : 1)) * (height - 2)).toFixed(1);
  let [line, area] = ['', ''];
  for (const run of runsOf(
    samples.filter(([at]) => at >= fromMs && at <= toMs),
    periodMs,
  )) {
    const points = run.length > 1 ? run : dash(run[0]!, periodMs, toMs);
    const path = points.map(([at, value]) => `${x(at)} ${y(value)}`).join('L');
    line += `M${path}`;
    area += `M${x(points[0]![0])} ${height}L${path}L${x(points.at(-1)![0])} ${height}Z`;
  }
  return { line, area };
}

const dash = ([at, value]: Sample, periodMs: number, toMs: number): readonly Sample[] => [
  [Math.min(at, toMs) - periodMs / 2, value],
  [Math.min(at + periodMs / 2, toMs), value],
];
