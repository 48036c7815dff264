import type { ReactElement, ReactNode } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { createStrings as strings } from './create-strings.ts';

/** A part of the form under a heading of its own. */
export function FormSection(props: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}): ReactElement {
  const { title, lead, children } = props;
  return (
    <section className="form-section" aria-label={title}>
      <h2>{title}</h2>
      {lead !== undefined && <p className="absent">{lead}</p>}
      {children}
    </section>
  );
}

/** One of several of a kind, with a way to take it out. */
export function FormItem(props: {
  readonly title: string;
  readonly error?: string | undefined;
  readonly onRemove?: (() => void) | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const { title, error, onRemove, children } = props;
  return (
    <fieldset className="form-item">
      <legend>{title}</legend>
      {onRemove && (
        <button
          type="button"
          className="plain square form-remove"
          aria-label={strings.remove(title)}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
      <div className="form-grid">{children}</div>
      {error !== undefined && (
        <small className="field-error" role="alert">
          {error}
        </small>
      )}
    </fieldset>
  );
}

export function AddButton({
  text,
  onAdd,
}: {
  readonly text: string;
  readonly onAdd: () => void;
}): ReactElement {
  return (
    <button type="button" className="form-add" onClick={onAdd}>
      <span aria-hidden="true">+</span> {text}
    </button>
  );
}
