import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type Ref,
} from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import type { LogFeed } from './log-feed.ts';
import { LogLineRow, LogMarkRow } from './log-row.tsx';
import { logStrings as strings } from './log-strings.ts';
import type { TimeStyle } from './log-time.ts';
import { PROBE_TEXT, SIDE_PX, useLineColumns } from './use-line-columns.ts';
import { useLogScroll, type LogScroll } from './use-log-scroll.ts';

export interface LogLinesProps {
  readonly feed: LogFeed;
  /** Of `feed`: another draws anew. */
  readonly version: number;
  readonly label: string;
  readonly wrap: boolean;
  readonly times: TimeStyle;
  readonly hidden: ReadonlySet<string>;
  readonly opened: ReadonlySet<number>;
  /** Chosen lines, from–to by seq. */
  readonly chosen: readonly [number, number] | undefined;
  readonly cursor: number | undefined;
  /** What the first row says. */
  readonly lead: string;
  readonly shown: boolean;
  readonly onChoose: (seq: number, further: boolean) => void;
  readonly onOpen: (seq: number) => void;
  readonly onFetch: (seq: number) => void;
  readonly control: Ref<LogScroll>;
}

/** The lines, of which only those in sight are in the page. */
export function LogLines(props: LogLinesProps): ReactElement {
  const { feed, wrap, times, hidden, opened, chosen, cursor, lead, shown } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const size = useSize(scroller);
  const columns = useLineColumns(probe, size.width, feed.sources, feed.sources.length, times);
  const wrapAt = wrap ? columns.fits : 0;
  const layout = useMemo(() => ({ columns: wrapAt, hidden, opened }), [wrapAt, hidden, opened]);
  // Before the lines are placed below: how high they are depends on it.
  if (feed.buffer.layout !== layout) feed.buffer.setLayout(layout);
  useEffect(() => feed.relaid(), [feed, layout]);
  const scroll = useLogScroll(feed, scroller, shown ? size.height : 0);
  useImperativeHandle(props.control, () => scroll);
  const textChars = wrap ? columns.fits : Math.max(columns.fits, feed.buffer.widest);
  const pattern = feed.search?.pattern;
  return (
    <div
      ref={scroller}
      className={`logs-scroll ${wrap ? 'logs-wrap' : ''}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls and has keys
      tabIndex={0}
      // Who comes here by key wants the lines and their keys, not the filter above them.
      data-focus=""
      role="log"
      aria-live="off"
      aria-label={props.label}
      onScroll={scroll.onScroll}
      style={
        {
          '--source-chars': columns.sourceChars,
          '--text-px': `${textChars * columns.characterPx}px`,
        } as never
      }
    >
      <span ref={probe} className="logs-probe" aria-hidden="true">
        {PROBE_TEXT}
      </span>
      <div
        className="logs-sizer"
        style={{
          height: scroll.heightPx,
          minWidth: wrap ? undefined : (columns.before + textChars) * columns.characterPx + 2 * SIDE_PX,
        }}
      >
        <p className="logs-lead">{lead}</p>
        <div className="logs-rows" style={{ top: scroll.topPx }}>
          {scroll.placed.map(({ seq, entry }) =>
            entry.type === 'line' ? (
              <LogLineRow
                key={seq}
                seq={seq}
                entry={entry}
                look={columns.looks.get(entry.source)}
                times={times}
                opened={opened.has(seq)}
                chosen={chosen !== undefined && seq >= chosen[0] && seq <= chosen[1]}
                current={seq === cursor}
                pattern={pattern}
                onChoose={props.onChoose}
                onOpen={props.onOpen}
              />
            ) : (
              <LogMarkRow key={seq} seq={seq} entry={entry} times={times} onFetch={props.onFetch} />
            ),
          )}
        </div>
      </div>
    </div>
  );
}

/** Where matches are in the whole of the lines, beside the scroll bar. */
export function FindMarks({ marks }: { readonly marks: readonly number[] }): ReactElement | null {
  if (marks.length === 0) return null;
  return (
    <div className="logs-marks" aria-hidden="true">
      {marks.map((mark) => (
        <i key={mark} style={{ top: `${mark * 100}%` }} />
      ))}
    </div>
  );
}

/** Over the last lines while the view is not at the end. */
export function CatchUp(props: { readonly count: number; readonly onFollow: () => void }): ReactElement {
  return (
    <button type="button" className="logs-catch-up" title={strings.follow} onClick={props.onFollow}>
      <Icon name="down" />
      {strings.came(props.count)}
    </button>
  );
}

function useSize(element: { readonly current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const observed = element.current;
    if (!observed) return undefined;
    const measure = (): void => {
      const next = { width: observed.clientWidth, height: observed.clientHeight };
      setSize((before) => (before.width === next.width && before.height === next.height ? before : next));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return size;
}
