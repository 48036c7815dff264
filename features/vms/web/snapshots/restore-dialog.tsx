import { useState, type ReactElement } from 'react';
import type { Task } from '@krateyard/tasks/task';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { Segmented } from '@krateyard/ui/forms/segmented.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { requestJson } from '@krateyard/ui/live/api-client';
import { announce } from '@krateyard/ui/parts/announce';
import { noteTask } from '@krateyard/ui/tasks/task-store';
import { formatLocal } from '@krateyard/ui/words/format-time';
import type { SnapshotInfo, VmInfo } from '../../contract/vm-api.ts';
import { nameProblem } from './snapshot-names.ts';
import { snapshotStrings as strings } from './snapshot-strings.ts';

interface RestoreProps {
  readonly snapshot: SnapshotInfo;
  /** Undefined: the machine is gone, and is made anew. */
  readonly vm: VmInfo | undefined;
  /** Names of machines in the namespace. */
  readonly taken: ReadonlySet<string>;
}

export function openRestoreDialog(props: RestoreProps): void {
  openDialog(() => <RestoreDialog {...props} />);
}

type Where = 'same' | 'another';

/** Says beforehand what is stopped and what is lost; putting a machine back cannot be undone, so its name is typed. */
function RestoreDialog({ snapshot, vm, taken }: RestoreProps): ReactElement {
  const source = snapshot.vmName ?? snapshot.wukongName;
  const owned = vm?.wukong !== undefined || snapshot.wukong !== undefined;
  const [where, setWhere] = useState<Where>(owned ? 'another' : 'same');
  const [name, setName] = useState(`${source}-restored`);
  const problem = nameProblem(name) ?? (taken.has(name) ? strings.nameTaken(name) : undefined);
  const same = where === 'same';
  return (
    <ConfirmDialog
      key={where}
      title={strings.restoreTitle(snapshot.name)}
      effects={same ? effectsOnSame(snapshot, vm, source) : effectsOnNew(vm, source, owned)}
      tone={same ? 'bad' : 'calm'}
      verb={strings.restore}
      typed={same && vm ? source : undefined}
      ready={same || problem === undefined}
      onConfirm={() => restore(snapshot, same ? undefined : name)}
    >
      {!owned && (
        <Segmented<Where>
          label={strings.where}
          labelShown
          value={where}
          options={[
            { value: 'same', label: strings.same(source) },
            { value: 'another', label: strings.another },
          ]}
          onChange={setWhere}
        />
      )}
      {!same && (
        <TextField
          label={strings.newName}
          hint={strings.nameHint}
          error={problem}
          value={name}
          onChange={setName}
          mono
          focused
        />
      )}
    </ConfirmDialog>
  );
}

function effectsOnSame(snapshot: SnapshotInfo, vm: VmInfo | undefined, source: string): readonly string[] {
  const { excludedVolumes, createdAt } = snapshot;
  if (!vm) return [strings.made];
  return [
    vm.phase === '' ? strings.isOff(source) : strings.stopsFirst(source),
    strings.goesBack(formatLocal(new Date(createdAt).toISOString())),
    ...(excludedVolumes.length > 0 ? [strings.onlyIn(excludedVolumes)] : []),
    strings.snapshotFirst,
  ];
}

const effectsOnNew = (vm: VmInfo | undefined, source: string, owned: boolean): readonly string[] => [
  ...(owned ? [strings.wukong(source)] : []),
  strings.made,
  ...(vm ? [strings.stays(source)] : []),
];

/** Rejects with ApiError when it is refused at once. */
async function restore({ namespace, name }: SnapshotInfo, newVmName: string | undefined): Promise<void> {
  const { task } = await requestJson<{ task: Task }>(
    `/api/snapshots/${encodeURIComponent(name)}/restore?${new URLSearchParams({ namespace })}`,
    { method: 'POST', body: newVmName === undefined ? {} : { newVmName } },
  );
  noteTask(task);
  announce(task.title);
}
