import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import {
  firstValues,
  isShown,
  problemsOf,
  type CreateForm,
  type FormField,
  type FormValues,
} from './forms/form-spec.ts';
import { formStrings as strings } from './forms/form-strings.ts';
import { formText } from './forms/form-text.ts';
import { TEMPLATES, type Template } from './templates.ts';

/** Beside the YAML: what to begin with, then the form of it, which writes the YAML for as long as nobody else does. */
export function BeginPane(props: {
  readonly template: Template | undefined;
  /** The form takes the focus when it comes. */
  readonly focused: boolean;
  readonly onTemplate: (template: Template | undefined) => void;
  /** What stands in the editor. */
  readonly text: string;
  /** Puts a text into the editor. */
  readonly onText: (text: string) => void;
}): ReactElement {
  const { template, focused, onTemplate, text, onText } = props;
  if (!template) {
    return (
      <section className="create-begin" aria-label={strings.begin}>
        <h2>{strings.begin}</h2>
        <ul className="create-templates">
          {TEMPLATES.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => onTemplate(one)}>
                {one.title}
              </button>
            </li>
          ))}
        </ul>
        <p className="absent">{strings.beginHint}</p>
      </section>
    );
  }
  return (
    <section className="create-begin" aria-label={strings.formOf(template.title)}>
      <div className="create-begin-head">
        <h2>{template.title}</h2>
        <button type="button" className="plain" onClick={() => onTemplate(undefined)}>
          <Icon name="back" />
          {strings.others}
        </button>
      </div>
      {template.form ? (
        <FormFields key={template.id} form={template.form} focused={focused} text={text} onText={onText} />
      ) : (
        <p className="absent">{strings.noForm}</p>
      )}
    </section>
  );
}

function FormFields(props: {
  readonly form: CreateForm;
  readonly focused: boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
}): ReactElement {
  const { form, focused, text, onText } = props;
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focused) fields.current?.querySelector('input')?.focus();
    // oxlint-disable-next-line react/exhaustive-deps -- when it comes, and not again
  }, []);
  const [values, setValues] = useState(() => firstValues(form));
  const written = formText(form, values);
  const problems = problemsOf(form, values);
  const put = (name: string, value: string): void => {
    const next: FormValues = { ...values, [name]: value };
    setValues(next);
    onText(formText(form, next));
  };
  if (text !== written) {
    return (
      <div className="yaml-note" role="status">
        <p>{strings.byHand}</p>
        <button type="button" onClick={() => onText(written)}>
          {strings.formAgain}
        </button>
      </div>
    );
  }
  return (
    <div className="create-fields" ref={fields}>
      {form.fields
        .filter((field) => isShown(field, values))
        .map((field) => (
          <OneField
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            error={problems[field.name]}
            onChange={(value) => put(field.name, value)}
          />
        ))}
    </div>
  );
}

function OneField(props: {
  readonly field: FormField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const { field, value, error, onChange } = props;
  const { label, hint, placeholder, type, options = [] } = field;
  const shared = { label, error, value, onChange, ...(hint !== undefined && { hint }) };
  switch (type) {
    case 'flag':
      return <Checkbox label={label} checked={value !== ''} onChange={(on) => onChange(on ? 'yes' : '')} />;
    case 'choice':
      return <SelectField {...shared} options={options.map((one) => ({ value: one, label: one }))} />;
    case 'lines':
      return <TextField {...shared} mono rows={4} />;
    case 'text':
      return <TextField {...shared} mono {...(placeholder !== undefined && { placeholder })} />;
  }
}
