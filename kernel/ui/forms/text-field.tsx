import type { ReactElement } from 'react';
import { Field, type FieldProps } from './field.tsx';

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** For names, selectors and other things that machines read. */
  readonly mono?: boolean;
  /** More than one line. */
  readonly rows?: number;
  readonly disabled?: boolean;
  /** Has the focus when its dialog opens. */
  readonly focused?: boolean;
  /** Offered while typing. */
  readonly options?: readonly string[];
}

export function TextField(props: TextFieldProps): ReactElement {
  const { value, onChange, placeholder, mono = false, rows, disabled, focused = false, options } = props;
  return (
    <Field {...props}>
      {(control) => {
        const shared = {
          ...control,
          'data-focus': focused || undefined,
          value,
          placeholder,
          disabled,
          className: mono ? 'mono' : '',
          autoComplete: 'off',
          spellCheck: !mono,
          onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
        };
        if (rows !== undefined) return <textarea {...shared} rows={rows} />;
        return (
          <>
            <input {...shared} type="text" list={options && `${control.id}-options`} />
            {options && (
              <datalist id={`${control.id}-options`}>
                {options.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </datalist>
            )}
          </>
        );
      }}
    </Field>
  );
}
