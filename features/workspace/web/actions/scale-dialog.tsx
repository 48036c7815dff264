import { useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { NumberField } from '@krateyard/ui/forms/number-field.tsx';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { postAction, whatOf } from './post-action.ts';
import { fieldAt } from './target-facts.ts';

export function openScaleDialog(targets: readonly ActionTarget[]): void {
  openDialog(() => <ScaleDialog targets={targets} />);
}

function ScaleDialog({ targets }: { readonly targets: readonly ActionTarget[] }): ReactElement {
  const now = [...new Set(targets.map(({ object }) => fieldAt(object, 'spec', 'replicas')))];
  const [only] = now;
  const [replicas, setReplicas] = useState<number | undefined>(typeof only === 'number' ? only : 1);
  const toZero = replicas === 0 && only !== 0;
  return (
    <ConfirmDialog
      title={strings.scaleTitle(whatOf(targets))}
      effects={toZero ? [strings.toZero] : []}
      verb={strings.scale}
      tone={toZero ? 'bad' : 'calm'}
      ready={replicas !== undefined}
      onConfirm={async () => void (await postAction('scale', targets, { replicas: replicas! }))}
    >
      <NumberField
        label={strings.replicas}
        hint={strings.replicasNow(now.length === 1 ? String(only) : strings.mixed)}
        value={replicas ?? 1}
        onChange={setReplicas}
        min={0}
        max={1_000_000}
        focused
      />
    </ConfirmDialog>
  );
}
