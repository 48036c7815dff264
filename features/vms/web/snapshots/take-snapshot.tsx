import { useState, type ReactElement } from 'react';
import type { Task } from '@krateyard/tasks/task';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { requestJson } from '@krateyard/ui/live/api-client';
import { announce } from '@krateyard/ui/parts/announce';
import type { NeededRight } from '@krateyard/ui/rights/access-check';
import { noteTask } from '@krateyard/ui/tasks/task-store';
import type { VmInfo } from '../../contract/vm-api.ts';
import { nameProblem, nextName } from './snapshot-names.ts';
import { snapshotStrings as strings } from './snapshot-strings.ts';

/** What taking one needs; the namespace is to be added. */
export const SNAPSHOT_RIGHT: NeededRight = {
  verb: 'create',
  group: 'snapshot.kubevirt.io',
  resource: 'virtualmachinesnapshots',
};

export function openSnapshotDialog(vm: VmInfo): void {
  openDialog(() => <TakeSnapshot vm={vm} />);
}

function TakeSnapshot({ vm }: { readonly vm: VmInfo }): ReactElement {
  const [name, setName] = useState(() => nextName(vm.name, new Date()));
  const problem = nameProblem(name);
  return (
    <ConfirmDialog
      title={strings.takeOf(vm.name)}
      effects={effectsOf(vm)}
      tone="calm"
      verb={strings.takeVerb}
      ready={problem === undefined}
      onConfirm={() => takeSnapshot(vm, name)}
    >
      <TextField
        label={strings.name}
        hint={strings.nameHint}
        error={problem}
        value={name}
        onChange={setName}
        mono
        focused
      />
    </ConfirmDialog>
  );
}

function effectsOf(vm: VmInfo): readonly string[] {
  const onVolumes = vm.disks.some(({ claim }) => claim !== undefined);
  if (!onVolumes) return [strings.noClaims];
  return vm.phase === 'Running' ? [strings.online, strings.agent] : [strings.offline];
}

/** Rejects with ApiError when it is refused at once. */
async function takeSnapshot({ namespace, name: vmName }: VmInfo, name: string): Promise<void> {
  const { task } = await requestJson<{ task: Task }>(`/api/snapshots?${new URLSearchParams({ namespace })}`, {
    method: 'POST',
    body: { name, vmName },
  });
  noteTask(task);
  announce(strings.asked(name));
}
