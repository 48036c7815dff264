import { useCallback, useState, type ComponentType, type ReactElement } from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import type { MenuPlace } from '../parts/menu.tsx';

export interface RowMenuProps<Target> {
  readonly targets: readonly Target[];
  readonly place: MenuPlace;
  readonly onClose: (how: 'chosen' | 'escaped' | 'left') => void;
}

interface Open<Target> {
  readonly targets: readonly Target[];
  readonly place: MenuPlace;
  readonly done: () => void;
}

/** The menu of a row, about what the row stands for; nothing opens where that is nothing. */
export function useRowMenu<Target>(options: {
  readonly View: ComponentType<RowMenuProps<Target>>;
  readonly targetsOf: (row: LiveRow) => readonly Target[];
  readonly keyOf: (target: Target) => string;
}): {
  readonly menu: ReactElement | null;
  readonly onMenu: (row: LiveRow, place: MenuPlace, done: () => void) => void;
} {
  const { View, targetsOf, keyOf } = options;
  const [open, setOpen] = useState<Open<Target>>();
  const onMenu = useCallback(
    (row: LiveRow, place: MenuPlace, done: () => void) => {
      const targets = targetsOf(row);
      if (targets.length > 0) setOpen({ targets, place, done });
    },
    [targetsOf],
  );
  const menu = open ? (
    <View
      key={open.targets.map(keyOf).join()}
      targets={open.targets}
      place={open.place}
      onClose={(how) => {
        setOpen(undefined);
        if (how !== 'left') open.done();
      }}
    />
  ) : null;
  return { menu, onMenu };
}
