import type { ReactElement } from 'react';
import { Field, type FieldProps } from './field.tsx';

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SelectFieldProps<T extends string> extends FieldProps {
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

/** The browser's own list: right on phones and for screen readers. For long lists there is the Picker. */
export function SelectField<T extends string>(props: SelectFieldProps<T>): ReactElement {
  const { value, options, onChange, disabled } = props;
  return (
    <Field {...props}>
      {(control) => (
        <select
          {...control}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
