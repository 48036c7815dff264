import { useState, type ReactElement } from 'react';
import { dialogStrings } from '../dialogs/dialog-strings.ts';
import { parseWhole } from './parse-whole.ts';
import { Field, type FieldProps } from './field.tsx';

export interface NumberFieldProps extends FieldProps {
  readonly value: number;
  /** Called with numbers in the bounds, and with undefined while what stands there is none. */
  readonly onChange: (value: number | undefined) => void;
  readonly min?: number;
  readonly max?: number;
  /** Has the focus when its dialog opens. */
  readonly focused?: boolean;
}

/** A whole number with buttons for one more and one less; arrow keys do the same. */
export function NumberField(props: NumberFieldProps): ReactElement {
  const { value, onChange, min, max, focused } = props;
  const [text, setText] = useState(String(value));
  const read = parseWhole(text, min, max);
  const put = (next: string): void => {
    setText(next);
    onChange(parseWhole(next, min, max));
  };
  const step = (by: number): void => {
    const next = Math.min(max ?? Infinity, Math.max(min ?? -Infinity, (read ?? value) + by));
    put(String(next));
  };
  return (
    <Field
      {...props}
      error={props.error ?? (read === undefined ? dialogStrings.wrongNumber(min, max) : undefined)}
    >
      {(control) => (
        <span className="number">
          <button
            type="button"
            className="square"
            aria-label={dialogStrings.fewer}
            disabled={read !== undefined && read <= (min ?? -Infinity)}
            onClick={() => step(-1)}
          >
            −
          </button>
          <input
            {...control}
            data-focus={focused || undefined}
            inputMode="numeric"
            role="spinbutton"
            aria-valuenow={read ?? value}
            aria-valuemin={min}
            aria-valuemax={max}
            autoComplete="off"
            value={text}
            onFocus={(event) => event.target.select()}
            onChange={(event) => put(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
              event.preventDefault();
              step(event.key === 'ArrowUp' ? 1 : -1);
            }}
          />
          <button
            type="button"
            className="square"
            aria-label={dialogStrings.more}
            disabled={read !== undefined && read >= (max ?? Infinity)}
            onClick={() => step(1)}
          >
            +
          </button>
        </span>
      )}
    </Field>
  );
}
