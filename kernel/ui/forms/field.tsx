import { useId, type ReactElement, type ReactNode } from 'react';
import './forms.css';

/** What a control must carry so that its label, hint and error are read with it. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

export interface FieldProps {
  readonly label: ReactNode;
  /** What to put in, before there is an error. */
  readonly hint?: ReactNode;
  /** What is wrong with what was put in. */
  readonly error?: string | undefined;
}

/** A label, a control of any make, and what there is to say about it. */
export function Field(
  props: FieldProps & { readonly children: (control: FieldControl) => ReactNode },
): ReactElement {
  const { label, hint, error, children } = props;
  const id = useId();
  const told = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': told.length > 0 ? told.join(' ') : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hint !== undefined && (
        <small id={`${id}-hint`} className="field-hint">
          {hint}
        </small>
      )}
      {error !== undefined && (
        <small id={`${id}-error`} className="field-error" role="alert">
          {error}
        </small>
      )}
    </div>
  );
}
