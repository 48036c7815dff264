import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { postAction, whatOf } from './post-action.ts';

export function confirmRestart(targets: readonly ActionTarget[]): void {
  openDialog(() => (
    <ConfirmDialog
      title={strings.restartTitle(whatOf(targets))}
      effects={[strings.restartHow]}
      verb={strings.restart}
      tone="calm"
      onConfirm={async () => void (await postAction('restart', targets, {}))}
    />
  ));
}

export function confirmTrigger(targets: readonly ActionTarget[]): void {
  openDialog(() => (
    <ConfirmDialog
      title={strings.triggerTitle(whatOf(targets))}
      effects={[strings.triggerHow]}
      verb={strings.trigger}
      tone="calm"
      onConfirm={async () => void (await postAction('trigger', targets, {}))}
    />
  ));
}
