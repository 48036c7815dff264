import { useContext, type ReactElement } from 'react';
import { DialogContext } from '../dialogs/dialog-context.ts';
import { CancelButton, Dialog } from '../dialogs/dialog.tsx';
import { pasteExcerpt, SHOWN_LINES, type Paste } from './paste-text.ts';
import { terminalStrings as strings } from './terminal-strings.ts';

/** Shows what is about to be typed, as several lines may run before they can be read. */
export function PasteDialog(props: {
  readonly paste: Paste;
  readonly onPaste: (text: string) => void;
}): ReactElement {
  const { paste, onPaste } = props;
  const frame = useContext(DialogContext);
  const more = paste.lines - SHOWN_LINES;
  const answer = (text: string): void => {
    frame?.close();
    onPaste(text);
  };
  return (
    <Dialog
      title={strings.pasteTitle(paste.lines)}
      onSubmit={() => answer(paste.text)}
      actions={
        <>
          <CancelButton />
          <button type="button" onClick={() => answer(paste.text.trim().replaceAll(/\s*\n\s*/g, ' '))}>
            {strings.pasteOneLine}
          </button>
          <button type="submit" className="primary" data-focus="">
            {strings.paste}
          </button>
        </>
      }
    >
      <p>{strings.pasteRuns}</p>
      <pre className="terminal-pasted">{pasteExcerpt(paste).join('\n')}</pre>
      {more > 0 && <p>{strings.pasteMore(more)}</p>}
    </Dialog>
  );
}
