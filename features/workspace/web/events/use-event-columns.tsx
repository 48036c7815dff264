import { useMemo } from 'react';
import { Link } from 'wouter';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { Cells } from '@krateyard/ui/table/cells';
import { cellText } from '@krateyard/ui/table/table-column';
import type { KindSummary } from '../../contract/resource-api.ts';
import { isEvents, subjectHref } from './event-subject.ts';

const OBJECT = 'object';

/** The columns of a table of events, with what each is about as the way to its page; any other kind's as they are. */
export function useEventColumns(kindPath: string, cells: Cells, kinds: readonly KindSummary[]): Cells {
  return useMemo(() => (isEvents(kindPath) ? withSubjects(cells, kinds) : cells), [kindPath, cells, kinds]);
}

function withSubjects(cells: Cells, kinds: readonly KindSummary[]): Cells {
  const index = cells.columns.findIndex(({ name }) => name === OBJECT);
  const column = cells.columns[index];
  if (!column) return cells;
  const View = ({ row }: { readonly row: LiveRow }) => {
    const text = cellText(column, cells.cellsOf(row)[index] ?? null);
    const href = subjectHref(row.object, kinds);
    if (href === undefined)
      return (
        <span className="clip lead" title={text} dir="auto">
          {text}
        </span>
      );
    return (
      // A stop for Tab in each of ten thousand rows leads nowhere: the keys have `a`.
      <Link
        className="clip lead"
        href={href}
        tabIndex={-1}
        title={text}
        dir="auto"
        onClick={(event) => event.stopPropagation()}
      >
        {text}
      </Link>
    );
  };
  return { ...cells, columns: cells.columns.with(index, { ...column, View }) };
}
