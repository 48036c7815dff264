import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { IconButton } from '../parts/icon-button.tsx';
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
      <IconButton icon="up" label={strings.findBefore} onPress={() => host.find(text, { back: true })} />
      <IconButton icon="down" label={strings.findNext} onPress={() => host.find(text)} />
      <IconButton icon="close" label={strings.findClose} onPress={onClose} />
    </search>
  );
}
