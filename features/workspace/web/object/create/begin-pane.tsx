import type { ReactElement } from 'react';
import type { Document } from './documents.ts';
import type { CreateForm } from './forms/form-spec.ts';
import { formStrings as strings } from './forms/form-strings.ts';
import { FORMS, formsOf } from './forms-by-kind.ts';

const GROUPS = Object.entries(strings.groups) as readonly [CreateForm['group'], string][];

/** What to begin with; of what stands in the YAML already the form can be had without beginning anew. */
export function BeginPane(props: {
  readonly documents: readonly Document[];
  /** Begins with what a form makes. */
  readonly onBegin: (form: CreateForm) => void;
  /** Shows a form of what stands there. */
  readonly onForm: (form: CreateForm) => void;
}): ReactElement {
  const { documents, onBegin, onForm } = props;
  const known = formsOf(documents);
  return (
    <section className="create-begin" aria-label={strings.begin}>
      {known.length > 0 && <Choices title={strings.inText} forms={known} onChoose={onForm} />}
      <h2>{strings.begin}</h2>
      {GROUPS.map(([group, title]) => (
        <Choices
          key={group}
          title={title}
          forms={FORMS.filter((form) => form.group === group)}
          onChoose={onBegin}
        />
      ))}
      <p className="absent">{strings.beginHint}</p>
    </section>
  );
}

function Choices(props: {
  readonly title: string;
  readonly forms: readonly CreateForm[];
  readonly onChoose: (form: CreateForm) => void;
}): ReactElement {
  return (
    <section className="create-group" aria-label={props.title}>
      <h3>{props.title}</h3>
      <ul className="create-templates">
        {props.forms.map((form) => (
          <li key={form.id}>
            <button type="button" onClick={() => props.onChoose(form)}>
              {form.title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
