import { canonicalQuantity, parseQuantity } from '@krateyard/kube/meta/quantity';
import { assertNever } from '@krateyard/status/assert-never';
import { StatusError } from '@krateyard/status/status-error';

import { child, element, formatPath, mapKey, type FieldPath } from './field-path.ts';
import { fieldNode, isObject, type JsonObject, type SchemaNode } from './schema-node.ts';

interface Decoding {
  /** `Deployment in version "v1" cannot be handled as a Deployment`. */
  readonly subject: string;
  readonly unknown: string[];
}

const MAX_INT32 = 2_147_483_647;
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Reads an object as its built-in type would be read, in place: unknown fields go (their paths are returned), nulls go,
 * quantities and times take their canonical form, optional lists and maps go when they are empty.
 * Throws StatusError BadRequest for a value that its field's type cannot hold.
 */
export function decodeBuiltin(
  node: SchemaNode,
  object: JsonObject,
  names: { kind: string; version: string },
): string[] {
  const decoding = {
    subject: `${names.kind} in version "${names.version}" cannot be handled as a ${names.kind}`,
    unknown: [],
  };
  decodeFields(node, object, undefined, decoding);
  return decoding.unknown;
}

function decodeFields(
  node: SchemaNode,
  object: JsonObject,
  path: FieldPath | undefined,
  decoding: Decoding,
  owner: SchemaNode = node,
): void {
  for (const key of Object.keys(object)) {
    const field = fieldNode(node, key);
    const at = node.fields ? child(path, key) : mapKey(path, key);
    if (!field) {
      if (node.preserveUnknown) continue;
      delete object[key];
      decoding.unknown.push(formatPath(at));
    } else if (object[key] === null || object[key] === undefined) {
      if (field.type !== undefined || field.quantity || field.intOrString) delete object[key];
    } else {
      object[key] = decodeValue(field, object[key], at, node.fields ? node : owner, decoding);
      if (isLeftOut(field, object[key]) && node.fields && !node.required?.includes(key)) delete object[key];
    }
  }
}

/** Go writes optional lists and maps only when something is in them; an empty structure stays. */
function isLeftOut(node: SchemaNode, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return node.values !== undefined && isObject(value) && Object.keys(value).length === 0;
}

function decodeValue(
  node: SchemaNode,
  value: unknown,
  path: FieldPath | undefined,
  parent: SchemaNode,
  decoding: Decoding,
): unknown {
  const wrong = (): unknown => reject(node, value, path, parent, decoding);
  if (node.quantity) return decodeQuantity(value, decoding) ?? wrong();
  if (node.intOrString) return typeof value === 'string' || isInt32(value) ? value : wrong();
  switch (node.type) {
    case undefined:
      return value;
    case 'object':
      if (!isObject(value)) return wrong();
      decodeFields(node, value, path, decoding, parent);
      return value;
    case 'array':
      if (!Array.isArray(value)) return wrong();
      return decodeItems(node, value, path, parent, decoding);
    case 'string':
      if (typeof value !== 'string') return wrong();
      return node.format === 'date-time' ? decodeTime(value, node, decoding) : value;
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong();
    case 'integer':
      return (node.format === 'int64' ? Number.isInteger(value) : isInt32(value)) ? value : wrong();
    case 'number':
      return typeof value === 'number' ? value : wrong();
    default:
      return assertNever(node.type);
  }
}

function decodeItems(
  node: SchemaNode,
  values: unknown[],
  path: FieldPath | undefined,
  parent: SchemaNode,
  decoding: Decoding,
): unknown[] {
  const { items } = node;
  if (!items) return values;
  for (const [index, value] of values.entries())
    values[index] =
      value === null && items.type === 'object'
        ? {}
        : value === null && items.type === 'string'
          ? ''
          : decodeValue(items, value, element(path, index), parent, decoding);
  return values;
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= MAX_INT32 + 1;
}

function decodeQuantity(value: unknown, decoding: Decoding): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (!parseQuantity(value))
    throw new StatusError(
      'BadRequest',
      `${decoding.subject}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    );
  return canonicalQuantity(value);
}

/** Times are kept in UTC: whole seconds, or microseconds where the type has them. */
function decodeTime(value: string, node: SchemaNode, decoding: Decoding): string {
  const ms = RFC3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms))
    throw new StatusError(
      'BadRequest',
      `${decoding.subject}: parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse`,
    );
  const seconds = new Date(ms).toISOString().slice(0, 19);
  if (!node.name?.endsWith('MicroTime')) return `${seconds}Z`;
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? '';
  return `${seconds}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

function reject(
  node: SchemaNode,
  value: unknown,
  path: FieldPath | undefined,
  parent: SchemaNode,
  decoding: Decoding,
): never {
  const owner = parent.name?.split('.').at(-1) ?? '';
  const field = formatPath(path).replaceAll(/\[[^\]]*\]/g, '');
  throw new StatusError(
    'BadRequest',
    `${decoding.subject}: json: cannot unmarshal ${jsonType(value)} into Go struct field ${owner}.${field} of type ${goType(node)}`,
  );
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return value === null ? 'null' : typeof value;
}

function goType(node: SchemaNode): string {
  if (node.name !== undefined) return node.name.split('.').slice(-2).join('.');
  if (node.type === 'array') return `[]${node.items ? goType(node.items) : 'interface {}'}`;
  if (node.type === 'object') return `map[string]${node.values ? goType(node.values) : 'interface {}'}`;
  if (node.type === 'boolean') return 'bool';
  return node.format?.startsWith('int') ? node.format : (node.type ?? 'interface {}');
}
