import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatAmount, type Unit } from '../words/amount.ts';
import { runsOf, type Sample } from './series.ts';

export interface PlotDrawing {
  show(samples: readonly Sample[], periodMs: number, spanMs: number): void;
  destroy(): void;
}

export interface PlotDrawingOptions {
  readonly width: number;
  readonly height: number;
  readonly unit: Unit;
  readonly levels: readonly { readonly value: number }[];
  readonly onHover: (sample: Sample | undefined) => void;
}

/** Draws into the element, in the colours that stand there now. Nothing moves by itself. */
export function drawPlot(into: HTMLElement, options: PlotDrawingOptions): PlotDrawing {
  const { width, height, unit, levels, onHover } = options;
  const colour = (name: string): string => getComputedStyle(into).getPropertyValue(name).trim();
  const resolve = colourResolver(into);
  const font = `11px ${colour('--sans') || 'sans-serif'}`;
  const axis = { stroke: resolve('--text-3'), font, ticks: { show: false }, gap: 4 };
  const grid = { stroke: resolve('--line'), width: 1 };
  const plot = new UPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      // At the right half of a time has room.
      padding: [6, 18, 0, 0],
      scales: {
        x: { time: true },
        y: { range: (_plot, _low, high) => [0, rangeTop(high, levels)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 22,
          space: 64,
          values: (_plot, splits) => splits.map(clockOf),
        },
        {
          ...axis,
          grid,
          size: 52,
          space: 32,
          ...(unit === 'bytes' && { incrs: BINARY_STEPS }),
          values: (_plot, splits) => splits.map((value) => formatAmount(value, unit)),
        },
      ],
      series: [
        {},
        {
          stroke: resolve('--accent'),
          width: 1.5,
          fill: resolve('--accent-ground'),
          spanGaps: false,
          points: { show: false },
        },
        ...levels.map(() => ({
          stroke: resolve('--text-3'),
          width: 1,
          dash: [4, 4],
          points: { show: false },
        })),
      ],
      hooks: {
        setCursor: [
          (plot: UPlot) => {
            const { idx } = plot.cursor;
            const at = idx == null ? undefined : plot.data[0][idx];
            const value = idx == null ? undefined : plot.data[1]?.[idx];
            onHover(at === undefined || value == null ? undefined : [at * 1000, value]);
          },
        ],
      },
    },
    [[], [], ...levels.map(() => [])],
    into,
  );
  return {
    show: (samples, periodMs, spanMs) => {
      const { times, values } = withGaps(samples, periodMs);
      const to = times.at(-1) ?? 0;
      const from = to - spanMs / 1000;
      // Levels go through the whole picture, measured or not.
      if ((times[0] ?? 0) > from) {
        times.unshift(from);
        values.unshift(null);
      }
      plot.setData([times, values, ...levels.map(({ value }) => times.map(() => value))], false);
      plot.setScale('x', { min: from, max: to });
    },
    destroy: () => plot.destroy(),
  };
}

/** 1, 2, 4 … 512 of every power of 1024 up to Pi: what people read as round. */
const BINARY_STEPS = Array.from({ length: 60 }, (_, power) => 2 ** power);

const clockFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const clockOf = (seconds: number): string => clockFormat.format(seconds * 1000);

/** The levels show where they are near; a limit ten times as high would press the line to the ground. */
function rangeTop(high: number | null, levels: readonly { readonly value: number }[]): number {
  const most = high ?? 0;
  const near = levels.map(({ value }) => value).filter((value) => value <= most * 3 || most === 0);
  return Math.max(most, ...near, Number.MIN_VALUE) * 1.1;
}

/** Seconds, and a hole between every two runs. */
function withGaps(
  samples: readonly Sample[],
  periodMs: number,
): { times: number[]; values: (number | null)[] } {
  const times: number[] = [];
  const values: (number | null)[] = [];
  for (const run of runsOf(samples, periodMs)) {
    if (times.length > 0) {
      times.push((run[0]![0] - 1) / 1000);
      values.push(null);
    }
    for (const [at, value] of run) {
      times.push(at / 1000);
      values.push(value);
    }
  }
  return { times, values };
}

/** A canvas does not know `light-dark()`: the colour is asked of an element that has it. */
function colourResolver(into: HTMLElement): (name: string) => string {
  return (name) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    into.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}
