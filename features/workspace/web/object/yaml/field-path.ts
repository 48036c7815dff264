/** One step into an object: a field, or an item of a list by the field that tells its items apart. */
export type FieldStep = string | { readonly by: string; readonly value: string | number };
export type FieldPath = readonly FieldStep[];

/** `spec.containers[name=web].image`; a field with dots or slashes stands in brackets. */
export function formatFieldPath(path: FieldPath): string {
  return path
    .map((step, index) => {
      if (typeof step !== 'string') return `[${step.by}=${step.value}]`;
      if (/^[\w-]+$/.test(step)) return index === 0 ? step : `.${step}`;
      return `[${JSON.stringify(step)}]`;
    })
    .join('');
}

export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two JSON values are the same; the order of fields means nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (!isFields(a) || !isFields(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  );
}

/** Fields that tell the items of a list apart in Kubernetes' own kinds, most usual first. */
const KEYS = ['name', 'type', 'key', 'containerPort', 'port', 'mountPath', 'topologyKey', 'ip', 'uid'];

/**
 * The field by which the items of all these lists are told apart: every item is an object that has it, none twice in one
 * list. Undefined: the lists are taken as a whole.
 */
export function listKey(lists: readonly (readonly unknown[])[]): string | undefined {
  if (lists.every((list) => list.length === 0)) return undefined;
  return KEYS.find((key) =>
    lists.every((list) => {
      const values = list.map((item) => (isFields(item) && Object.hasOwn(item, key) ? item[key] : undefined));
      return (
        values.every((value) => typeof value === 'string' || typeof value === 'number') &&
        new Set(values).size === values.length
      );
    }),
  );
}

/** Sets a field, also one that is called `__proto__`. */
export function defineField(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
