import { useKeys } from '../keys/use-keys.ts';
import { strings } from '../strings.ts';

/** j, k, Enter and the arrows: they work wherever the focus is, but not while typing. */
export function useTableKeys(table: {
  readonly cursor: number | undefined;
  readonly total: number;
  /** Rows on a screen. */
  readonly page: number;
  readonly move: (to: number) => void;
  readonly open: () => void;
  /** Absent where rows cannot be chosen. */
  readonly choose: ((how: 'toggle' | 'range' | 'loaded') => void) | undefined;
  /** Absent where rows have no menu. */
  readonly menu: (() => void) | undefined;
}): void {
  const { cursor, total, page, move, open, choose, menu } = table;
  const by = (delta: number) => () => move(cursor === undefined ? 0 : cursor + delta);
  const group = strings.table;
  useKeys([
    { keys: 'j', label: strings.moveDown, group, run: by(1) },
    { keys: 'k', label: strings.moveUp, group, run: by(-1) },
    { keys: 'ArrowDown', label: strings.moveDown, group, run: by(1) },
    { keys: 'ArrowUp', label: strings.moveUp, group, run: by(-1) },
    { keys: 'PageDown', label: strings.screenDown, group, run: by(page) },
    { keys: 'PageUp', label: strings.screenUp, group, run: by(-page) },
    { keys: 'g g', label: strings.first, group, run: () => move(0) },
    { keys: 'Home', label: strings.first, group, run: () => move(0) },
    { keys: 'G', label: strings.last, group, run: () => move(total - 1) },
    { keys: 'End', label: strings.last, group, run: () => move(total - 1) },
    { keys: 'Enter', label: strings.open, group, run: open },
  ]);
  useKeys(
    [
      { keys: 'Space', label: strings.choose, group, run: () => choose?.('toggle') },
      { keys: 'x', label: strings.choose, group, run: () => choose?.('toggle') },
      { keys: 'X', label: strings.chooseRange, group, run: () => choose?.('range') },
      { keys: 'Mod+a', label: strings.chooseLoaded, group, run: () => choose?.('loaded') },
    ],
    choose !== undefined,
  );
  useKeys([{ keys: '.', label: strings.menu, group, run: () => menu?.() }], menu !== undefined);
}
