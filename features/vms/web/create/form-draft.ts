import { drafts } from '@krateyard/ui/drafts/drafts';
import { emptyForm, newDevice, newDisk, newNetwork, newUser, type CreateForm } from './create-form.ts';

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

/** A text that another version wrote may lack fields, also in its lists; what is not of their kind is as new. */
export function readForm(text: string): CreateForm | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) ? completed(emptyForm(''), read) : undefined;
  } catch {
    return undefined;
  }
}

const ITEMS: Readonly<Record<string, object>> = {
  disks: newDisk(0, []),
  networks: newNetwork(0, []),
  users: newUser(0),
  gpus: newDevice(0, []),
  hostDevices: newDevice(0, []),
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The fields of `blank`, each as it was found where it was. */
const completed = <Fields extends object>(blank: Fields, found: Readonly<Record<string, unknown>>): Fields =>
  Object.fromEntries(
    Object.entries(blank).map(([name, usual]) => [name, kept(name, usual, found[name])]),
  ) as Fields;

function kept(name: string, usual: unknown, found: unknown): unknown {
  if (typeof found !== typeof usual || Array.isArray(found) !== Array.isArray(usual)) return usual;
  const item = ITEMS[name];
  if (!item || !Array.isArray(found)) return found;
  return found.filter(isObject).map((one) => completed(item, one));
}
