import type { ReactElement, RefObject } from 'react';
import type { EditorControl } from '@krateyard/ui/editor/editor-host.tsx';
import type { Document } from '../documents.ts';
import { formsOf } from '../forms-by-kind.ts';
import { objectsOf, type FormReading } from './form-objects.ts';
import { firstValues, type CreateForm } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';
import { formEdits } from './form-text.ts';

/** What of the YAML the form does not show, and what the API server said of what it does not show. */
export function FormNotes(props: {
  readonly form: CreateForm;
  readonly documents: readonly Document[];
  readonly reading: FormReading;
  readonly said: readonly string[];
}): ReactElement | null {
  const { form, documents, reading, said } = props;
  const several = form.parts.flatMap(({ kind, apiVersion }) => {
    const count = documents.filter((one) => one.kind === kind && one.apiVersion === apiVersion).length;
    return count > 1 ? [strings.firstKind(kind, count)] : [];
  });
  const notes = [
    ...several,
    ...reading.longer.map(({ path, items }) => strings.firstOf(path, items)),
    ...reading.unshown.map(({ label, items }) => strings.unshown(label, items)),
  ];
  if (notes.length === 0 && said.length === 0) return null;
  return (
    <div className="form-notes" role="status">
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {said.map((words) => (
        <p key={words} className="tone-bad">
          {words}
        </p>
      ))}
    </div>
  );
}

/** Why the form has nothing to show, and the ways on. */
export function NoDocument(props: {
  readonly form: CreateForm;
  readonly text: string;
  readonly documents: readonly Document[];
  readonly editor: RefObject<EditorControl | null>;
  readonly onForm: (form: CreateForm) => void;
}): ReactElement {
  const { form, text, documents, editor, onForm } = props;
  const [main] = form.parts;
  const broken = documents.find(({ problem }) => problem);
  if (broken?.problem) {
    const { text: why, at } = broken.problem;
    return (
      <div className="yaml-note" role="status">
        <p>
          {strings.unreadable} {why}
        </p>
        <button type="button" onClick={() => editor.current?.show(at)}>
          {strings.goToLine(text.slice(0, at).split('\n').length)}
        </button>
      </div>
    );
  }
  const add = (): void =>
    editor.current?.change(formEdits(text, form, documents, objectsOf(form, firstValues(form))));
  const kinds = [...new Set(documents.map(({ kind }) => kind))].filter((kind) => kind !== '');
  return (
    <div className="yaml-note" role="status">
      <p>
        {documents.length === 0 ? strings.empty : strings.notThere(main!.kind, main!.apiVersion)}{' '}
        {kinds.length > 0 && strings.has(kinds.join(', '))}
      </p>
      <div className="form-ways">
        {formsOf(documents).map((one) => (
          <button key={one.id} type="button" onClick={() => onForm(one)}>
            {strings.formOf(one.title)}
          </button>
        ))}
        <button type="button" onClick={add}>
          {strings.add(main!.kind)}
        </button>
      </div>
    </div>
  );
}
