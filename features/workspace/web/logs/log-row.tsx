import { memo, type MouseEvent, type ReactElement } from 'react';
import type { FindPattern } from './find-pattern.ts';
import type { LineEntry, MarkEntry } from './log-entry.ts';
import { logStrings as strings } from './log-strings.ts';
import { LogText } from './log-text.tsx';
import { fullTime, lineTime, type TimeStyle } from './log-time.ts';
import type { SourceLook } from './source-labels.ts';

export interface LineProps {
  readonly seq: number;
  readonly entry: LineEntry;
  readonly look: SourceLook | undefined;
  readonly times: TimeStyle;
  readonly opened: boolean;
  readonly chosen: boolean;
  readonly current: boolean;
  readonly pattern: FindPattern | undefined;
  readonly onChoose: (seq: number, further: boolean) => void;
  readonly onOpen: (seq: number) => void;
}

/** One line. Severity is a letter and a colour, the source a name and a colour. */
export const LogLineRow = memo(function LogLineRow(props: LineProps): ReactElement {
  const { seq, entry, look, times, opened, chosen, current, pattern, onChoose, onOpen } = props;
  const { severity, at, source, more } = entry;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- j, k and Enter do the same
    <div
      className={`log-line ${severity ? `log-${severity}` : ''}`}
      data-chosen={chosen || undefined}
      data-current={current || undefined}
      onClick={(event: MouseEvent) => {
        // Text that was selected with the mouse stays selected.
        if (getSelection()?.type !== 'Range') onChoose(seq, event.shiftKey);
      }}
      onDoubleClick={() => onOpen(seq)}
    >
      <span className="log-severity" title={severity && strings.severityWord[severity]}>
        {severity && strings.severityLetter[severity]}
      </span>
      {times !== 'off' && (
        <time className="log-time" dateTime={at} title={`${fullTime(at, 'local')} · ${fullTime(at, 'utc')}`}>
          {lineTime(at, times)}
        </time>
      )}
      {look && look.label !== '' && (
        <span className={`log-source source-${look.color}`} title={`${source.pod}/${source.container}`}>
          <bdi>{look.label}</bdi>
        </span>
      )}
      <span className="log-text" dir="ltr">
        <LogText text={entry.text} opened={opened} pattern={pattern} current={current} />
        {more && (
          <span className="log-more" title={strings.continues}>
            {' ↩'}
          </span>
        )}
      </span>
    </div>
  );
});

/** What happened between lines: gaps, joins, ends, problems. */
export const LogMarkRow = memo(function LogMarkRow(props: {
  readonly seq: number;
  readonly entry: MarkEntry;
  readonly times: TimeStyle;
  readonly onFetch: (seq: number) => void;
}): ReactElement {
  const { seq, entry, times, onFetch } = props;
  const fetchable = entry.type === 'gap' && entry.skipped !== undefined && entry.from !== '';
  const style = times === 'off' ? 'local' : times;
  return (
    <div className={`log-mark log-mark-${toneOf(entry)}`}>
      <span className="log-mark-words">
        {wordsOf(entry)}
        {entry.type === 'gap' && entry.from !== '' && (
          <span className="log-mark-range">
            {' '}
            {lineTime(entry.from, style)}
            {entry.to !== undefined && `–${lineTime(entry.to, style)}`}
          </span>
        )}
      </span>
      {fetchable && (
        <button type="button" className="plain log-fetch" onClick={() => onFetch(seq)}>
          {strings.fetch}
        </button>
      )}
    </div>
  );
});

function toneOf(entry: MarkEntry): 'calm' | 'warn' | 'bad' {
  if (entry.type === 'problem') return 'bad';
  if (entry.type === 'gap') return 'warn';
  return entry.type === 'ended' && (entry.status !== undefined || (entry.exitCode ?? 0) !== 0)
    ? 'warn'
    : 'calm';
}

function wordsOf(entry: MarkEntry): string {
  const source = entry.source && [entry.source.pod, entry.source.container].filter(Boolean).join('/');
  switch (entry.type) {
    case 'gap':
      return source === undefined ? strings.gap(entry) : `${source}: ${strings.gap(entry)}`;
    case 'joined':
      return entry.restarts > 0
        ? strings.restarted(source ?? '', entry.restarts)
        : strings.joined(source ?? '', entry.node);
    case 'ended':
      return strings.endedMark(source ?? '', entry.status?.message ?? entry.reason, entry.exitCode);
    case 'problem':
      return strings.problem(source, entry.status.message);
  }
}
