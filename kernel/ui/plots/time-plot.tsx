import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { theme } from '../look/theme.ts';
import { useMedia } from '../look/use-media.ts';
import { loadPart } from '../page/load-part.ts';
import { useElementWidth } from '../table/use-element-width.ts';
import { formatAmountWithUnit, type Unit } from '../words/amount.ts';
import { formatClock } from '../words/format-time.ts';
import type { PlotDrawing } from './plot-drawing.ts';
import { plotStrings } from './plot-strings.ts';
import { summarize, type Sample } from './series.ts';
import './plots.css';

/** A level to compare with: a request, a limit, what is allocatable. */
export interface PlotLevel {
  readonly label: string;
  readonly value: number;
}

export interface TimePlotProps {
  readonly title: string;
  readonly samples: readonly Sample[];
  readonly unit: Unit;
  readonly periodMs: number;
  /** How much time shows, up to now. */
  readonly spanMs: number;
  readonly levels?: readonly PlotLevel[];
  readonly height?: number;
}

/** One quantity over time, with axes; the library that draws comes with the first plot. Values under the pointer are told above it. */
export function TimePlot(props: TimePlotProps): ReactElement {
  const { title, samples, unit, periodMs, levels = NO_LEVELS, height = 120 } = props;
  const [hovered, setHovered] = useState<Sample>();
  const shown = hovered ?? samples.at(-1);
  const summary = useMemo(() => summarize(title, samples, periodMs, unit), [title, samples, periodMs, unit]);
  return (
    <figure className="time-plot">
      <figcaption>
        <span className="time-plot-title">{title}</span>
        <span className="time-plot-value">
          {shown ? formatAmountWithUnit(shown[1], unit) : '–'}
          {hovered && <small>{plotStrings.at(formatClock(hovered[0], samples.at(-1)![0]))}</small>}
        </span>
        {levels.map(({ label, value }) => (
          <small key={label} className="time-plot-level">
            {label} {formatAmountWithUnit(value, unit)}
          </small>
        ))}
      </figcaption>
      <div role="img" aria-label={summary} className="time-plot-place" style={{ height }}>
        {samples.length > 0 ? (
          <Drawing {...props} levels={levels} height={height} onHover={setHovered} />
        ) : (
          <p className="time-plot-empty">{plotStrings.nothing}</p>
        )}
      </div>
    </figure>
  );
}

const NO_LEVELS: readonly PlotLevel[] = [];

function Drawing(
  props: TimePlotProps & {
    readonly levels: readonly PlotLevel[];
    readonly height: number;
    readonly onHover: (sample: Sample | undefined) => void;
  },
): ReactElement {
  const { samples, unit, periodMs, spanMs, levels, height, onHover } = props;
  const place = useRef<HTMLDivElement>(null);
  const width = useElementWidth(place);
  const drawing = useRef<PlotDrawing>(undefined);
  const chosen = useStore(theme);
  const light = useMedia('(prefers-color-scheme: light)');
  const [made, setMade] = useState(0);
  useEffect(() => {
    const into = place.current;
    if (!into || width === 0) return undefined;
    let over = false;
    loadPart(() => import('./plot-drawing.ts')).then(
      ({ drawPlot }) => {
        if (over) return;
        drawing.current = drawPlot(into, { width, height, unit, levels, onHover });
        setMade((count) => count + 1);
      },
      () => {
        // The figures above its place stand without it.
      },
    );
    return () => {
      over = true;
      drawing.current?.destroy();
      drawing.current = undefined;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- colours are read when it is made: another theme makes it anew
  }, [width, height, unit, JSON.stringify(levels), chosen, light, onHover]);
  useEffect(() => {
    drawing.current?.show(samples, periodMs, spanMs);
  }, [samples, periodMs, spanMs, made]);
  return <div ref={place} className="time-plot-drawing" aria-hidden="true" />;
}
