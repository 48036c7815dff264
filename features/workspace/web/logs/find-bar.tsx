import { useEffect, useRef, type ReactElement } from 'react';
import { useTyped } from '@krateyard/ui/forms/use-typed';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import { logStrings as strings } from './log-strings.ts';

const PAUSE_MS = 150;

/** Looks for words among the lines that are here: Enter goes to the next, Shift+Enter to the one before. */
export function FindBar(props: {
  readonly value: string;
  /** 1 for the first match; 0 while none is chosen. */
  readonly at: number;
  readonly count: number;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
  readonly onMove: (direction: 1 | -1) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { value, at, count, problem, onChange, onMove, onClose } = props;
  const { typed, setTyped, tell } = useTyped({ value, pauseMs: PAUSE_MS, onChange });
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div className="logs-find" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        aria-label={strings.find}
        aria-invalid={problem !== undefined}
        placeholder={strings.findHint}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === 'Escape') onClose();
          else if (typed === value) onMove(event.shiftKey ? -1 : 1);
          else tell(typed);
        }}
      />
      <span className="logs-find-count" role="status">
        {problem ?? (value === '' ? '' : strings.findCount(at, count))}
      </span>
      <IconButton icon="up" label={strings.findBefore} onPress={() => onMove(-1)} />
      <IconButton icon="down" label={strings.findNext} onPress={() => onMove(1)} />
      <IconButton icon="close" label={strings.findClose} onPress={onClose} />
    </div>
  );
}
