import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { Icon } from '../parts/icon.tsx';
import type { TerminalHost } from './terminal-host.ts';
import { terminalStrings as strings } from './terminal-strings.ts';

/** Looks for a text in all that was drawn: Enter goes on, Shift Enter back, Esc closes. */
export function FindBar({
  host,
  onClose,
}: {
  readonly host: TerminalHost;
  readonly onClose: () => void;
}): ReactElement {
  const [text, setText] = useState('');
  const { index, count } = useStore(host.matches);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <search className="terminal-find">
      <input
        ref={input}
        type="text"
        aria-label={strings.findLabel}
        placeholder={strings.find}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          host.find(event.target.value, { typing: true });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          else if (event.key === 'Enter') host.find(text, { back: event.shiftKey });
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <output>{text === '' ? '' : strings.matches(index, count)}</output>
      <button
        type="button"
        className="plain square"
        aria-label={strings.findBefore}
        onClick={() => host.find(text, { back: true })}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        className="plain square"
        aria-label={strings.findNext}
        onClick={() => host.find(text)}
      >
        <Icon name="down" />
      </button>
      <button type="button" className="plain square" aria-label={strings.findClose} onClick={onClose}>
        <Icon name="close" />
      </button>
    </search>
  );
}
