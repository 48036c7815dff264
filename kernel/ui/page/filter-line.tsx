import { useEffect, useState, type ReactElement, type ReactNode, type RefObject } from 'react';
import type { Truth } from '../live/truth.ts';
import { NARROW, useMedia } from '../look/use-media.ts';
import { Freshness } from '../parts/freshness.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { strings } from '../strings.ts';
import './filter-line.css';

/** A pause in typing after which the table follows. */
const PAUSE_MS = 150;

/** The line above rows: the filter, how many there are, and how current they are. */
export function FilterLine(props: {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What can be put in; on narrow screens the field says only what it is. */
  readonly hint: string;
  readonly truth: Truth;
  /** How many there are, once that is known. */
  readonly count?: ReactNode;
  readonly children?: ReactNode;
  /** What can be done with the view, at its end. */
  readonly tools?: ReactNode;
}): ReactElement {
  const { input, value, onChange, hint, truth, count, children, tools } = props;
  const [typed, setTyped] = useTyped(value, onChange);
  const narrow = useMedia(NARROW);
  return (
    <div className="filter-line">
      <search className="filter">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          aria-label={strings.filter}
          placeholder={narrow ? strings.filter : hint}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== 'Escape') return;
            event.preventDefault();
            if (event.key === 'Escape') setTyped('');
            event.currentTarget.blur();
          }}
        />
        {typed === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <IconButton icon="close" label={strings.clearFilter} onPress={() => setTyped('')} />
        )}
      </search>
      {children}
      <span className="filter-facts">
        {count !== undefined && <span className="filter-count">{count}</span>}
        <Freshness truth={truth} />
        {tools}
      </span>
    </div>
  );
}

/** What stands in the field; the address follows after a pause, and a new address is followed at once. */
function useTyped(value: string, onChange: (value: string) => void): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => {
      setTold(typed);
      onChange(typed);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- only typing starts the pause
  }, [typed]);
  return [typed, setTyped];
}
