import type { ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import type { VmInfo } from '../../contract/vm-api.ts';
import { actionStrings as strings } from './action-strings.ts';
import { askActions } from './ask-action.ts';
import { DeleteMachines } from './delete-machines.tsx';
import { ableTo, type MachineAction } from './vm-action.ts';

/** Does it to those that it can be done to; asks first about what people would want to be asked about. */
export function runAction(action: MachineAction, vms: readonly VmInfo[]): void {
  const able = ableTo(action, vms);
  if (able.length === 0) return;
  switch (action.id) {
    case 'delete':
      openDialog(() => <DeleteMachines vms={able} />);
      return;
    case 'stop':
    case 'restart':
    case 'reset':
      openDialog(() => <ConfirmAction action={action} vms={able} />);
      return;
    case 'start':
    case 'pause':
    case 'unpause':
    case 'migrate':
      void askActions(able, action.id);
  }
}

function ConfirmAction(props: {
  readonly action: MachineAction;
  readonly vms: readonly VmInfo[];
}): ReactElement {
  const { action, vms } = props;
  return (
    <ConfirmDialog
      title={strings.confirm(action.label, strings.what(vms.map(({ name }) => name)))}
      effects={effectsOf(action, vms)}
      tone="calm"
      verb={action.label}
      onConfirm={() => askActions(vms, action.id)}
    >
      <p className="where" dir="auto">
        {strings.where(vms.map(({ namespace, name }) => `${namespace}/${name}`))}
      </p>
    </ConfirmDialog>
  );
}

function effectsOf({ id }: MachineAction, vms: readonly VmInfo[]): readonly string[] {
  if (id === 'restart') return strings.restartEffects;
  if (id === 'reset') return strings.resetEffects;
  const always = vms.some(({ runStrategy }) => runStrategy === 'Always');
  return [...strings.stopEffects, ...(always ? [strings.stopComesBack] : [])];
}
