import type { FieldShape, FieldValue } from './field-shapes.ts';
import type { formStrings as strings } from './form-strings.ts';
import type { ObjectPath } from './object-path.ts';

/** What stands in a form, by field. */
export type FormValues = Readonly<Record<string, FieldValue>>;

/** A place in what a form makes: which of its objects, and where in it. */
export interface Place {
  readonly part: number;
  readonly path: ObjectPath;
}

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** What an empty field means. */
  readonly placeholder?: string;
  /** `choice`: one of `options`; `flag`: yes (`yes`) or no (empty); `entries`: names with values. */
  readonly control: 'text' | 'choice' | 'flag' | 'entries';
  /** What stands there at first. */
  readonly first: FieldValue;
  readonly options?: readonly string[];
  /** How it stands in an object. */
  readonly shape: FieldShape;
  /** Where; of a flag without a shape of its own the object that it adds, with an empty path. */
  readonly at: Place;
  /** Places that have the same value and go with it, for as long as nobody put another there. */
  readonly also?: readonly Place[];
  /** What is wrong with a value; the form writes it all the same, and the dry run has the last word. */
  readonly check?: (value: FieldValue) => string | undefined;
  /** Shown only while this flag is set. */
  readonly within?: string;
  /** Takes the whole width. */
  readonly wide?: boolean;
  /** Shown only when there is something in it. */
  readonly seldom?: boolean;
  /** Its values are hidden until somebody wants to see them. */
  readonly masked?: boolean;
}

/** One of the objects that a form makes. */
export interface FormPart {
  readonly apiVersion: string;
  readonly kind: string;
  /** What stands in it beside its fields, at first; it is the person's from then on. */
  readonly start: Readonly<Record<string, unknown>>;
  /** Made only while this flag is set. */
  readonly within?: string;
}

/** Objects of which people need no YAML to make one: one table, which is read in both directions. */
export interface CreateForm {
  readonly id: string;
  readonly group: keyof typeof strings.groups;
  readonly title: string;
  /** The kind that it makes first, as `group/plural`. */
  readonly kind: string;
  /** In the order in which they are made. */
  readonly parts: readonly FormPart[];
  readonly fields: readonly FormField[];
}

export const firstValues = (form: CreateForm): FormValues =>
  Object.fromEntries(form.fields.map(({ name, first }) => [name, first]));

/** What a field has that is empty. */
export const nothingIn = ({ control }: FormField): FieldValue => (control === 'entries' ? [] : '');

/** By field. */
export function problemsOf(form: CreateForm, values: FormValues): Readonly<Record<string, string>> {
  return Object.fromEntries(
    form.fields
      .filter((field) => isShown(field, values))
      .flatMap((field) => {
        const problem = field.check?.(values[field.name] ?? nothingIn(field));
        return problem === undefined ? [] : [[field.name, problem] as const];
      }),
  );
}

export const isShown = ({ name, within, seldom }: FormField, values: FormValues): boolean =>
  (within === undefined || values[within] !== '') && (seldom !== true || (values[name]?.length ?? 0) > 0);
