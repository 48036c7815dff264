import type { ReactElement } from 'react';
import { Menu } from '@krateyard/ui/parts/menu.tsx';
import type { RowMenuProps } from '@krateyard/ui/table/use-row-menu.tsx';
import type { VmInfo } from '../../contract/vm-api.ts';
import { actionStrings as strings } from '../actions/action-strings.ts';
import { useMachineMenu } from '../actions/use-machine-actions.ts';

/** The menu of a row; of all that are chosen when the row is one of them. */
export function MachineMenu({ targets, place, onClose }: RowMenuProps<VmInfo>): ReactElement {
  const items = useMachineMenu(targets);
  const label =
    targets.length === 1 ? strings.actionsOn(targets[0]!.name) : strings.actionsOnMany(targets.length);
  return <Menu label={label} items={items} place={place} onClose={onClose} />;
}
