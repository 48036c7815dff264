import { useLayoutEffect, useMemo, useState, type RefObject } from 'react';
import type { LogSource } from './log-entry.ts';
import type { TimeStyle } from './log-time.ts';
import { sourceLooks, type SourceLook } from './source-labels.ts';

const PROBE = 64;
const SEVERITY_CH = 2;
const TIME_CH = 13;
const MOST_SOURCE_CH = 28;
const MOST_SOURCE_CH_NARROW = 10;
const NARROW_PX = 560;
/** Left and right of a line. */
export const SIDE_PX = 8;

export interface LineColumns {
  readonly looks: ReadonlyMap<LogSource, SourceLook>;
  /** Width of the names of sources, in characters; 0: there is only one. */
  readonly sourceChars: number;
  readonly characterPx: number;
  /** How many characters stand before the text. */
  readonly before: number;
  /** How many characters of text the view has room for. */
  readonly fits: number;
}

/** Measures how the lines are parted. The font is monospaced: all widths are whole characters. */
export function useLineColumns(
  probe: RefObject<HTMLElement | null>,
  widthPx: number,
  sources: readonly LogSource[],
  sourceCount: number,
  times: TimeStyle,
): LineColumns {
  const characterPx = useCharacter(probe);
  const looks = useMemo(() => sourceLooks(sources.slice(0, sourceCount)), [sources, sourceCount]);
  const most = widthPx < NARROW_PX ? MOST_SOURCE_CH_NARROW : MOST_SOURCE_CH;
  const longest = looks.values().reduce((longest, { label }) => Math.max(longest, label.length), 0);
  const sourceChars = Math.min(most, longest);
  const before = SEVERITY_CH + (times === 'off' ? 0 : TIME_CH) + (sourceChars > 0 ? sourceChars + 1 : 0);
  const fits = Math.max(20, Math.floor((widthPx - 2 * SIDE_PX) / characterPx) - before);
  return useMemo(
    () => ({ looks, sourceChars, characterPx, before, fits }),
    [looks, sourceChars, characterPx, before, fits],
  );
}

function useCharacter(probe: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(7.2);
  useLayoutEffect(() => {
    let gone = false;
    const measure = (): void => {
      const px = (probe.current?.getBoundingClientRect().width ?? 0) / PROBE;
      if (!gone && px > 0) setWidth(px);
    };
    measure();
    void document.fonts.ready.then(measure);
    return () => {
      gone = true;
    };
  }, [probe]);
  return width;
}

export const PROBE_TEXT = '0'.repeat(PROBE);
