import { defineField, isFields } from '../../yaml/field-path.ts';

/** Fields, and places in lists, from the top of an object. */
export type ObjectPath = readonly (string | number)[];

/** `spec.containers.0.image` as a path: digits are places in lists. Names with dots in them are added behind. */
export function pathOf(text: string, ...more: readonly string[]): ObjectPath {
  return [...text.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step)), ...more];
}

/** What stands at a path; undefined where nothing does. `null` is nothing too, as the API server takes it. */
export function valueAt(object: unknown, path: ObjectPath): unknown {
  let here = object;
  for (const step of path) {
    if (typeof step === 'number') here = Array.isArray(here) ? here[step] : undefined;
    else here = isFields(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here ?? undefined;
}

/** How many items a list at a path has; 0 where there is none. */
export function lengthAt(object: unknown, path: ObjectPath): number {
  const list = valueAt(object, path);
  return Array.isArray(list) ? list.length : 0;
}

/**
 * The object with another value at a path; undefined takes it away, and with it what held nothing else: maps below the
 * first level, but no items of lists. What is in the way (a text where a map must be) gives way.
 */
export function withValue(object: unknown, path: ObjectPath, value: unknown): object {
  return (put(object, path, value, 0) ?? {}) as object;
}

function put(before: unknown, path: ObjectPath, value: unknown, depth: number): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') return putItem(before, step, rest, value, depth);
  const fields = isFields(before) ? before : {};
  if (value === undefined && !Object.hasOwn(fields, step)) return before;
  const inner = put(Object.hasOwn(fields, step) ? fields[step] : undefined, rest, value, depth + 1);
  const after: Record<string, unknown> = { ...fields };
  if (inner === undefined) delete after[step];
  else defineField(after, step, inner);
  return Object.keys(after).length === 0 && depth > 1 ? undefined : after;
}

function putItem(before: unknown, at: number, rest: ObjectPath, value: unknown, depth: number): unknown {
  const items: readonly unknown[] = Array.isArray(before) ? before : [];
  if (value === undefined && at >= items.length) return before;
  const inner = put(items[at], rest, value, depth + 1);
  if (inner === undefined && rest.length > 0) return items.with(at, {});
  if (inner === undefined) return items.length === 1 ? undefined : items.toSpliced(at, 1);
  return at < items.length ? items.with(at, inner) : [...items, inner];
}

/** `spec.ports[0].port` and `metadata.labels[a.b/c]`, as the API server names fields in its refusals. */
export function pathOfCause(field: string): ObjectPath {
  return Array.from(field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g), ([, inside, plain]) => {
    if (inside === undefined) return plain!;
    return /^\d+$/.test(inside) ? Number(inside) : inside;
  });
}

/** Whether a path is, or leads into, what stands at another. */
export const isWithin = (path: ObjectPath, outer: ObjectPath): boolean =>
  outer.every((step, index) => path[index] === step);

/** `spec.containers[0].image`, to read. */
export function formatPath(path: ObjectPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
