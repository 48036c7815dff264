import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KindSummary } from '../../../contract/resource-api.ts';
import { readDocuments } from './documents.ts';
import { firstValues, type CreateForm } from './forms/form-spec.ts';
import { formText } from './forms/form-text.ts';
import { FORMS, formOfKind, formsOf } from './forms-by-kind.ts';

/** What the page of new objects begins with. */
export interface CreateStart {
  readonly text: string;
  /** Shown beside the text. */
  readonly form: CreateForm | undefined;
  /** What was asked for and waits behind a draft that was kept; or the kind whose empty object is put in once it is known. */
  readonly asked: { readonly form?: CreateForm; readonly kind?: string } | undefined;
  /** The text is a draft that wins over what was asked for. */
  readonly kept: boolean;
}

/**
 * `kind` is a path, `template` a form's id. A draft in which somebody has typed wins over both: what they wrote is not to be lost
 * because they come back by another way. One that is still as it was begun does not.
 */
export function createStart(
  params: { readonly kind: string | null; readonly template: string | null },
  draft: string,
): CreateStart {
  const { kind, template } = params;
  if (kind === null && template === null)
    return { text: draft, form: undefined, asked: undefined, kept: false };
  const form = kind === null ? FORMS.find(({ id }) => id === template) : formOfKind(kind);
  const asked = form ? { form } : kind === null ? undefined : { kind };
  if (isTyped(draft)) {
    const fits = form !== undefined && formsOf(readDocuments(draft)).includes(form);
    return { text: draft, form: fits ? form : undefined, asked, kept: asked !== undefined };
  }
  return form
    ? { text: beginningOf(form), form, asked: undefined, kept: false }
    : { text: '', form, asked, kept: false };
}

export const beginningOf = (form: CreateForm): string => formText(form, firstValues(form));

/** What every object of a kind begins with, where nothing else does. */
export const skeletonOf = (kind: KindSummary): string =>
  `apiVersion: ${formatGroupVersion(kind)}\nkind: ${kind.kind}\nmetadata:\n  name: \n`;

const SKELETON = /^apiVersion: \S+\nkind: \S+\nmetadata:\n {2}name: ?$/;

function isTyped(draft: string): boolean {
  const text = draft.trim();
  return text !== '' && !SKELETON.test(text) && !FORMS.some((form) => beginningOf(form).trim() === text);
}
