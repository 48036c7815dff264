import type { ReactElement } from 'react';
import { Dialog } from '@krateyard/ui/dialogs/dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { copyText } from '@krateyard/ui/parts/clipboard';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import type { ActionTarget } from '../actions/object-action.ts';
import { whatOf } from '../actions/post-action.ts';
import { explorerStrings as strings } from './explorer-strings.ts';
import { editObject, getView, onObjects, type KubectlView } from './kubectl-command.ts';
import './explorer.css';

/** Commands for these objects: one press copies. */
export function openKubectlDialog(targets: readonly ActionTarget[]): void {
  const [first] = targets;
  if (!first) return;
  const objects = targets.map(({ object }) => ({
    namespace: object.metadata.namespace,
    name: object.metadata.name ?? '',
  }));
  const commands = [
    onObjects('get', first.kind, objects),
    onObjects('get', first.kind, objects, ['-o', 'yaml']),
    onObjects('describe', first.kind, objects),
    ...(targets.length === 1 ? [editObject(first.kind, objects[0]!)] : []),
    onObjects('delete', first.kind, objects),
  ];
  open(strings.kubectlTitle(whatOf(targets)), commands);
}

export function openViewDialog(view: KubectlView): void {
  open(strings.kubectlTitle(strings.thisView), [getView(view)]);
}

function open(title: string, commands: readonly string[]): void {
  openDialog((close) => <Commands title={title} commands={commands} close={close} />);
}

function Commands(props: {
  readonly title: string;
  readonly commands: readonly string[];
  readonly close: () => void;
}): ReactElement {
  const { title, commands, close } = props;
  const copy = async (command: string): Promise<void> => {
    if (await copyText(command)) close();
  };
  return (
    <Dialog title={title} size="wide">
      <ul className="commands">
        {commands.map((command, index) => (
          <li key={command}>
            <button
              type="button"
              className="plain command"
              aria-label={strings.copyLine(command)}
              data-focus={index === 0 || undefined}
              onClick={() => void copy(command)}
            >
              <code>{command}</code>
              <Icon name="copy" />
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
