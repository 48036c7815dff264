import type { ReactElement } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** A button that is only a sign: its word is heard, and shows to who points at it. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  /** Shows instead of the label: its key, or why not now. */
  readonly title?: string | undefined;
  /** Of one that stays on. */
  readonly pressed?: boolean | undefined;
  readonly disabled?: boolean;
  readonly onPress: () => void;
}): ReactElement {
  const { icon, label, title = label, pressed, disabled, onPress } = props;
  return (
    <button
      type="button"
      className="plain square"
      aria-label={label}
      aria-pressed={pressed}
      title={title}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
