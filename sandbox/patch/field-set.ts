import { isObject, type JsonObject } from '../schema/schema-node.ts';

/**
 * A set of places in an object, as `managedFields` keep it. A place is named by path elements: `f:name` a field,
 * `k:{"name":"a"}` an item of a list by its keys, `v:"a"` an item of a set by its value, `i:0` by its index.
 * A node may be a member itself and have members below; the two are independent.
 */
export class FieldSet {
  readonly members = new Set<string>();
  readonly children = new Map<string, FieldSet>();

  get isEmpty(): boolean {
    return this.members.size === 0 && this.children.size === 0;
  }

  /** Hangs `child` below `element`, unless there is nothing in it. */
  attach(element: string, child: FieldSet): void {
    if (!child.isEmpty) this.children.set(element, child);
  }

  insert(path: readonly string[]): void {
    const [first, ...rest] = path;
    if (first === undefined) return;
    if (rest.length === 0) {
      this.members.add(first);
      return;
    }
    const child = this.children.get(first) ?? new FieldSet();
    child.insert(rest);
    this.attach(first, child);
  }

  has(path: readonly string[]): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    return rest.length === 0 ? this.members.has(first) : (this.children.get(first)?.has(rest) ?? false);
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const member of this.members) result.members.add(member);
    for (const member of other.members) result.members.add(member);
    for (const element of new Set([...this.children.keys(), ...other.children.keys()])) {
      const [a, b] = [this.children.get(element), other.children.get(element)];
      result.attach(element, a && b ? a.union(b) : (a ?? b)!);
    }
    return result;
  }

  /** Without the members of `other`; what hangs below a member stays. */
  difference(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const member of this.members) if (!other.members.has(member)) result.members.add(member);
    for (const [element, child] of this.children) {
      const taken = other.children.get(element);
      result.attach(element, taken ? child.difference(taken) : child);
    }
    return result;
  }

  /** Without the members of `other` and all that hangs below them. */
  without(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const member of this.members) if (!other.members.has(member)) result.members.add(member);
    for (const [element, child] of this.children) {
      if (other.members.has(element)) continue;
      const taken = other.children.get(element);
      result.attach(element, taken ? child.without(taken) : child);
    }
    return result;
  }

  intersection(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const member of this.members) if (other.members.has(member)) result.members.add(member);
    for (const [element, child] of this.children) {
      const shared = other.children.get(element);
      if (shared) result.attach(element, child.intersection(shared));
    }
    return result;
  }

  equals(other: FieldSet): boolean {
    return (
      this.members.size === other.members.size &&
      this.children.size === other.children.size &&
      [...this.members].every((member) => other.members.has(member)) &&
      [...this.children].every(([element, child]) => {
        const twin = other.children.get(element);
        return twin !== undefined && child.equals(twin);
      })
    );
  }

  /** All members, in the order of `fieldsV1`. */
  paths(): string[][] {
    const elements = [...new Set([...this.members, ...this.children.keys()])].sort();
    const paths: string[][] = [];
    for (const element of elements) {
      if (this.members.has(element)) paths.push([element]);
      for (const path of this.children.get(element)?.paths() ?? []) paths.push([element, ...path]);
    }
    return paths;
  }
}

/** The form that stands in `managedFields`; `.` marks a member that has members below. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const result: JsonObject = {};
  for (const element of [...new Set([...set.members, ...set.children.keys()])].sort()) {
    const child = set.children.get(element);
    const below = child ? toFieldsV1(child) : {};
    result[element] = child && set.members.has(element) ? { '.': {}, ...below } : below;
  }
  return result;
}

/** Accepts anything; what is no field set is left out. */
export function fromFieldsV1(fields: unknown): FieldSet {
  const set = new FieldSet();
  if (!isObject(fields)) return set;
  for (const [element, below] of Object.entries(fields)) {
    if (element === '.' || !/^[fkvi]:/.test(element) || !isObject(below)) continue;
    if (Object.keys(below).length === 0 || '.' in below) set.members.add(element);
    set.attach(element, fromFieldsV1(below));
  }
  return set;
}

/** A path as it stands in messages: `.spec.containers[name="a"].image`. */
export function formatFieldPath(path: readonly string[]): string {
  return path.map(formatElement).join('');
}

function formatElement(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (!element.startsWith('k:')) return `[${element.startsWith('v:') ? '=' : ''}${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
