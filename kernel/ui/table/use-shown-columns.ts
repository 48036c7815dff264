import { useCallback, useMemo, useState } from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import { settingsOwner } from '../settings/settings.ts';
import { leadOf, type Cell, type TableColumn } from './table-column.ts';
import type { Cells } from './cells.ts';
import { keepColumns, keptColumns, type ChosenColumns } from './kept-columns.ts';

export interface ShownColumns extends Cells {
  /** Undefined: the usual ones. */
  readonly chosen: ChosenColumns;
  readonly choose: (chosen: ChosenColumns) => void;
}

/**
 * The columns that the person has chosen for the kind; the one that names the row always shows. The same object as long as it says
 * the same: cells that are made from it are not made again.
 */
export function useShownColumns(kind: string, all: Cells): ShownColumns {
  const person = settingsOwner();
  const place = `${person} ${kind}`;
  const [own, setOwn] = useState<{ place: string; chosen: ChosenColumns }>();
  const chosen = useMemo(
    () => (own?.place === place ? own.chosen : keptColumns(person, kind)),
    [own, place, person, kind],
  );
  const cells = useMemo(() => onlyChosen(all, chosen), [all, chosen]);
  const choose = useCallback(
    (next: ChosenColumns): void => {
      keepColumns(person, kind, next);
      setOwn({ place, chosen: next });
    },
    [place, person, kind],
  );
  return useMemo(() => ({ ...cells, chosen, choose }), [cells, chosen, choose]);
}

/** Columns that were chosen stay even where room is short, up to what the layout itself drops. */
export function onlyChosen({ columns, cellsOf }: Cells, chosen: ChosenColumns): Cells {
  if (chosen === undefined || columns.length === 0) return { columns, cellsOf };
  const lead = leadOf(columns);
  const indexes = columns.flatMap((column, index) =>
    index === lead || chosen.includes(column.name) ? [index] : [],
  );
  const shown: readonly TableColumn[] = indexes.map((index) => ({ ...columns[index]!, priority: 0 }));
  const made = new WeakMap<readonly Cell[], readonly Cell[]>();
  return {
    columns: shown,
    cellsOf: (row: LiveRow) => {
      const cells = cellsOf(row);
      const known = made.get(cells) ?? indexes.map((index) => cells[index] ?? null);
      made.set(cells, known);
      return known;
    },
  };
}
