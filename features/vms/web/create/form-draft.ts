import { drafts } from '@krateyard/ui/drafts/drafts';
import { emptyForm, type CreateForm } from './create-form.ts';

const DRAFT = 'vms.create';

/** The form as it was left; passwords, and texts that may hold some, are kept in this page's memory alone. */
export function readDraft(): CreateForm | undefined {
  const text = drafts.read(DRAFT)?.text;
  return text === undefined ? undefined : readForm(text);
}

export function keepDraft(form: CreateForm): void {
  const secret = form.users.some(({ password }) => password !== '') || form.start === 'text';
  drafts.write(DRAFT, { text: JSON.stringify(form) }, secret);
}

export const forgetDraft = (): void => drafts.forget(DRAFT);

/** A text that another version wrote may lack fields; what is not of their kind is as new. */
export function readForm(text: string): CreateForm | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const found = read as Readonly<Record<string, unknown>>;
  const blank = emptyForm('');
  const kept = Object.entries(blank).map(([key, value]) => {
    const other = found[key];
    const same = typeof other === typeof value && Array.isArray(other) === Array.isArray(value);
    return [key, same ? other : value];
  });
  return Object.fromEntries(kept) as unknown as CreateForm;
}
