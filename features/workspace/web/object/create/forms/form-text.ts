import { dump } from 'js-yaml';
import type { CreateForm, FormValues } from './form-spec.ts';

/** The YAML of what a form makes. */
export function formText(form: CreateForm, values: FormValues): string {
  return form
    .objects(values)
    .map((object) => dump(object, { noRefs: true, lineWidth: -1, skipInvalid: true }))
    .join('---\n');
}
