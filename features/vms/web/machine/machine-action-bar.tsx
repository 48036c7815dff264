import { useMemo, type ReactElement } from 'react';
import { ActionButton } from '@krateyard/ui/parts/action-button.tsx';
import { MenuButton } from '@krateyard/ui/parts/menu.tsx';
import type { VmInfo } from '../../contract/vm-api.ts';
import { actionStrings } from '../actions/action-strings.ts';
import { useMachineMenu } from '../actions/use-machine-actions.ts';

/** What is done most with a machine that is on, and with one that is off. */
const ON = ['screen', 'stop', 'restart'];
const OFF = ['start', 'snapshot'];

/** The actions of a machine's page: the main ones as buttons, and a menu of all. */
export function MachineActionBar({ vm }: { readonly vm: VmInfo }): ReactElement {
  const items = useMachineMenu(useMemo(() => [vm], [vm])).filter(({ id }) => id !== 'page');
  const main = (vm.phase === 'Running' ? ON : OFF).flatMap(
    (id) => items.find((item) => item.id === id) ?? [],
  );
  return (
    <>
      {main.map(({ id, label, icon, disabled, run }) => (
        <ActionButton
          key={id}
          label={id === 'screen' ? actionStrings.screenShort : label}
          icon={icon}
          disabled={disabled}
          run={run}
        />
      ))}
      <MenuButton label={actionStrings.actionsOn(vm.name)} items={items} />
    </>
  );
}
