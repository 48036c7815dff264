import { defineField, formatFieldPath, isFields, listKey, sameValue, type FieldPath } from './field-path.ts';

/** A field that both sides changed, each to something else. Undefined: the field is not there. */
export interface FieldConflict {
  readonly path: FieldPath;
  /** `spec.replicas`; tells conflicts apart. */
  readonly id: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export type Side = 'mine' | 'theirs';

export interface Merge {
  readonly conflicts: readonly FieldConflict[];
  /** The whole, each conflict decided as `choose` says. */
  readonly value: unknown;
}

/**
 * Joins two changes of the same object field by field. What only one side changed is taken; what both changed alike is no
 * conflict; what they changed differently is one, and `choose` decides it (theirs unless told). Lists whose items have names are joined item by item,
 * all others as a whole.
 */
export function mergeThreeWays(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  choose: (id: string) => Side = () => 'theirs',
): Merge {
  const conflicts: FieldConflict[] = [];
  const value = new Merger(conflicts, choose).join(base, mine, theirs, []);
  return { conflicts, value };
}

class Merger {
  readonly #conflicts: FieldConflict[];
  readonly #choose: (id: string) => Side;

  constructor(conflicts: FieldConflict[], choose: (id: string) => Side) {
    this.#conflicts = conflicts;
    this.#choose = choose;
  }

  join(base: unknown, mine: unknown, theirs: unknown, path: FieldPath): unknown {
    if (sameValue(mine, theirs) || sameValue(base, theirs)) return mine;
    if (sameValue(base, mine)) return theirs;
    if (isFields(mine) && isFields(theirs) && (isFields(base) || base === undefined)) {
      return this.#fields(base ?? {}, mine, theirs, path);
    }
    if (Array.isArray(mine) && Array.isArray(theirs) && (Array.isArray(base) || base === undefined)) {
      const by = listKey([base ?? [], mine, theirs]);
      if (by !== undefined) return this.#items(base ?? [], mine, theirs, by, path);
    }
    const id = formatFieldPath(path);
    this.#conflicts.push({ path, id, base, mine, theirs });
    return this.#choose(id) === 'mine' ? mine : theirs;
  }

  #fields(
    base: Readonly<Record<string, unknown>>,
    mine: Readonly<Record<string, unknown>>,
    theirs: Readonly<Record<string, unknown>>,
    path: FieldPath,
  ): Record<string, unknown> {
    const joined: Record<string, unknown> = {};
    for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
      const value = this.join(own(base, name), own(mine, name), own(theirs, name), [...path, name]);
      if (value !== undefined) defineField(joined, name, value);
    }
    return joined;
  }

  #items(
    base: readonly unknown[],
    mine: readonly unknown[],
    theirs: readonly unknown[],
    by: string,
    path: FieldPath,
  ): unknown[] {
    const [before, here, there] = [base, mine, theirs].map((list) => keyed(list, by)) as [
      Keyed,
      Keyed,
      Keyed,
    ];
    const joined: unknown[] = [];
    for (const value of orderOf(before, here, there)) {
      const step = { by, value } as const;
      const item = this.join(before.get(value), here.get(value), there.get(value), [...path, step]);
      if (item !== undefined) joined.push(item);
    }
    return joined;
  }
}

type Keyed = ReadonlyMap<string | number, unknown>;

const keyed = (list: readonly unknown[], by: string): Keyed =>
  new Map(list.map((item) => [(item as Record<string, string | number>)[by]!, item]));

/** Their order, unless only mine was changed; what only the other side has comes where that side has it, after its neighbour. */
function orderOf(base: Keyed, mine: Keyed, theirs: Keyed): readonly (string | number)[] {
  const common = (one: Keyed, other: Keyed): string =>
    JSON.stringify([...one.keys()].filter((key) => other.has(key)));
  const moved = common(theirs, base) === common(base, theirs);
  const [first, second] = moved ? [mine, theirs] : [theirs, mine];
  const order = [...first.keys()];
  let at = -1;
  for (const key of second.keys()) {
    const place = order.indexOf(key);
    if (place === -1) order.splice((at += 1), 0, key);
    else at = place;
  }
  return order;
}

const own = (fields: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;
