import { useEffect, useId, useMemo, useRef, type ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { DialogContext } from './dialog-context.ts';
import { dialogs, type DialogContent } from './dialogs.ts';
import './dialog.css';

/** Draws the open dialogs, the last on top. Once in the frame. */
export function DialogHost(): ReactElement {
  const open = useStore(dialogs);
  return (
    <>
      {open.map(({ id, content }) => (
        <ModalDialog key={id} id={id} content={content} />
      ))}
    </>
  );
}

/**
 * A native modal dialog: what lies behind is inert, Esc closes, Tab stays inside. The focus goes to what has `data-focus`, else to
 * the first field, else to the first action, and afterwards back to where it was.
 */
function ModalDialog({
  id,
  content,
}: {
  readonly id: number;
  readonly content: DialogContent;
}): ReactElement {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const frame = useMemo(() => {
    const close = (): void => dialogs.set(dialogs.get().filter((one) => one.id !== id));
    return { titleId, close };
  }, [id, titleId]);
  useEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    firstControl(dialog)?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a portal's keys bubble as React's: they must not reach the page
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A file chooser inside cancels too, and bubbles.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        frame.close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <DialogContext value={frame}>{content(frame.close)}</DialogContext>
    </dialog>
  );
}

function firstControl(dialog: HTMLElement | null): HTMLElement | undefined {
  return ['[data-focus]', '.dialog-body :is(input, select, textarea)', '.dialog-actions button']
    .map((selector) => dialog?.querySelector<HTMLElement>(selector))
    .find((found) => found != null) as HTMLElement | undefined;
}
