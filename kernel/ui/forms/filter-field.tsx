import type { ReactElement, ReactNode, RefObject } from 'react';
import { Icon, type IconName } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { strings } from '../strings.ts';
import './filter-field.css';
import { useTyped } from './use-typed.ts';

/** Words that say what is shown: told of after a pause or by Enter at once; Escape and a button empty it. */
export function FilterField(props: {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly className: string;
  readonly icon: IconName;
  readonly label: string;
  readonly hint: string;
  readonly title?: string;
  readonly maxLength?: number;
  readonly value: string;
  /** Without typing, after which it is told. */
  readonly pauseMs: number;
  /** What is only begun waits for Enter. */
  readonly isWhole?: (typed: string) => boolean;
  readonly onChange: (text: string) => void;
  /** It was left by a key; `anew`: with other words than before. */
  readonly onLeave: (anew: boolean) => void;
  /** What stands at the end of an empty one. */
  readonly whileEmpty?: ReactNode;
}): ReactElement {
  const { input, className, icon, label, hint, title, maxLength, value, onLeave, whileEmpty } = props;
  const { typed, setTyped, tell } = useTyped(props);
  return (
    <search className={`filter-field ${className}`}>
      <Icon name={icon} />
      <input
        ref={input}
        type="text"
        aria-label={label}
        title={title}
        placeholder={hint}
        spellCheck={false}
        autoComplete="off"
        maxLength={maxLength}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          const wanted = event.key === 'Enter' ? typed : '';
          tell(wanted);
          onLeave(wanted !== value);
        }}
      />
      {typed === '' ? (
        whileEmpty
      ) : (
        <IconButton
          icon="close"
          label={strings.clearFilter}
          onPress={() => {
            tell('');
            // The button goes, and the focus would be nowhere.
            input.current?.focus();
          }}
        />
      )}
    </search>
  );
}
