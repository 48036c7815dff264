import type { ReactElement, ReactNode, RefObject } from 'react';
import type { CollectionView } from '@krateyard/ui/live/live-collection';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { Truth } from '@krateyard/ui/live/truth';
import { FilterLine } from '@krateyard/ui/page/filter-line.tsx';
import { strings } from './strings.ts';

/** The line above the rows of a kind. */
export function FilterBox(props: {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly view: CollectionView<LiveHead>;
  readonly truth: Truth;
  /** How many were chosen; 0: all. */
  readonly namespaces: number;
  /** A row may stand for several objects. */
  readonly merged: boolean;
  readonly children?: ReactNode;
  /** What can be done with the view, at its end. */
  readonly tools?: ReactNode;
}): ReactElement {
  const { view, namespaces, merged, ...line } = props;
  // Who gets all the namespaces that were chosen is told nothing: the picker says which.
  const narrowed = namespaces === 0 || (view.head?.namespaces?.length ?? 0) < namespaces;
  return (
    <FilterLine
      {...line}
      hint={strings.filterHint}
      count={
        view.phase === 'ready' ? (
          <>
            {merged ? strings.rows(view.total) : strings.count(view.total)}
            {narrowed && view.head?.namespaces && (
              <span className="wide-only"> {strings.scoped(view.head.namespaces.length)}</span>
            )}
          </>
        ) : undefined
      }
    />
  );
}
