import type { ReactElement } from 'react';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { EntriesField } from './entries-field.tsx';
import { entriesOf, textOf, type FieldValue } from './field-shapes.ts';
import type { FormField } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';

/** One field of a form, by its control. */
export function FormFieldView(props: {
  readonly field: FormField;
  readonly value: FieldValue;
  readonly error: string | undefined;
  /** The YAML has there what the field cannot show. */
  readonly odd: boolean;
  /** Goes to its place in the YAML. */
  readonly onShow: () => void;
  readonly onChange: (value: FieldValue) => void;
}): ReactElement {
  const { field, error, odd, onShow } = props;
  if (!odd) return <Control {...props} />;
  return (
    <div className="field field-odd" role="group" aria-label={field.label}>
      <span>{field.label}</span>
      <p>
        {strings.odd} {strings.oddHint}
      </p>
      {error !== undefined && <small className="field-error">{error}</small>}
      <button type="button" className="plain" onClick={onShow}>
        {strings.showThere}
      </button>
    </div>
  );
}

function Control(props: {
  readonly field: FormField;
  readonly value: FieldValue;
  readonly error: string | undefined;
  readonly onChange: (value: FieldValue) => void;
}): ReactElement {
  const { field, value, error, onChange } = props;
  const { label, hint, placeholder, control, masked = false } = field;
  if (control === 'entries')
    return (
      <EntriesField {...{ label, hint, error, masked }} entries={entriesOf(value)} onChange={onChange} />
    );
  const text = textOf(value);
  const shared = { label, error, value: text, onChange, ...(hint !== undefined && { hint }) };
  switch (control) {
    case 'flag':
      return <Checkbox label={label} checked={text !== ''} onChange={(on) => onChange(on ? 'yes' : '')} />;
    case 'choice':
      return <SelectField {...shared} options={optionsOf(field, text)} />;
    case 'text':
      return (
        <TextField
          {...shared}
          mono
          {...(text.includes('\n') && { rows: 4 })}
          {...(placeholder !== undefined && { placeholder })}
        />
      );
  }
}

/** What stands in the YAML is among them, whatever it is. */
function optionsOf(
  { options = [], placeholder = strings.noneOfIt }: FormField,
  value: string,
): readonly { readonly value: string; readonly label: string }[] {
  const all = options.includes(value) ? options : [...options, value];
  return all.map((one) => ({ value: one, label: one === '' ? placeholder : one }));
}
