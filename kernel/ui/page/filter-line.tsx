import type { ReactElement, ReactNode, RefObject } from 'react';
import { useTyped } from '../forms/use-typed.ts';
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
  const { typed, setTyped, tell } = useTyped({ value, pauseMs: PAUSE_MS, onChange });
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
            tell(event.key === 'Enter' ? typed : '');
            event.currentTarget.blur();
          }}
        />
        {typed === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <IconButton
            icon="close"
            label={strings.clearFilter}
            onPress={() => {
              tell('');
              // The button goes, and the focus would be nowhere.
              input.current?.focus();
            }}
          />
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
