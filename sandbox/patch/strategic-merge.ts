/**
 * Strategic merge patch, as the API server applies it to built-in kinds: lists whose type names a merge key are merged by
 * it, and the directives `$patch`, `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…` are obeyed.
 */
import { StatusError } from '@krateyard/status/status-error';

import { fieldNode, isObject, type JsonObject, type SchemaNode } from '../schema/schema-node.ts';
import { cloneJson } from '../store/json-value.ts';

const ORDER = '$setElementOrder/';
const DELETE = '$deleteFromPrimitiveList/';

interface ListType {
  readonly items: SchemaNode | undefined;
  /** Absent for lists of scalars. */
  readonly key: string | undefined;
}

/** Returns a new object; neither argument is changed. Throws StatusError BadRequest for a malformed patch. */
export function strategicMerge(node: SchemaNode | undefined, object: JsonObject, patch: object): JsonObject {
  if (!isObject(patch)) throw malformed('a strategic merge patch must be an object');
  return mergeObject(node, object, patch);
}

function mergeObject(node: SchemaNode | undefined, original: JsonObject, patch: JsonObject): JsonObject {
  if ('$patch' in patch) return replaceObject(patch);
  const result: JsonObject = retained(original, patch);
  const ordered = new Set<string>();
  for (const [key, order] of Object.entries(patch))
    if (key.startsWith(ORDER)) {
      const field = key.slice(ORDER.length);
      ordered.add(field);
      mergeInOrder(fieldNode(node, field), result, field, patch[field], order);
    }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(ORDER) || key === '$retainKeys' || key === '__proto__') continue;
    if (key.startsWith(DELETE)) deleteScalars(result, key.slice(DELETE.length), value);
    else if (value === null) delete result[key];
    else if (!ordered.has(key)) setField(result, key, mergeValue(fieldNode(node, key), result[key], value));
  }
  return result;
}

function replaceObject(patch: JsonObject): JsonObject {
  const { $patch: directive, ...rest } = patch;
  if (directive === 'replace') return cloneJson(rest);
  if (directive === 'delete') return {};
  throw malformed(`unknown patch directive ${JSON.stringify(directive)}`);
}

/** The original with only the fields that `$retainKeys` names; all of them where the patch has no such list. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  if (!('$retainKeys' in patch)) return { ...original };
  const keys = patch['$retainKeys'];
  if (!Array.isArray(keys)) throw malformed('$retainKeys must be a list of field names');
  const extra = Object.entries(patch).find(
    ([key, value]) => !key.startsWith('$') && value !== null && !keys.includes(key),
  );
  if (extra) throw malformed(`$retainKeys does not name the field ${JSON.stringify(extra[0])} of its patch`);
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));
}

function setField(object: JsonObject, key: string, value: unknown): void {
  if (value === undefined) delete object[key];
  else object[key] = value;
}

function mergeValue(node: SchemaNode | undefined, original: unknown, patch: unknown): unknown {
  const strategies = node?.patchStrategy?.split(',') ?? [];
  if (isObject(original) && isObject(patch))
    return strategies.includes('replace') ? withoutDirectives(patch) : mergeObject(node, original, patch);
  if (Array.isArray(original) && Array.isArray(patch) && strategies.includes('merge'))
    return mergeList(listType(node, original, patch), original, patch);
  return withoutDirectives(patch);
}

function listType(node: SchemaNode | undefined, ...lists: unknown[][]): ListType {
  const ofObjects = lists.some((list) => list.some(isObject));
  if (!ofObjects) return { items: node?.items, key: undefined };
  if (node?.patchMergeKey === undefined)
    throw malformed('cannot merge lists of objects whose type has no merge key');
  return { items: node.items, key: node.patchMergeKey };
}

function mergeList(type: ListType, original: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const { kept, added, replace } = obeyListDirectives(type, original, patch);
  if (replace) return added.map(withoutDirectives);
  const merged = [...kept];
  for (const item of added) {
    const at = indexOf(type, merged, keyOf(type, item));
    if (at === -1) merged.push(withoutDirectives(item));
    else if (type.key !== undefined)
      merged[at] = mergeObject(type.items, merged[at] as JsonObject, item as JsonObject);
  }
  return inOrder(type, merged, added, kept);
}

/** Items that carry `$patch`: `delete` takes matching ones away, `replace` drops the whole original. */
function obeyListDirectives(
  type: ListType,
  original: readonly unknown[],
  patch: readonly unknown[],
): { kept: unknown[]; added: unknown[]; replace: boolean } {
  let kept = [...original];
  const added: unknown[] = [];
  let replace = false;
  for (const item of patch) {
    const directive = isObject(item) ? item['$patch'] : undefined;
    if (directive === undefined) added.push(item);
    else if (directive === 'replace') replace = true;
    else if (directive === 'delete') {
      const key = keyOf(type, item);
      kept = kept.filter((other) => keyOf(type, other) !== key);
    } else throw malformed(`unknown patch directive ${JSON.stringify(directive)} in a list`);
  }
  return { kept, added, replace };
}

/** A list with `$setElementOrder`: merged first, then put in that order; what only the server has keeps its place beside. */
function mergeInOrder(
  node: SchemaNode | undefined,
  result: JsonObject,
  field: string,
  patch: unknown,
  order: unknown,
): void {
  if (!Array.isArray(order)) throw malformed(`${ORDER}${field} must be a list`);
  const original = result[field];
  if (patch === null) {
    delete result[field];
    return;
  }
  if (patch !== undefined && !Array.isArray(patch)) throw malformed(`${field} must be a list`);
  const patchItems: unknown[] = patch ?? [];
  if (!Array.isArray(original)) {
    if (patch !== undefined) result[field] = withoutDirectives(patchItems);
    return;
  }
  const type = listType(node, original, patchItems);
  checkOrder(type, field, patchItems, order);
  const merged = patch === undefined ? original : (mergeValue(node, original, patchItems) as unknown[]);
  result[field] = inOrder(type, merged, order, original);
}

/** What a patch brings must stand in its own order list, in the same order. */
function checkOrder(
  type: ListType,
  field: string,
  patch: readonly unknown[],
  order: readonly unknown[],
): void {
  if (order.length === 0) return;
  const keys = order.map((item) => keyOf(type, item));
  let at = 0;
  for (const item of patch) {
    if (isObject(item) && '$patch' in item) continue;
    at = keys.indexOf(keyOf(type, item), at);
    if (at === -1) throw malformed(`the order of ${field} does not match ${ORDER}${field}`);
  }
}

/** Items named by `order` in that order; the others (the server's own) interleaved as they stood in `server`. */
function inOrder(
  type: ListType,
  merged: readonly unknown[],
  order: readonly unknown[],
  server: readonly unknown[],
): unknown[] {
  const wanted = new Map(order.map((item, index) => [keyOf(type, item), index]));
  const place = new Map(server.map((item, index) => [keyOf(type, item), index]));
  const rank = (item: unknown): number => wanted.get(keyOf(type, item)) ?? 0;
  const right = merged.filter((item) => wanted.has(keyOf(type, item))).sort((a, b) => rank(a) - rank(b));
  const left = merged.filter((item) => !wanted.has(keyOf(type, item)));
  const result: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const [l, r] = [place.get(keyOf(type, left[i])), place.get(keyOf(type, right[j]))];
    if (l !== undefined && r !== undefined && l < r) result.push(left[i++]);
    else result.push(right[j++]);
  }
  return [...result, ...left.slice(i), ...right.slice(j)];
}

function deleteScalars(result: JsonObject, field: string, values: unknown): void {
  if (!Array.isArray(values)) throw malformed(`${DELETE}${field} must be a list`);
  const original = result[field];
  if (Array.isArray(original)) result[field] = original.filter((item) => !values.includes(item));
}

function indexOf(type: ListType, list: readonly unknown[], key: unknown): number {
  return list.findIndex((item) => keyOf(type, item) === key);
}

function keyOf(type: ListType, item: unknown): unknown {
  if (type.key === undefined) return item;
  const key = isObject(item) ? item[type.key] : undefined;
  if (key === undefined) throw malformed(`an element of a list has no merge key "${type.key}"`);
  return key;
}

/** What a patch's value is where there is nothing to merge it into: nulls and directives fall out. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter((item) => !(isObject(item) && '$patch' in item)).map(withoutDirectives);
  if (!isObject(value)) return value;
  if ('$patch' in value) return value['$patch'] === 'replace' ? replaceObject(value) : undefined;
  const result: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === null || key.startsWith('$') || key === '__proto__') continue;
    const cleaned = withoutDirectives(field);
    if (cleaned !== undefined) result[key] = cleaned;
  }
  return result;
}

const malformed = (message: string): StatusError => new StatusError('BadRequest', message);
