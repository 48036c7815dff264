import { useCallback, useEffect, useRef, useState } from 'react';
import { useKeys } from '../keys/use-keys.ts';
import type { LiveRow } from '../live/live-collection.ts';
import { strings } from '../strings.ts';
import { NOTHING_CHOSEN, refreshed, type Selection } from './table-selection.ts';

export interface RowSelection<Target> {
  readonly selection: Selection;
  readonly setSelection: (selection: Selection) => void;
  /** What the chosen rows stand for, as they are now. */
  readonly fresh: () => readonly Target[];
  /** What an action on this row is about: all that are chosen when it is one of them. */
  readonly targetsOfRow: (row: LiveRow) => readonly Target[];
  /** What a key is about: what is chosen, or else the row of the keys. */
  readonly atHand: () => readonly Target[];
  /** For the table: told which row is that of the keys. */
  readonly onCursor: (row: LiveRow | undefined) => void;
}

/** What is chosen in this place (filter, namespaces); another place begins with nothing. Esc lets it all go. */
export function useRowSelection<Target>(options: {
  readonly place: string;
  readonly rows: readonly LiveRow[];
  /** What rows stand for; the same function as long as it says the same. */
  readonly targetsOf: (rows: readonly LiveRow[]) => readonly Target[];
  /** Of the key, in the help. */
  readonly keyGroup: string;
}): RowSelection<Target> {
  const { place, rows, targetsOf, keyGroup } = options;
  const [chosen, setChosen] = useState({ place, selection: NOTHING_CHOSEN });
  const selection = chosen.place === place ? chosen.selection : NOTHING_CHOSEN;
  const setSelection = useCallback((next: Selection) => setChosen({ place, selection: next }), [place]);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  const cursor = useRef<LiveRow>(undefined);
  const onCursor = useCallback((row: LiveRow | undefined) => void (cursor.current = row), []);
  const fresh = useCallback(() => targetsOf(refreshed(selection, latest.current)), [targetsOf, selection]);
  const targetsOfRow = useCallback(
    (row: LiveRow) => (selection.has(row.key) ? fresh() : targetsOf([row])),
    [selection, fresh, targetsOf],
  );
  const atHand = (): readonly Target[] =>
    selection.size > 0 ? fresh() : targetsOf(cursor.current ? [cursor.current] : []);
  useKeys(
    [
      {
        keys: 'Escape',
        label: strings.clearSelection,
        group: keyGroup,
        run: () => setSelection(NOTHING_CHOSEN),
      },
    ],
    selection.size > 0,
  );
  return { selection, setSelection, fresh, targetsOfRow, atHand, onCursor };
}
