import { useContext, useState, type ReactElement, type ReactNode } from 'react';
import { statusOf } from '../live/api-client.ts';
import type { LiveStatus } from '../live/live-frames.ts';
import { StatusWords } from '../parts/notice.tsx';
import { TextField } from '../forms/text-field.tsx';
import { DialogContext } from './dialog-context.ts';
import { dialogStrings } from './dialog-strings.ts';
import { CancelButton, Dialog } from './dialog.tsx';

export interface ConfirmDialogProps {
  /** "Delete pod web-0": the act and its object. */
  readonly title: string;
  /** The blast radius: what else goes, who notices, whether it comes back. One line each. */
  readonly effects: readonly string[];
  readonly children?: ReactNode;
  /** The verb alone: "Delete". */
  readonly verb: string;
  readonly tone?: 'bad' | 'calm';
  readonly size?: 'small' | 'wide';
  /** Only for what cannot be undone: this must be typed first. */
  readonly typed?: string | undefined;
  /** False while something in `children` is missing. */
  readonly ready?: boolean;
  /** The dialog closes when it resolves; a rejection stands in the dialog, and one can try again. */
  readonly onConfirm: () => void | Promise<void>;
}

/** Asks before something is done that people would want to be asked about. Cancel has the focus unless a name must be typed. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactElement {
  const { title, effects, children, verb, tone = 'bad', size, typed, ready = true, onConfirm } = props;
  const frame = useContext(DialogContext);
  const [text, setText] = useState('');
  const [state, setState] = useState<{ readonly busy: boolean; readonly status?: LiveStatus }>({
    busy: false,
  });
  const may = ready && !state.busy && (typed === undefined || text.trim() === typed);
  const confirm = async (): Promise<void> => {
    if (!may) return;
    setState({ busy: true });
    try {
      await onConfirm();
      frame?.close();
    } catch (error) {
      setState({ busy: false, status: statusOf(error) });
    }
  };
  return (
    <Dialog
      title={title}
      {...(size && { size })}
      onSubmit={() => void confirm()}
      actions={
        <>
          <CancelButton focused={typed === undefined} />
          <button type="submit" className={tone === 'bad' ? 'danger' : 'primary'} disabled={!may}>
            {state.busy ? dialogStrings.working : verb}
          </button>
        </>
      }
    >
      {effects.length > 0 && (
        <ul className={`effects effects-${tone}`}>
          {effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
      )}
      {children}
      {typed !== undefined && (
        <TextField
          label={dialogStrings.typeName(typed)}
          value={text}
          onChange={setText}
          mono
          focused
          error={text !== '' && !typed.startsWith(text.trim()) ? dialogStrings.notTheName : undefined}
        />
      )}
      {state.status && (
        <div role="alert">
          <StatusWords status={state.status} />
        </div>
      )}
    </Dialog>
  );
}
