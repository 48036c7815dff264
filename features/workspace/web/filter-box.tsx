import { useEffect, useState, type ReactElement, type ReactNode, type RefObject } from 'react';
import type { CollectionView } from '@krateyard/ui/live/live-collection';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { Truth } from '@krateyard/ui/live/truth';
import { NARROW, useMedia } from '@krateyard/ui/look/use-media';
import { Freshness } from '@krateyard/ui/parts/freshness.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { strings } from './strings.ts';

/** A pause in typing after which the table follows. */
const PAUSE_MS = 150;

/** The line above the rows: the filter, how many there are, and how current they are. */
export function FilterBox(props: {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly view: CollectionView<LiveHead>;
  readonly truth: Truth;
  /** How many were chosen; 0: all. */
  readonly namespaces: number;
  readonly children?: ReactNode;
  /** What can be done with the view, at its end. */
  readonly tools?: ReactNode;
}): ReactElement {
  const { input, value, onChange, view, truth, namespaces, children, tools } = props;
  const [typed, setTyped] = useTyped(value, onChange);
  const narrow = useMedia(NARROW);
  // Who gets all the namespaces that were chosen is told nothing: the picker says which.
  const narrowed = namespaces === 0 || (view.head?.namespaces?.length ?? 0) < namespaces;
  return (
    <div className="filter-line">
      <search className="filter">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          aria-label={strings.filter}
          placeholder={narrow ? strings.filterShortHint : strings.filterHint}
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
          <button
            type="button"
            className="plain square"
            aria-label={strings.clearFilter}
            onClick={() => setTyped('')}
          >
            <Icon name="close" />
          </button>
        )}
      </search>
      {children}
      <span className="filter-facts">
        {view.phase === 'ready' && (
          <span className="filter-count">
            {strings.count(view.total)}
            {narrowed && view.head?.namespaces && (
              <span className="wide-only"> {strings.scoped(view.head.namespaces.length)}</span>
            )}
          </span>
        )}
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
