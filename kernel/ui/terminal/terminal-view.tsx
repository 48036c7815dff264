import { useEffect, useRef, useState, type ReactElement } from 'react';
import { NARROW, useMedia } from '../look/use-media.ts';
import { FindBar } from './find-bar.tsx';
import { KeyRow } from './key-row.tsx';
import { StickyControl } from './sticky-control.ts';
import { LEAVE_KEY } from './terminal-keys.ts';
import type { TerminalViewProps } from './terminal-props.ts';
import { terminalStrings as strings } from './terminal-strings.ts';
import { useTerminalHost } from './use-terminal-host.tsx';
import '@xterm/xterm/css/xterm.css';
import './terminal.css';

/** A terminal with its search, its paste question and, on a phone, its row of keys. Load lazily: xterm comes with it. */
export function TerminalView(props: TerminalViewProps): ReactElement {
  const { title, readOnly = false, fixed } = props;
  const root = useRef<HTMLElement>(null);
  const [control] = useState(() => new StickyControl());
  const [finding, setFinding] = useState(false);
  const [inside, setInside] = useState(false);
  const narrow = useMedia(NARROW);
  const { screen, host } = useTerminalHost(props, control, (command) => {
    if (command === 'find') setFinding(true);
    else root.current?.focus();
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only told where the focus is
    <section
      ref={root}
      className={fixed ? 'term term-fixed' : 'term'}
      aria-label={strings.label(title)}
      tabIndex={-1}
      onFocus={(event) => setInside(event.target !== root.current)}
      onBlur={() => setInside(false)}
    >
      {finding && host && (
        <FindBar
          host={host}
          onClose={() => {
            setFinding(false);
            host.endFind();
            host.focus();
          }}
        />
      )}
      <div ref={screen} className="terminal-screen" />
      {inside && !narrow && !readOnly && <LeaveHint />}
      {narrow && host && !readOnly && <KeyRow host={host} control={control} />}
    </section>
  );
}

const HINT_MS = 4000;

/** Told once after the focus has come in: whoever uses only keys must know the way out. */
function LeaveHint(): ReactElement | null {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), HINT_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role="status" className={shown ? 'terminal-hint' : 'only-spoken'}>
      {strings.leaveHint(LEAVE_KEY)}
    </p>
  );
}
