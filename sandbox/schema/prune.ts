import { isStatusError, StatusError } from '@krateyard/status/status-error';

import { objectMetaNode } from './builtin-facts.ts';
import { decodeBuiltin } from './decode.ts';
import { child, element, formatPath, type FieldPath } from './field-path.ts';
import { isObject, type JsonObject, type SchemaNode } from './schema-node.ts';

/**
 * Takes out of a custom resource what its schema does not have, in place, and returns the paths. What the schema marks to be
 * kept is kept; values of the wrong type are left for validation.
 */
export function pruneUnknown(
  node: SchemaNode,
  object: JsonObject,
  names: { kind: string; version: string },
): string[] {
  const pruning: Pruning = { names, unknown: [] };
  pruneValue(node, object, undefined, pruning);
  return pruning.unknown;
}

interface Pruning {
  readonly names: { readonly kind: string; readonly version: string };
  readonly unknown: string[];
}

function pruneValue(node: SchemaNode, value: unknown, path: FieldPath | undefined, pruning: Pruning): void {
  if (Array.isArray(value)) {
    if (!node.items) return;
    for (const [index, item] of value.entries()) pruneValue(node.items, item, element(path, index), pruning);
    return;
  }
  if (isObject(value)) pruneFields(node, value, path, pruning);
}

const EMBEDDED: Readonly<Record<string, SchemaNode>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
};

function pruneFields(
  node: SchemaNode,
  value: JsonObject,
  path: FieldPath | undefined,
  pruning: Pruning,
): void {
  if (node.embedded) decodeEmbedded(value, child(path, 'metadata'), pruning);
  for (const key of Object.keys(value)) {
    const field = knownField(node, key);
    if (field) pruneValue(field, value[key], child(path, key), pruning);
    else if (!node.preserveUnknown) {
      delete value[key];
      pruning.unknown.push(formatPath(child(path, key)));
    }
  }
}

/** The metadata of an object within an object is read as such. Throws StatusError BadRequest where it cannot be. */
function decodeEmbedded(value: JsonObject, path: FieldPath, { names, unknown }: Pruning): void {
  const { metadata } = value;
  if (!isObject(metadata)) return;
  const shown = JSON.stringify(metadata);
  try {
    for (const field of decodeBuiltin(objectMetaNode(), metadata, names))
      unknown.push(`${formatPath(path)}.${field}`);
  } catch (error) {
    if (!isStatusError(error)) throw error;
    const [subject, ...reason] = error.message.split(': ');
    const why = reason.join(': ');
    throw new StatusError('BadRequest', `${subject}: ${formatPath(path)}: Invalid value: ${shown}: ${why}`);
  }
}

function knownField(node: SchemaNode, key: string): SchemaNode | undefined {
  if (node.embedded && key === 'metadata') return objectMetaNode();
  if (node.fields && Object.hasOwn(node.fields, key)) return node.fields[key];
  if (node.embedded && Object.hasOwn(EMBEDDED, key)) return EMBEDDED[key];
  return node.values;
}
