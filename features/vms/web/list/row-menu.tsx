import { useCallback, useState, type ReactElement } from 'react';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import { Menu, type MenuPlace } from '@krateyard/ui/parts/menu.tsx';
import type { VmInfo } from '../../contract/vm-api.ts';
import { actionStrings as strings } from '../actions/action-strings.ts';
import { useMachineMenu } from '../actions/use-machine-actions.ts';

interface Open {
  readonly vms: readonly VmInfo[];
  readonly place: MenuPlace;
  readonly done: () => void;
}

/** The menu of a row; of all that are chosen when the row is one of them. */
export function useMachineRowMenu(vmsOf: (row: LiveRow) => readonly VmInfo[]): {
  readonly menu: ReactElement | null;
  readonly onMenu: (row: LiveRow, place: MenuPlace, done: () => void) => void;
} {
  const [open, setOpen] = useState<Open>();
  const onMenu = useCallback(
    (row: LiveRow, place: MenuPlace, done: () => void) => {
      if (!row.gone) setOpen({ vms: vmsOf(row), place, done });
    },
    [vmsOf],
  );
  const menu = open ? (
    <MachineMenu
      key={open.vms.map(({ id }) => id).join()}
      vms={open.vms}
      place={open.place}
      onClose={(how) => {
        setOpen(undefined);
        if (how !== 'left') open.done();
      }}
    />
  ) : null;
  return { menu, onMenu };
}

function MachineMenu(props: {
  readonly vms: readonly VmInfo[];
  readonly place: MenuPlace;
  readonly onClose: (how: 'chosen' | 'escaped' | 'left') => void;
}): ReactElement {
  const { vms, place, onClose } = props;
  const items = useMachineMenu(vms);
  const label = vms.length === 1 ? strings.actionsOn(vms[0]!.name) : strings.actionsOnMany(vms.length);
  return <Menu label={label} items={items} place={place} onClose={onClose} />;
}
