import { useState, type ReactElement } from 'react';
import { CancelButton, Dialog } from '@krateyard/ui/dialogs/dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { NumberField } from '@krateyard/ui/forms/number-field.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { noteTask } from '@krateyard/ui/tasks/task-store';
import { MAX_CPU, RUN_STRATEGIES, type VmEditable } from '../../contract/vm-create.ts';
import { changeMachine, readEditable } from './create-api.ts';
import { createStrings as strings } from './create-strings.ts';
import { errorAt, errorsOf } from './field-errors.ts';
import { differenceOf, rebased, type Wanted } from './machine-difference.ts';
import './create.css';

/** Asks what shall be another of a machine: CPUs, memory, run strategy. Says by toast why it cannot be asked. */
export async function openResizeDialog(namespace: string, name: string): Promise<void> {
  try {
    const machine = await readEditable(namespace, name);
    openDialog((close) => <ResizeDialog machine={machine} onDone={close} />);
  } catch (error) {
    toast('bad', `${strings.resize(name)}: ${statusOf(error).message}`);
  }
}

function ResizeDialog(props: { readonly machine: VmEditable; readonly onDone: () => void }): ReactElement {
  const { machine, wanted, setWanted, busy, refused, changed, save } = useChange(props.machine, props.onDone);
  const { name, instancetype } = machine;
  const errors = errorsOf(refused);
  return (
    <Dialog
      title={strings.resize(name)}
      onSubmit={save}
      actions={
        <>
          <CancelButton />
          <button type="submit" className="primary" disabled={busy || !changed}>
            {busy ? strings.saving : strings.save}
          </button>
        </>
      }
    >
      <div className="form-stack" key={machine.resourceVersion}>
        {instancetype ? (
          <p className="absent">{strings.typeDecides(instancetype.name)}</p>
        ) : (
          <>
            <NumberField
              label={strings.cpu}
              error={errorAt(errors, 'cpu')}
              value={wanted.cpu}
              min={1}
              max={MAX_CPU}
              focused
              onChange={(cpu) => cpu !== undefined && setWanted({ ...wanted, cpu })}
            />
            <TextField
              label={strings.memory}
              hint={strings.memoryHint}
              error={errorAt(errors, 'memory')}
              value={wanted.memory}
              mono
              onChange={(memory) => setWanted({ ...wanted, memory })}
            />
          </>
        )}
        <SelectField
          label={strings.runStrategy}
          error={errorAt(errors, 'runStrategy')}
          value={wanted.runStrategy}
          options={RUN_STRATEGIES.map((value) => ({ value, label: strings.strategies[value] }))}
          onChange={(runStrategy) => setWanted({ ...wanted, runStrategy })}
        />
        {machine.running && <p className="absent">{strings.running}</p>}
        {refused?.code === 409 && <p className="tone-warn">{strings.conflict}</p>}
        {refused && errors.size === 0 && <StatusWords status={refused} />}
      </div>
    </Dialog>
  );
}

interface Change {
  readonly machine: VmEditable;
  readonly wanted: Wanted;
  readonly setWanted: (wanted: Wanted) => void;
  readonly busy: boolean;
  readonly refused: LiveStatus | undefined;
  /** Something is to be another than it is. */
  readonly changed: boolean;
  readonly save: () => void;
}

function useChange(first: VmEditable, onDone: () => void): Change {
  const [machine, setMachine] = useState(first);
  const [wanted, setWanted] = useState<Wanted>(first);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<LiveStatus>();
  const { namespace, name } = machine;
  const body = differenceOf(machine, wanted);
  const catchUp = async (): Promise<void> => {
    const now = await readEditable(namespace, name).catch(() => undefined);
    if (!now) return;
    setWanted(rebased(machine, now, wanted));
    setMachine(now);
  };
  const save = async (): Promise<void> => {
    if (busy || !body) return;
    setBusy(true);
    try {
      const done = await changeMachine(namespace, name, body);
      if (done.task) noteTask(done.task);
      if (done.restartRequired) toast('warn', strings.restart(name, done.reason));
      else toast('ok', strings.changed(name));
      onDone();
    } catch (error) {
      const status = statusOf(error);
      if (status.code === 409) await catchUp();
      setRefused(status);
      setBusy(false);
    }
  };
  return { machine, wanted, setWanted, busy, refused, changed: body !== undefined, save: () => void save() };
}
