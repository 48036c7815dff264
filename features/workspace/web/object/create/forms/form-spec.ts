/** What was put into a form, by field; a flag is `yes` or empty. */
export type FormValues = Readonly<Record<string, string>>;

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** What an empty field means. */
  readonly placeholder?: string;
  /** `lines`: several; `choice`: one of `options`; `flag`: yes or no. */
  readonly type: 'text' | 'lines' | 'choice' | 'flag';
  /** What stands there at first. */
  readonly first: string;
  readonly options?: readonly string[];
  /** What is wrong with a value; the form makes YAML of it all the same, and the dry run has the last word. */
  readonly check?: (value: string) => string | undefined;
  /** Shown only while this flag is set. */
  readonly within?: string;
}

/** Objects of which people need no YAML to make one. */
export interface CreateForm {
  readonly id: string;
  readonly title: string;
  /** The kind that it makes first, as `group/plural`. */
  readonly kind: string;
  readonly fields: readonly FormField[];
  /** In the order in which they are made. */
  readonly objects: (values: FormValues) => readonly object[];
}

export const firstValues = (form: CreateForm): FormValues =>
  Object.fromEntries(form.fields.map(({ name, first }) => [name, first]));

/** By field. */
export function problemsOf(form: CreateForm, values: FormValues): Readonly<Record<string, string>> {
  return Object.fromEntries(
    form.fields
      .filter((field) => isShown(field, values))
      .flatMap(({ name, check }) => {
        const problem = check?.(values[name] ?? '');
        return problem === undefined ? [] : [[name, problem] as const];
      }),
  );
}

export const isShown = ({ within }: FormField, values: FormValues): boolean =>
  within === undefined || values[within] !== '';
