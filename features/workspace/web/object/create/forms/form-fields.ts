import {
  areLabels,
  areVariables,
  isAmount,
  isGiven,
  isName,
  isPort,
  orEmpty,
  type Check,
} from './form-checks.ts';
import { environment, flag, given, made, map, text, whole, type FieldShape } from './field-shapes.ts';
import type { FormField, Place } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';
import { pathOf } from './object-path.ts';

/** What a field says beside what its make already does. */
type More = Partial<FormField>;

const place = (path: string | Place, part = 0): Place =>
  typeof path === 'string' ? { part, path: pathOf(path) } : path;

/** A place in another object of the form than the first. */
export const inPart = (part: number, path: string, ...more: readonly string[]): Place => ({
  part,
  path: pathOf(path, ...more),
});

/** A field of any control and shape. */
export function field(
  control: FormField['control'],
  shape: FieldShape,
  [name, label, path]: readonly [name: string, label: string, path: string | Place],
  first: FormField['first'],
  more: More,
): FormField {
  return { name, label, control, shape, at: place(path), first, ...more };
}

type Said = readonly [name: string, label: string, path: string | Place];

/** A line of text; empty is absent. */
export const line = (said: Said, first = '', more: More = {}): FormField =>
  field('text', text, said, first, more);
/** A line that must be there. */
export const needed = (said: Said, first: string, check: Check = isGiven, more: More = {}): FormField =>
  field('text', given, said, first, { check, ...more });
/** A whole number. */
export const count = (said: Said, first: string, check: Check, more: More = {}): FormField =>
  field('text', whole, said, first, { check, ...more });
/** Of several words one; the first of the options is there at first. */
export const choice = (said: Said, options: readonly string[], more: More = {}): FormField =>
  field('choice', text, said, options[0] ?? '', { options, ...more });
export const yesNo = (said: Said, first: '' | 'yes', more: More = {}): FormField =>
  field('flag', flag, said, first, { wide: true, ...more });
/** Whether another object is made too. */
export const withPart = (name: string, label: string, part: number): FormField =>
  field('flag', flag, [name, label, { part, path: [] }], 'yes', { wide: true });
/** A map of texts, as rows. */
export const rows = (
  said: Said,
  first: Readonly<Record<string, string>>,
  check: Check,
  more: More = {},
): FormField => {
  const entries = Object.entries(first).map(([key, value]) => ({ key, value }));
  return field('entries', map, said, entries, { check, wide: true, ...more });
};

export const nameField = (first: string, check: Check = isName, also: readonly Place[] = []): FormField =>
  needed(['name', strings.name, 'metadata.name'], first, check, { also, wide: true });

export const NAME_LABEL = 'app.kubernetes.io/name';

/** What every container's form asks for; `at`: the path of a pod's spec. */
export const containerFields = (
  at: string,
  { image, command, port }: { readonly image: string; readonly command: string; readonly port?: string },
  /** Fields that stand beside those of numbers. */
  counts: readonly FormField[] = [],
): readonly FormField[] => {
  const inside = (path: string): string => `${at}.containers.0.${path}`;
  const amount = (name: string, label: string, path: string, first: string): FormField =>
    line([name, label, inside(path)], first, { placeholder: strings.none, check: isAmount });
  return [
    needed(['image', strings.image, inside('image')], image, isGiven, { wide: true }),
    ...counts,
    ...(port === undefined
      ? []
      : [
          count(['port', strings.port, inside('ports.0.containerPort')], port, orEmpty(isPort), {
            placeholder: strings.none,
          }),
        ]),
    amount('cpu', strings.cpu, 'resources.requests.cpu', '50m'),
    amount('cpuLimit', strings.cpuLimit, 'resources.limits.cpu', ''),
    amount('memory', strings.memory, 'resources.requests.memory', '64Mi'),
    amount('memoryLimit', strings.memoryLimit, 'resources.limits.memory', '128Mi'),
    field('text', shellCommand, ['command', strings.command, inside('command')], command, {
      hint: strings.commandHint,
      wide: true,
    }),
    field('entries', environment, ['environment', strings.environment, inside('env')], [], {
      check: areVariables,
      wide: true,
    }),
  ];
};

/** A line for a shell, as a container has it. */
const shellCommand = made(
  (value) => ['sh', '-c', value],
  (value) => (Array.isArray(value) ? value[2] : undefined),
);

/** Labels as rows, in a shape of their own. */
export const labelRows = (
  said: Said,
  first: Readonly<Record<string, string>>,
  shape: FieldShape,
  more: More = {},
): FormField => ({ ...rows(said, first, areLabels, more), shape });
