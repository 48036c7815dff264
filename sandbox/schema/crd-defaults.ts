import { cloneJson } from '../store/json-value.ts';
import { fieldNode, isObject, type JsonObject, type SchemaNode } from './schema-node.ts';

/**
 * Fills in a structural schema's defaults, in place. Nulls that a field may not hold go first, so that a default can take
 * their place.
 */
export function applyStructuralDefaults(node: SchemaNode, value: unknown): void {
  if (Array.isArray(value)) {
    if (node.items) for (const item of value) applyStructuralDefaults(node.items, item);
  } else if (isObject(value)) defaultFields(node, value);
}

function defaultFields(node: SchemaNode, object: JsonObject): void {
  for (const [key, field] of Object.entries(node.fields ?? {})) {
    if (object[key] === null && !field.nullable && field.jsonSchema) delete object[key];
    if (object[key] === undefined && field.default !== undefined && field.jsonSchema)
      object[key] = cloneJson(field.default);
  }
  for (const key of Object.keys(object)) {
    const field = fieldNode(node, key);
    if (field?.jsonSchema) applyStructuralDefaults(field, object[key]);
  }
}
