import type { CreateForm } from './form-spec.ts';
import { isWithin, pathOfCause } from './object-path.ts';

/** What the API server has against a field of one of a form's objects. */
export interface FieldCause {
  readonly part: number;
  /** As the API server writes it: `spec.ports[0].port`. */
  readonly field: string;
  readonly message: string;
}

/** Its words by the field that has the place, or what is around it; what no field has, with its place. */
export function causesByField(
  form: CreateForm,
  causes: readonly FieldCause[],
): { readonly byField: Readonly<Record<string, string>>; readonly others: readonly string[] } {
  const found = new Map<string, Set<string>>();
  const others = new Set<string>();
  for (const { part, field, message } of causes) {
    const name = fieldAt(form, part, field);
    if (name === undefined) others.add(field === '' ? message : `${field}: ${message}`);
    else found.set(name, (found.get(name) ?? new Set()).add(message));
  }
  const byField = Object.fromEntries(
    Array.from(found, ([name, messages]) => [name, [...messages].join('; ')]),
  );
  return { byField, others: [...others] };
}

/** The innermost field around a place; where none is, the only one with places inside of it. */
function fieldAt(form: CreateForm, part: number, field: string): string | undefined {
  const path = pathOfCause(field);
  const places = form.fields
    .flatMap(({ name, at, also = [] }) => [at, ...also].map((place) => ({ name, ...place })))
    .filter((one) => one.part === part && one.path.length > 0);
  const around = places
    .filter((one) => isWithin(path, one.path))
    .toSorted((one, other) => other.path.length - one.path.length);
  const inside = new Set(places.filter((one) => isWithin(one.path, path)).map(({ name }) => name));
  return around[0]?.name ?? (inside.size === 1 ? [...inside][0] : undefined);
}
