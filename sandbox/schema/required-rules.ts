import type { FieldErrors } from './field-errors.ts';
import { child, element, mapKey, type FieldPath } from './field-path.ts';
import { isObject, type JsonObject, type SchemaNode } from './schema-node.ts';

/**
 * Required fields and enums of a built-in type, below `value`. What Go reads as zero where it is absent (numbers, lists)
 * is left to the kind's own rules.
 */
export function checkRequired(
  node: SchemaNode,
  value: unknown,
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  if (Array.isArray(value)) {
    if (node.items)
      for (const [index, item] of value.entries())
        checkRequired(node.items, item, element(path, index), errors);
    return;
  }
  if (isObject(value)) checkFields(node, value, path, errors);
  else if (node.enum && value !== '' && !node.enum.includes(value))
    errors.unsupported(path, value, node.enum);
}

function checkFields(
  node: SchemaNode,
  value: JsonObject,
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  for (const name of node.required ?? [])
    checkPresence(node.fields![name]!, value[name], child(path, name), errors);
  for (const [key, item] of Object.entries(value)) {
    if (path === undefined && (key === 'status' || key === 'metadata')) continue;
    if (node.fields && Object.hasOwn(node.fields, key))
      checkRequired(node.fields[key]!, item, child(path, key), errors);
    else if (node.values) checkRequired(node.values, item, mapKey(path, key), errors);
  }
}

function checkPresence(node: SchemaNode, value: unknown, path: FieldPath, errors: FieldErrors): void {
  if (node.type === 'string' || node.intOrString || node.quantity) {
    if (value === undefined || value === '') errors.required(path);
    return;
  }
  if (value !== undefined || node.type !== 'object' || node.values) return;
  const before = errors.list.length;
  checkRequired(node, {}, path, errors);
  if (errors.list.length === before) errors.required(path);
}
