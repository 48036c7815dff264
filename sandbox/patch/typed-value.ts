/**
 * How values of typed objects are compared, merged and cut: the rules of structured-merge-diff. What the type calls
 * atomic is one leaf; lists of type map and set go by their items' keys and values.
 */
import { fieldNode, isObject, type JsonObject, type SchemaNode } from '../schema/schema-node.ts';
import { equalJson } from '../store/json-value.ts';
import { FieldSet } from './field-set.ts';

type Node = SchemaNode | undefined;
type Shape = 'leaf' | 'map' | 'list';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Of types that a schema does not tell, maps go by their fields and lists are atomic. */
function shapeOf(node: Node, value: unknown): Shape {
  if (Array.isArray(value)) return node?.listType === 'map' || node?.listType === 'set' ? 'list' : 'leaf';
  return isObject(value) && node?.mapType !== 'atomic' ? 'map' : 'leaf';
}

/** The path element of a list's item; keys that the item leaves to its type's default count with that. */
function elementOf(node: Node, item: unknown): string {
  if (node?.listType !== 'map' || !isObject(item)) return `v:${JSON.stringify(item)}`;
  const keys: JsonObject = {};
  for (const key of [...(node.listKeys ?? [])].sort()) {
    const value = item[key] ?? node.items?.fields?.[key]?.default;
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** All fields that `value` sets. */
export function fieldsOf(node: Node, value: unknown): FieldSet {
  const set = new FieldSet();
  const shape = shapeOf(node, value);
  if (shape === 'map') collectMap(node, value as JsonObject, set);
  else if (shape === 'list') collectList(node, value as unknown[], set);
  return set;
}

function collectMap(node: Node, value: JsonObject, set: FieldSet): void {
  for (const [key, item] of Object.entries(value)) {
    const field = fieldNode(node, key);
    const element = `f:${key}`;
    const known = node?.fields !== undefined && Object.hasOwn(node.fields, key);
    const empty = isObject(item) && Object.keys(item).length === 0;
    if (!known || empty || shapeOf(field, item) === 'leaf') set.members.add(element);
    set.attach(element, fieldsOf(field, item));
  }
}

function collectList(node: Node, items: unknown[], set: FieldSet): void {
  const groups = groupItems(node, items);
  for (const [element, group] of groups) {
    set.members.add(element);
    if (group.length === 1) set.attach(element, fieldsOf(node?.items, group[0]));
  }
}

function groupItems(node: Node, items: readonly unknown[]): Map<string, unknown[]> {
  const groups = new Map<string, unknown[]>();
  for (const item of items) {
    const element = elementOf(node, item);
    const group = groups.get(element);
    if (group) group.push(item);
    else groups.set(element, [item]);
  }
  return groups;
}

/** The first path at which a list of type map or set holds a key twice. */
export function duplicateOf(node: Node, value: unknown, path: readonly string[] = []): string[] | undefined {
  if (Array.isArray(value) && shapeOf(node, value) === 'list') {
    for (const [element, group] of groupItems(node, value)) {
      if (group.length > 1) return [...path, element];
      const below = duplicateOf(node?.items, group[0], [...path, element]);
      if (below) return below;
    }
  } else if (shapeOf(node, value) === 'map')
    for (const [key, item] of Object.entries(value as JsonObject)) {
      const below = duplicateOf(fieldNode(node, key), item, [...path, `f:${key}`]);
      if (below) return below;
    }
  return undefined;
}

/** What turned `before` into `after`. */
export function compare(node: Node, before: unknown, after: unknown): Comparison {
  const into = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  compareBelow(node, before, after, into);
  return into;
}

/** Compares what is below two values; gives what the values themselves are, where that is to be noted. */
function compareBelow(
  node: Node,
  before: unknown,
  after: unknown,
  into: Comparison,
): keyof Comparison | undefined {
  if (before === after) return undefined;
  const presence = before === undefined ? 'added' : after === undefined ? 'removed' : undefined;
  const shape = commonShape(node, before, after);
  if (shape === 'leaf' || (isEmpty(before) && isEmpty(after)))
    return presence ?? (equalJson(before, after) ? undefined : 'modified');
  if (shape === 'map')
    compareMaps(node, isObject(before) ? before : undefined, isObject(after) ? after : undefined, into);
  else compareLists(node, Array.isArray(before) ? before : [], Array.isArray(after) ? after : [], into);
  return presence;
}

function commonShape(node: Node, before: unknown, after: unknown): Shape {
  if (before === undefined || before === null) return shapeOf(node, after);
  if (after === undefined || after === null) return shapeOf(node, before);
  const shape = shapeOf(node, after);
  return shape === shapeOf(node, before) ? shape : 'leaf';
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

function compareMaps(
  node: Node,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  into: Comparison,
): void {
  for (const key of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const field = fieldNode(node, key);
    const zero = before && after ? zeroOf(node, field, key) : undefined;
    const [was, is] = [before?.[key], after?.[key]];
    compareElement(field, was === undefined ? zero : was, is === undefined ? zero : is, `f:${key}`, into);
  }
}

/** What Go shows of a field that is absent, where it shows it: structs held by value, required lists and maps. */
function zeroOf(parent: Node, field: Node, key: string): unknown {
  if (field?.inline) return {};
  const required = parent?.jsonSchema === undefined && parent?.required?.includes(key) === true;
  return required && (field?.type === 'array' || field?.type === 'object') ? null : undefined;
}

function compareElement(
  node: Node,
  before: unknown,
  after: unknown,
  element: string,
  into: Comparison,
): void {
  const below = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  const self = compareBelow(node, before, after, below);
  if (self) into[self].members.add(element);
  for (const part of ['added', 'modified', 'removed'] as const) into[part].attach(element, below[part]);
}

function compareLists(
  node: Node,
  before: readonly unknown[],
  after: readonly unknown[],
  into: Comparison,
): void {
  const [was, is] = [groupItems(node, before), groupItems(node, after)];
  for (const element of new Set([...was.keys(), ...is.keys()])) {
    const [l, r] = [was.get(element) ?? [], is.get(element) ?? []];
    if (l.length <= 1 && r.length <= 1) compareElement(node?.items, l[0], r[0], element, into);
    else if (!equalJson(l, r))
      into[l.length > 1 && r.length > 1 ? 'modified' : l.length > 1 ? 'removed' : 'added'].members.add(
        element,
      );
  }
}

/** `applied` on top of `live`. */
export function mergeTyped(node: Node, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined || live === null) return applied;
  const shape = shapeOf(node, live);
  if (shape === 'leaf' || (applied !== null && shape !== shapeOf(node, applied))) return applied;
  if (applied === null) return live;
  if (shape === 'list') return mergeLists(node, live as unknown[], applied as unknown[]);
  const result: JsonObject = { ...(live as JsonObject) };
  for (const [key, value] of Object.entries(applied as JsonObject))
    result[key] = mergeTyped(fieldNode(node, key), result[key], value);
  return result;
}

/** Items of both keep the order of `applied`; those only of `live` stay where they stand among the shared ones. */
function mergeLists(node: Node, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const wanted = new Map(applied.map((item) => [elementOf(node, item), item]));
  const liveItems = new Map(live.map((item) => [elementOf(node, item), item]));
  const right = [...wanted.keys()];
  const shared = right.filter((element) => liveItems.has(element));
  const result: unknown[] = [];
  const merged = new Set<string>();
  const take = (element: string): void => {
    merged.add(element);
    if (shared[0] === element) shared.shift();
    result.push(mergeTyped(node?.items, liveItems.get(element), wanted.get(element)));
  };
  let at = 0;
  for (const item of live) {
    const element = elementOf(node, item);
    if (!wanted.has(element)) result.push(item);
    else if (!merged.has(element) && shared[0] === element) {
      while (at < right.length && right[at] !== element) takeNew(right[at++]!);
      takeNew(element);
      at += 1;
    }
  }
  while (at < right.length) takeNew(right[at++]!);
  return result;

  function takeNew(element: string): void {
    if (!merged.has(element)) take(element);
  }
}

/** `value` without the places in `set`; maps and lists that run empty go too (undefined). */
export function removeFields(node: Node, value: unknown, set: FieldSet): unknown {
  const shape = shapeOf(node, value);
  if (shape === 'map') return removeFromMap(node, value as JsonObject, set);
  if (shape === 'list') return removeFromList(node, value as unknown[], set);
  return isObject(value) || Array.isArray(value) ? undefined : value;
}

function removeFromMap(node: Node, value: JsonObject, set: FieldSet): JsonObject | undefined {
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const element = `f:${key}`;
    if (set.members.has(element)) continue;
    const below = set.children.get(element);
    const kept = below ? removeFields(fieldNode(node, key), item, below) : item;
    if (kept !== undefined) result[key] = kept;
  }
  return Object.keys(result).length === 0 && Object.keys(value).length > 0 ? undefined : result;
}

function removeFromList(node: Node, items: readonly unknown[], set: FieldSet): unknown[] | undefined {
  const result: unknown[] = [];
  for (const item of items) {
    const element = elementOf(node, item);
    if (set.members.has(element)) continue;
    const below = set.children.get(element);
    const kept = below ? removeFields(node?.items, item, below) : item;
    if (kept !== undefined) result.push(kept);
  }
  return result.length === 0 && items.length > 0 ? undefined : result;
}

/** Named fields with members below count as members: so that a whole struct goes when all of it is given up. */
export function withNamedFields(node: Node, set: FieldSet): FieldSet {
  const result = new FieldSet();
  for (const member of set.members) result.members.add(member);
  for (const [element, child] of set.children) {
    const name = element.startsWith('f:') ? element.slice(2) : undefined;
    if (name !== undefined && node?.fields && Object.hasOwn(node.fields, name)) result.members.add(element);
    const below = name === undefined ? node?.items : fieldNode(node, name);
    result.attach(element, withNamedFields(below, child));
  }
  return result;
}
