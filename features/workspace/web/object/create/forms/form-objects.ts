import { sameValue } from '../../yaml/field-path.ts';
import type { FieldValue } from './field-shapes.ts';
import {
  nothingIn,
  type CreateForm,
  type FormField,
  type FormPart,
  type FormValues,
  type Place,
} from './form-spec.ts';
import { formatPath, lengthAt, valueAt, withValue } from './object-path.ts';

/** What a form makes, by part; a part that is not made, or does not stand in the text, is undefined. */
export type FormObjects = readonly (object | undefined)[];

export interface FormReading {
  readonly values: FormValues;
  /** Fields at whose place there is what they cannot show. */
  readonly odd: ReadonlySet<string>;
  /** Lists of which the form shows an item only, with their lengths. */
  readonly longer: readonly { readonly part: number; readonly path: string; readonly items: number }[];
  /** Fields that show some items of their list only, with how many they do not. */
  readonly unshown: readonly { readonly label: string; readonly items: number }[];
}

/** A flag that says whether an object is made at all. */
const addsPart = ({ control, at }: FormField): boolean => control === 'flag' && at.path.length === 0;

const placesOf = ({ at, also = [] }: FormField): readonly Place[] => [at, ...also];

/** The objects that a form makes of its values. */
export function objectsOf(form: CreateForm, values: FormValues): FormObjects {
  return form.parts.map((part, index) =>
    part.within !== undefined && values[part.within] === '' ? undefined : newPart(form, part, index, values),
  );
}

function newPart(form: CreateForm, part: FormPart, index: number, values: FormValues): object {
  const { apiVersion, kind, start } = part;
  let made: object = { apiVersion, kind, ...start };
  for (const field of form.fields) {
    if (addsPart(field)) continue;
    const value = values[field.name] ?? field.first;
    for (const { part: of, path } of placesOf(field)) {
      if (of !== index) continue;
      made = withValue(made, path, field.shape.write(value, valueAt(made, path)));
    }
  }
  return made;
}

/** What a form shows of objects. */
export function readForm(form: CreateForm, objects: FormObjects): FormReading {
  const values: Record<string, FieldValue> = {};
  const odd = new Set<string>();
  for (const field of form.fields) {
    const { name, at, shape, first } = field;
    const object = objects[at.part];
    if (addsPart(field)) values[name] = object ? 'yes' : '';
    else if (!object) values[name] = first;
    else {
      const read = shape.read(valueAt(object, at.path));
      values[name] = read ?? nothingIn(field);
      if (read === undefined) odd.add(name);
    }
  }
  const unshown = form.fields.flatMap(({ name, label, at, shape }) => {
    const items = odd.has(name) ? 0 : (shape.unshown?.(valueAt(objects[at.part], at.path)) ?? 0);
    return items > 0 ? [{ label, items }] : [];
  });
  return { values, odd, longer: longerLists(form, objects), unshown };
}

function longerLists(form: CreateForm, objects: FormObjects): FormReading['longer'] {
  const found = new Map<string, FormReading['longer'][number]>();
  for (const { at } of form.fields) {
    at.path.forEach((step, index) => {
      if (typeof step !== 'number') return;
      const outer = at.path.slice(0, index);
      const items = lengthAt(objects[at.part], outer);
      const path = formatPath(outer);
      if (items > step + 1) found.set(`${at.part} ${path}`, { part: at.part, path, items });
    });
  }
  return [...found.values()];
}

/**
 * The objects after one field was changed: nothing but its place is another, and places that go with it and had the same
 * value. The same objects when nothing changes.
 */
export function putField(
  form: CreateForm,
  objects: FormObjects,
  name: string,
  value: FieldValue,
): FormObjects {
  const field = form.fields.find((one) => one.name === name);
  if (!field) return objects;
  const { part, path } = field.at;
  if (addsPart(field)) {
    if ((value !== '') === (objects[part] !== undefined)) return objects;
    const values = readForm(form, objects).values;
    return objects.with(
      part,
      value === '' ? undefined : newPart(form, form.parts[part]!, part, { ...values, [name]: value }),
    );
  }
  const before = valueAt(objects[part], path);
  const after = field.shape.write(value, before);
  if (!objects[part] || sameValue(before, after)) return objects;
  return placesOf(field).reduce((made, place, index) => {
    const object = made[place.part];
    if (!object || (index > 0 && !follows(valueAt(object, place.path), before))) return made;
    return made.with(place.part, withValue(object, place.path, after));
  }, objects);
}

const follows = (value: unknown, before: unknown): boolean => value !== undefined && sameValue(value, before);

/** Whether what was typed into a field says the same as what stands in the object: then it may stay as it was typed. */
export function saysTheSame(field: FormField, objects: FormObjects, typed: FieldValue): boolean {
  const object = objects[field.at.part];
  if (!object || addsPart(field)) return false;
  const now = valueAt(object, field.at.path);
  return sameValue(field.shape.write(typed, now), now);
}
