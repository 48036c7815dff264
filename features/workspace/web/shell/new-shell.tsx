import { useContext, useState, type ReactElement } from 'react';
import { DialogContext } from '@krateyard/ui/dialogs/dialog-context';
import { CancelButton, Dialog } from '@krateyard/ui/dialogs/dialog.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { usePodContainers } from './pod-containers.ts';
import { splitCommand, type ShellAddress } from './shell-address.ts';
import { shellStrings as strings } from './shell-strings.ts';

/** Asks for the container and the command of another shell in the same pod. */
export function NewShell(props: {
  readonly address: ShellAddress;
  readonly onOpen: (address: ShellAddress) => void;
}): ReactElement {
  const { address, onOpen } = props;
  const frame = useContext(DialogContext);
  const [container, setContainer] = useState(address.container ?? '');
  const [command, setCommand] = useState('');
  const containers = usePodContainers(address.ns, address.pod);
  const open = (): void => {
    const words = splitCommand(command);
    frame?.close();
    onOpen({
      ns: address.ns,
      pod: address.pod,
      ...(container && { container }),
      ...(words.length > 0 && { command: words }),
    });
  };
  return (
    <Dialog
      title={strings.newTitle(address.pod)}
      onSubmit={open}
      actions={
        <>
          <CancelButton />
          <button type="submit" className="primary">
            {strings.open}
          </button>
        </>
      }
    >
      <SelectField
        label={strings.container}
        value={container}
        onChange={setContainer}
        options={[
          { value: '', label: strings.firstContainer },
          ...containers.map(({ name, kind, running }) => ({
            value: name,
            label: [name, kind === 'container' ? '' : kind, running ? '' : strings.notRunning]
              .filter(Boolean)
              .join(' · '),
            disabled: !running,
          })),
        ]}
      />
      <TextField
        label={strings.command}
        hint={strings.commandHint}
        value={command}
        onChange={setCommand}
        mono
        focused
      />
    </Dialog>
  );
}
