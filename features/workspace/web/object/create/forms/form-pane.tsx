import { useEffect, useMemo, useRef, useState, type ReactElement, type RefObject } from 'react';
import type { EditorControl } from '@krateyard/ui/editor/editor-host.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import type { KindSummary } from '../../../../contract/resource-api.ts';
import type { Step } from '../create-run.ts';
import type { Document } from '../documents.ts';
import { causesByField } from './field-causes.ts';
import { FieldHelp } from './field-help.tsx';
import type { FieldValue } from './field-shapes.ts';
import { FormFieldView } from './form-field-view.tsx';
import { FormNotes, NoDocument } from './form-notes.tsx';
import { putField, readForm, saysTheSame } from './form-objects.ts';
import { isShown, problemsOf, type CreateForm, type FormField, type FormValues } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';
import { documentsOf, formEdits, placeInText } from './form-text.ts';

export interface FormPaneProps {
  readonly form: CreateForm;
  /** What stands in the editor, and its documents: the form has nothing of its own but what is being typed into it. */
  readonly text: string;
  readonly documents: readonly Document[];
  readonly editor: RefObject<EditorControl | null>;
  readonly kinds: readonly KindSummary[];
  /** What the last run said. */
  readonly steps: readonly Step[] | undefined;
  /** The form takes the focus when it comes. */
  readonly focused: boolean;
  readonly onForm: (form: CreateForm | undefined) => void;
}

/** The form of what stands in the editor: it shows the YAML, and changes in it what a field knows and nothing else. */
export function FormPane(props: FormPaneProps): ReactElement {
  const { form, onForm } = props;
  return (
    <section className="create-begin" aria-label={strings.formOf(form.title)}>
      <div className="create-begin-head">
        <h2>{form.title}</h2>
        <button type="button" className="plain" onClick={() => onForm(undefined)}>
          <Icon name="back" />
          {strings.others}
        </button>
      </div>
      <Fields {...props} />
    </section>
  );
}

function Fields(props: FormPaneProps): ReactElement {
  const { form, text, documents, editor, kinds, steps, focused, onForm } = props;
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (focused) box.current?.querySelector('input')?.focus();
    // oxlint-disable-next-line react/exhaustive-deps -- when it comes, and not again
  }, []);
  const [typed, setTyped] = useState<FormValues>({});
  const [at, setAt] = useState<FormField>();
  const mine = useMemo(() => documentsOf(form, documents), [form, documents]);
  const objects = useLast(
    useMemo(() => (mine[0] ? mine.map((document) => document?.object) : undefined), [mine]),
  );
  const reading = useMemo(() => readForm(form, objects ?? []), [form, objects]);
  const shown = shownValues(form, reading.values, (field) => {
    const draft = typed[field.name];
    return draft !== undefined && objects && saysTheSame(field, objects, draft) ? draft : undefined;
  });
  const problems = problemsOf(form, shown);
  const said = useMemo(() => causesByField(form, causesOf(mine, steps)), [form, mine, steps]);
  const there = mine[0] !== undefined;
  const put = (name: string, value: FieldValue): void => {
    setTyped({ ...typed, [name]: value });
    const after = putField(form, objects ?? [], name, value);
    if (after !== objects) editor.current?.change(formEdits(text, form, documents, after));
  };
  const show = ({ at: { part, path } }: FormField): void => {
    const document = mine[part];
    if (document) editor.current?.show(placeInText(text, document, path));
  };
  return (
    <>
      {there ? (
        <FormNotes form={form} documents={documents} reading={reading} said={said.others} />
      ) : (
        <NoDocument {...{ form, text, documents, editor, onForm }} />
      )}
      {objects && (
        <fieldset className="create-fields" ref={box} disabled={!there} aria-label={form.title}>
          {form.fields
            .filter((field) => isShown(field, shown))
            .map((field) => (
              <div
                key={field.name}
                className={field.wide ? 'create-field wide' : 'create-field'}
                onFocus={() => setAt(field)}
              >
                <FormFieldView
                  field={field}
                  value={shown[field.name] ?? field.first}
                  error={problems[field.name] ?? said.byField[field.name]}
                  odd={reading.odd.has(field.name)}
                  onShow={() => show(field)}
                  onChange={(value) => put(field.name, value)}
                />
              </div>
            ))}
        </fieldset>
      )}
      <FieldHelp form={form} field={there ? at : undefined} kinds={kinds} />
    </>
  );
}

function shownValues(
  form: CreateForm,
  read: FormValues,
  draftOf: (field: FormField) => FieldValue | undefined,
): FormValues {
  return Object.fromEntries(
    form.fields.map((field) => [field.name, draftOf(field) ?? read[field.name] ?? field.first]),
  );
}

/** What was there last is shown while the YAML cannot be read. */
function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}

const causesOf = (
  mine: readonly (Document | undefined)[],
  steps: readonly Step[] | undefined,
): Parameters<typeof causesByField>[1] =>
  (steps ?? []).flatMap((step) => {
    const part = mine.findIndex((document) => document?.from === step.document.from);
    if (part === -1 || !('status' in step)) return [];
    return (step.status.details?.causes ?? []).map(({ field = '', message = '' }) => ({
      part,
      field,
      message,
    }));
  });
