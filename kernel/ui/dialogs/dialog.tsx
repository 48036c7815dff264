import { useContext, type FormEvent, type ReactElement, type ReactNode } from 'react';
import { IconButton } from '../parts/icon-button.tsx';
import { DialogContext } from './dialog-context.ts';
import { dialogStrings } from './dialog-strings.ts';

export interface DialogProps {
  /** Names the dialog: what is done, to what. */
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** Buttons, the one that does it last. */
  readonly actions?: ReactNode;
  /** `wide` for tables and diffs; on a phone every dialog fills the width. */
  readonly size?: 'small' | 'wide';
  /** Enter in a field does it too. */
  readonly onSubmit?: () => void;
}

/** The layout of a dialog's content: heading with a way out, body that scrolls, actions that stay in sight. */
export function Dialog({ title, children, actions, size = 'small', onSubmit }: DialogProps): ReactElement {
  const frame = useContext(DialogContext);
  const inside = (
    <>
      <header className="dialog-head">
        <h2 id={frame?.titleId}>{title}</h2>
        <IconButton icon="close" label={dialogStrings.close} onPress={() => frame?.close()} />
      </header>
      <div className="dialog-body">{children}</div>
      {actions && <footer className="dialog-actions">{actions}</footer>}
    </>
  );
  if (!onSubmit) return <div className={`dialog-frame dialog-${size}`}>{inside}</div>;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className={`dialog-frame dialog-${size}`} noValidate onSubmit={submit}>
      {inside}
    </form>
  );
}

/** The button that leaves everything as it is. */
export function CancelButton(props: { readonly focused?: boolean }): ReactElement {
  const frame = useContext(DialogContext);
  return (
    <button
      type="button"
      className="plain"
      data-focus={props.focused || undefined}
      onClick={() => frame?.close()}
    >
      {dialogStrings.cancel}
    </button>
  );
}
