import { useCallback, useState, type ReactElement } from 'react';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { MenuPlace } from '@krateyard/ui/parts/menu.tsx';
import { ActionMenu } from '../actions/action-menu.tsx';
import type { ActionTarget } from '../actions/object-action.ts';

interface Open {
  readonly targets: readonly ActionTarget[];
  readonly place: MenuPlace;
  readonly done: () => void;
}

/** The menu of a row; of all that are chosen when the row is one of them. */
export function useRowMenu(targetsOf: (row: LiveRow) => readonly ActionTarget[]): {
  readonly menu: ReactElement | null;
  readonly onMenu: (row: LiveRow, place: MenuPlace, done: () => void) => void;
} {
  const [open, setOpen] = useState<Open>();
  const onMenu = useCallback(
    (row: LiveRow, place: MenuPlace, done: () => void) => setOpen({ targets: targetsOf(row), place, done }),
    [targetsOf],
  );
  const menu = open ? (
    <ActionMenu
      key={open.targets.map(({ key }) => key).join()}
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
