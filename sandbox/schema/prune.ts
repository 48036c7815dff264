import { objectMetaNode } from './builtin-facts.ts';
import { child, element, formatPath, type FieldPath } from './field-path.ts';
import { isObject, type JsonObject, type SchemaNode } from './schema-node.ts';

/**
 * Takes out of a custom resource what its schema does not have, in place, and returns the paths. What the schema marks to be
 * kept is kept; values of the wrong type are left for validation.
 */
export function pruneUnknown(node: SchemaNode, object: JsonObject): string[] {
  const unknown: string[] = [];
  pruneValue(node, object, undefined, unknown);
  return unknown;
}

function pruneValue(node: SchemaNode, value: unknown, path: FieldPath | undefined, unknown: string[]): void {
  if (Array.isArray(value)) {
    if (!node.items) return;
    for (const [index, item] of value.entries()) pruneValue(node.items, item, element(path, index), unknown);
    return;
  }
  if (isObject(value)) pruneFields(node, value, path, unknown);
}

const EMBEDDED: Readonly<Record<string, SchemaNode>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
};

function pruneFields(
  node: SchemaNode,
  value: JsonObject,
  path: FieldPath | undefined,
  unknown: string[],
): void {
  for (const key of Object.keys(value)) {
    const field = knownField(node, key);
    if (field) pruneValue(field, value[key], child(path, key), unknown);
    else if (!node.preserveUnknown) {
      delete value[key];
      unknown.push(formatPath(child(path, key)));
    }
  }
}

function knownField(node: SchemaNode, key: string): SchemaNode | undefined {
  if (node.embedded && key === 'metadata') return objectMetaNode();
  if (node.fields && Object.hasOwn(node.fields, key)) return node.fields[key];
  if (node.embedded && Object.hasOwn(EMBEDDED, key)) return EMBEDDED[key];
  return node.values;
}
