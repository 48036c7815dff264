import { defineField, isFields, listKey, sameValue, type FieldPath } from './field-path.ts';

/**
 * The JSON merge patch (RFC 7396) that turns `from` into `to`; undefined when they are the same. Lists go as a whole, so it
 * must be sent with the resourceVersion that `from` was read at. A null in `to` cannot be said: it is left out, which means
 * the same to the API server.
 */
export function mergePatchOf(from: unknown, to: unknown): unknown {
  if (sameValue(from, to)) return undefined;
  if (!isFields(from) || !isFields(to)) return to;
  const patch: Record<string, unknown> = {};
  for (const name of Object.keys(from)) {
    if (!Object.hasOwn(to, name) || to[name] === null) defineField(patch, name, null);
  }
  for (const [name, value] of Object.entries(to)) {
    if (value === null) continue;
    const change = mergePatchOf(Object.hasOwn(from, name) ? from[name] : undefined, value);
    if (change !== undefined) defineField(patch, name, change);
  }
  return patch;
}

export interface FieldChange {
  readonly path: FieldPath;
  /** Undefined: the field was, or is, not there. */
  readonly from: unknown;
  readonly to: unknown;
}

/** What differs, as deep as the difference goes; items of lists by their names where they have some. */
export function changesBetween(from: unknown, to: unknown, path: FieldPath = []): readonly FieldChange[] {
  if (sameValue(from, to)) return [];
  if (isFields(from) && isFields(to)) {
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) =>
      changesBetween(
        Object.hasOwn(from, name) ? from[name] : undefined,
        Object.hasOwn(to, name) ? to[name] : undefined,
        [...path, name],
      ),
    );
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const by = listKey([from, to]);
    if (by !== undefined) return itemChanges(from, to, by, path);
  }
  return [{ path, from, to }];
}

function itemChanges(
  from: readonly unknown[],
  to: readonly unknown[],
  by: string,
  path: FieldPath,
): readonly FieldChange[] {
  const keyOf = (item: unknown): string | number => (item as Record<string, string | number>)[by]!;
  const [before, after] = [from, to].map((list) => new Map(list.map((item) => [keyOf(item), item])));
  const found = [...new Set([...before!.keys(), ...after!.keys()])].flatMap((value) =>
    changesBetween(before!.get(value), after!.get(value), [...path, { by, value }]),
  );
  // The same items in another order: the list itself has changed.
  return found.length > 0 ? found : [{ path, from, to }];
}
