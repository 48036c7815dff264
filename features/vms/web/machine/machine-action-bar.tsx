import { useMemo, type ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { MenuButton, type MenuItem } from '@krateyard/ui/parts/menu.tsx';
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
      {main.map((item) => (
        <MainButton key={item.id} item={item} />
      ))}
      <MenuButton label={actionStrings.actionsOn(vm.name)} items={items} />
    </>
  );
}

/** A disabled one can still be reached, and says why. */
function MainButton({ item }: { readonly item: MenuItem }): ReactElement {
  const { id, label, icon, disabled, run } = item;
  return (
    <button
      type="button"
      className="action-main"
      aria-disabled={disabled !== undefined || undefined}
      title={disabled}
      onClick={disabled === undefined ? run : undefined}
    >
      {icon && <Icon name={icon} />}
      {id === 'screen' ? actionStrings.screenShort : label}
    </button>
  );
}
