import { useContext, useState, type ReactElement } from 'react';
import { DialogContext } from '@krateyard/ui/dialogs/dialog-context';
import { CancelButton, Dialog } from '@krateyard/ui/dialogs/dialog.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { useStore } from '@krateyard/ui/live/use-store';
import { copyText, readClipboard } from '@krateyard/ui/parts/clipboard';
import { toast } from '@krateyard/ui/parts/toasts';
import { KEYMAPS, type KeymapName } from './keymaps.ts';
import { changeScreenSettings, screenSettings } from './screen-settings.ts';
import { screenStrings as strings } from './screen-strings.ts';
import { MOST_TYPED, typingOf, type Typing } from './type-text.ts';

/** Text for the machine: offered as its clipboard, or typed by the layout of its keyboard. Says first what cannot be typed. */
export function PasteDialog(props: {
  readonly name: string;
  /** What the machine put into its own clipboard last. */
  readonly fromMachine: string | undefined;
  readonly onClipboard: (text: string) => void;
  readonly onType: (strokes: Typing['strokes']) => void;
}): ReactElement {
  const { name, fromMachine, onClipboard, onType } = props;
  const frame = useContext(DialogContext);
  const { keymap } = useStore(screenSettings);
  const [text, setText] = useState('');
  const { strokes, missing } = typingOf(text, KEYMAPS[keymap]);
  const tooLong = strokes.length > MOST_TYPED;
  const read = async (): Promise<void> => {
    const found = await readClipboard(strings.pasteUnread);
    if (found !== undefined) setText(found);
  };
  const type = (): void => {
    if (strokes.length === 0 || tooLong) return;
    frame?.close();
    onType(strokes);
  };
  return (
    <Dialog
      title={strings.pasteTitle(name)}
      onSubmit={type}
      actions={
        <>
          <CancelButton />
          <button
            type="button"
            disabled={text === ''}
            onClick={() => {
              frame?.close();
              onClipboard(text);
              toast('ok', strings.pasteSent);
            }}
          >
            {strings.pasteAsClipboard}
          </button>
          <button type="submit" className="primary" disabled={strokes.length === 0 || tooLong}>
            {strings.pasteAsKeys}
          </button>
        </>
      }
    >
      <TextField
        label={strings.pasteText}
        value={text}
        onChange={setText}
        rows={5}
        mono
        focused
        error={tooLong ? strings.pasteTooLong(MOST_TYPED) : undefined}
      />
      <button type="button" onClick={() => void read()}>
        {strings.pasteRead}
      </button>
      <SelectField
        label={strings.pasteKeymap}
        hint={strings.pasteHow}
        value={keymap}
        onChange={(chosen) => changeScreenSettings({ keymap: chosen })}
        options={(Object.keys(KEYMAPS) as KeymapName[]).map((value) => ({
          value,
          label: KEYMAPS[value].title,
        }))}
      />
      {missing.length > 0 && (
        <p className="screen-missing" role="status">
          {strings.pasteMissing(missing.join(' '), missing.length)}
        </p>
      )}
      {fromMachine !== undefined && <FromMachine text={fromMachine} />}
    </Dialog>
  );
}

function FromMachine({ text }: { readonly text: string }): ReactElement {
  return (
    <section className="screen-from">
      <h3>{strings.fromMachine}</h3>
      <pre>{text}</pre>
      <button type="button" onClick={() => void copyText(text)}>
        {strings.copy}
      </button>
    </section>
  );
}
