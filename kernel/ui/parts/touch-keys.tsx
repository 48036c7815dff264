import type { ReactElement, ReactNode } from 'react';
import './touch-keys.css';

/** A row of keys for fingers. */
export function TouchKeys(props: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="touch-keys" role="toolbar" aria-label={props.label}>
      {props.children}
    </div>
  );
}

/** One of them. The phone's keyboard stays up: the focus does not move. */
export function TouchKey(props: {
  readonly face: ReactNode;
  /** Where the face is no word. */
  readonly label?: string | undefined;
  /** Of a key that holds for the next one. */
  readonly held?: boolean | undefined;
  readonly onPress: () => void;
}): ReactElement {
  const { face, label, held, onPress } = props;
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={held}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {face}
    </button>
  );
}
