import type { ReactElement, ReactNode, RefObject } from 'react';
import { FilterField } from '../forms/filter-field.tsx';
import type { Truth } from '../live/truth.ts';
import { NARROW, useMedia } from '../look/use-media.ts';
import { Freshness } from '../parts/freshness.tsx';
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
  const narrow = useMedia(NARROW);
  return (
    <div className="filter-line">
      <FilterField
        className="filter"
        icon="search"
        label={strings.filter}
        hint={narrow ? strings.filter : hint}
        pauseMs={PAUSE_MS}
        onLeave={() => input.current?.blur()}
        whileEmpty={<kbd aria-hidden="true">/</kbd>}
        {...{ input, value, onChange }}
      />
      {children}
      <span className="filter-facts">
        {count !== undefined && <span className="filter-count">{count}</span>}
        <Freshness truth={truth} />
        {tools}
      </span>
    </div>
  );
}
