import { useRef } from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import type { TableProps } from './table-props.ts';
import { extended, toggled, toggledAll } from './table-selection.ts';
import { useSteadyCallback } from './use-steady-callback.ts';

/** Choosing rows by pointer and keys: a range begins at the row that was chosen last. */
export function useChoosing(
  { selection, onSelection, rows, offset }: TableProps,
  setCursor: (index: number, key: string | undefined) => void,
) {
  const anchor = useRef<number>(undefined);
  const take = (index: number, range: boolean): void => {
    const row = rows[index - offset];
    if (!row || !selection || !onSelection) return;
    setCursor(index, row.key);
    const from = anchor.current;
    if (range && from !== undefined) onSelection(extended(selection, rows, from - offset, index - offset));
    else onSelection(toggled(selection, row));
    anchor.current = index;
  };
  const loaded = (): void => {
    if (selection && onSelection) onSelection(toggledAll(selection, rows));
  };
  const chosenHere = selection ? rows.filter(({ key }) => selection.has(key)).length : 0;
  const all = chosenHere > 0 && chosenHere === rows.length ? 'all' : 'some';
  return {
    state: selection && (chosenHere === 0 ? ('none' as const) : (all as 'all' | 'some')),
    loaded,
    choose: useSteadyCallback((_row: LiveRow, index: number, range: boolean) => take(index, range)),
    byKey: (how: 'toggle' | 'range' | 'loaded', cursor: number | undefined): void => {
      if (how === 'loaded') loaded();
      else if (cursor !== undefined) take(cursor, how === 'range');
    },
  };
}
