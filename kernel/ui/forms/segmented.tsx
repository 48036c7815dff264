import { useId, type ReactElement } from 'react';
import './forms.css';

/** A few choices side by side, one of them chosen; arrow keys move as in any group of radio buttons. */
export function Segmented<T extends string>(props: {
  readonly label: string;
  /** Without: only screen readers hear the label. */
  readonly labelShown?: boolean;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}): ReactElement {
  const { label, labelShown = false, value, options, onChange } = props;
  const name = useId();
  return (
    <fieldset className="segmented">
      <legend className={labelShown ? '' : 'only-spoken'}>{label}</legend>
      <span className="segments">
        {options.map((option) => (
          <label key={option.value} className="segment">
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}
