import type { ReactElement } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { toast } from './toasts.ts';
import './action-button.css';

export interface ActionButtonProps {
  readonly label: string;
  /** Where the label alone does not tell it from others. */
  readonly name?: string | undefined;
  readonly icon?: IconName | undefined;
  readonly danger?: boolean | undefined;
  /** Why not now. */
  readonly disabled: string | undefined;
  readonly run: () => void;
}

/** A button for an action. A disabled one can still be reached, and says why: to the pointer, and when it is pressed. */
export function ActionButton(props: ActionButtonProps): ReactElement {
  const { label, name, icon, danger, disabled, run } = props;
  return (
    <button
      type="button"
      className={danger ? 'action-button danger' : 'action-button'}
      aria-label={name}
      aria-disabled={disabled !== undefined || undefined}
      title={disabled}
      onClick={() => (disabled === undefined ? run() : toast('warn', disabled))}
    >
      {icon && <Icon name={icon} />}
      {label}
    </button>
  );
}
