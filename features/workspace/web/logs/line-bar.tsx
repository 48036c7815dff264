import type { ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { mayBeJson } from './json-line.ts';
import type { LineEntry } from './log-entry.ts';
import { logStrings as strings } from './log-strings.ts';
import { fullTime, type TimeStyle } from './log-time.ts';

/** The chosen line: when, from where, and what can be done with it. */
export function LineBar(props: {
  readonly entry: LineEntry;
  /** Lines that are chosen. */
  readonly count: number;
  readonly opened: boolean;
  readonly times: TimeStyle;
  readonly onCopy: () => void;
  readonly onLink: () => void;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}): ReactElement {
  const { entry, count, opened, times, onCopy, onLink, onOpen, onClose } = props;
  const { source, at, severity, text } = entry;
  return (
    <div className="logs-line-bar" role="group" aria-label={strings.line}>
      <span className="logs-line-words">
        <time dateTime={at}>{fullTime(at, times === 'utc' ? 'utc' : 'local')}</time>
        <span className="clip">{`${source.pod}/${source.container}`}</span>
        {severity && <span className={`log-word-${severity}`}>{strings.severityWord[severity]}</span>}
      </span>
      {mayBeJson(text) && (
        <button type="button" onClick={onOpen} aria-pressed={opened}>
          {opened ? strings.plain : strings.json}
        </button>
      )}
      <button type="button" onClick={onCopy}>
        <Icon name="copy" />
        {count > 1 ? strings.copyLines(count) : strings.copyLine}
      </button>
      <button type="button" onClick={onLink}>
        {strings.linkLine}
      </button>
      <IconButton icon="close" label={uiStrings.close} onPress={onClose} />
    </div>
  );
}
