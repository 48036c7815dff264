import { equalJson } from '../store/json-value.ts';
import { checkFormat } from './crd-formats.ts';
import { FieldErrors, shown } from './field-errors.ts';
import { child, element, formatPath, type FieldPath } from './field-path.ts';
import { numberAt, objectAt, objectsAt, textAt } from './json-access.ts';
import { isObject, type JsonObject, type SchemaNode } from './schema-node.ts';
import type { FieldError } from './type-schema.ts';

/** A custom resource against its structural schema: types, bounds, combinations, uniqueness in sets and maps. */
export function checkStructural(node: SchemaNode, object: JsonObject, errors: FieldErrors): void {
  const { metadata: _metadata, apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  checkRules({ ...node.jsonSchema, type: 'object' }, rest, undefined, errors, RESERVED);
  checkLists(node, object, undefined, errors);
}

const RESERVED = new Set(['apiVersion', 'kind', 'metadata']);
const NONE: ReadonlySet<string> = new Set();

function checkRules(
  schema: JsonObject,
  value: unknown,
  path: FieldPath | undefined,
  errors: FieldErrors,
  known: ReadonlySet<string> = NONE,
): void {
  if (value === null && schema['nullable'] === true) return;
  if (!checkType(schema, value, path, errors)) return;
  checkEnum(schema, value, path, errors);
  if (typeof value === 'string') checkText(schema, value, path, errors);
  else if (typeof value === 'number') checkNumber(schema, value, path, errors);
  else if (Array.isArray(value)) checkArray(schema, value, path, errors);
  else if (isObject(value)) checkObject(schema, value, path, errors, known);
  checkCombinations(schema, value, path, errors, known);
}

function checkType(
  schema: JsonObject,
  value: unknown,
  path: FieldPath | undefined,
  errors: FieldErrors,
): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (typeof value === 'string' || Number.isInteger(value)) return true;
    errors.wrongType(path, typeName(value), typeMessage(path, 'integer,string', value));
    return false;
  }
  const { type } = schema;
  if (typeof type !== 'string' || type === '' || isOfType(type, value)) return true;
  errors.wrongType(path, typeName(value), typeMessage(path, type, value));
  return false;
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const body = (path: FieldPath | undefined): string => `${formatPath(path)} in body`;

const typeMessage = (path: FieldPath | undefined, type: string, value: unknown): string =>
  `${body(path)} must be of type ${type}: ${JSON.stringify(typeName(value))}`;

function checkEnum(
  schema: JsonObject,
  value: unknown,
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  const supported = schema['enum'];
  if (Array.isArray(supported) && !supported.some((item) => equalJson(item, value)))
    errors.unsupported(path, value, supported);
}

function checkText(
  schema: JsonObject,
  value: string,
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  const length = Array.from(value).length;
  const maximum = numberAt(schema, 'maxLength');
  if (maximum !== undefined && length > maximum) errors.tooLong(path, maximum);
  const minimum = numberAt(schema, 'minLength');
  if (minimum !== undefined && length < minimum)
    errors.invalid(path, value, `${body(path)} should be at least ${minimum} chars long`);
  const pattern = textAt(schema, 'pattern');
  if (pattern !== undefined && compiled(pattern)?.test(value) === false)
    errors.invalid(path, value, `${body(path)} should match '${pattern}'`);
  const format = textAt(schema, 'format');
  if (format !== undefined && !checkFormat(format, value))
    errors.wrongType(path, value, `${body(path)} must be of type ${format}: ${shown(value)}`);
}

const patterns = new Map<string, RegExp | undefined>();

/** Go's syntax for the most part; what only Go knows (`(?i)`, `\z`) is rewritten or not checked. */
function compiled(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) {
    if (patterns.size > 5000) patterns.clear();
    patterns.set(pattern, compile(pattern));
  }
  return patterns.get(pattern);
}

function compile(pattern: string): RegExp | undefined {
  const flags = /^\(\?([is]+)\)/.exec(pattern);
  const source = (flags ? pattern.slice(flags[0].length) : pattern).replaceAll(String.raw`\z`, '$');
  for (const unicode of ['u', ''])
    try {
      return new RegExp(source, (flags?.[1] ?? '') + unicode);
    } catch {
      // tried without the flag that makes escapes strict, then given up
    }
  return undefined;
}

function checkNumber(
  schema: JsonObject,
  value: number,
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  const minimum = numberAt(schema, 'minimum');
  const maximum = numberAt(schema, 'maximum');
  const step = numberAt(schema, 'multipleOf');
  const above = schema['exclusiveMinimum'] === true;
  const below = schema['exclusiveMaximum'] === true;
  if (minimum !== undefined && (above ? value <= minimum : value < minimum))
    errors.invalid(
      path,
      value,
      `${body(path)} should be greater than ${above ? '' : 'or equal to '}${minimum}`,
    );
  if (maximum !== undefined && (below ? value >= maximum : value > maximum))
    errors.invalid(path, value, `${body(path)} should be less than ${below ? '' : 'or equal to '}${maximum}`);
  if (step !== undefined && !Number.isInteger(value / step))
    errors.invalid(path, value, `${body(path)} should be a multiple of ${step}`);
}

function checkArray(
  schema: JsonObject,
  value: unknown[],
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  const maximum = numberAt(schema, 'maxItems');
  if (maximum !== undefined && value.length > maximum) errors.tooMany(path, value.length, maximum);
  const minimum = numberAt(schema, 'minItems');
  if (minimum !== undefined && value.length < minimum)
    errors.invalid(path, value.length, `${body(path)} should have at least ${minimum} items`);
  if (
    schema['uniqueItems'] === true &&
    new Set(value.map((item) => JSON.stringify(item))).size < value.length
  )
    errors.invalid(path, value, `${body(path)} shouldn't contain duplicates`);
  const items = objectAt(schema, 'items');
  if (items)
    for (const [index, item] of value.entries()) checkRules(items, item, element(path, index), errors);
}

function checkObject(
  schema: JsonObject,
  value: JsonObject,
  path: FieldPath | undefined,
  errors: FieldErrors,
  known: ReadonlySet<string>,
): void {
  const count = Object.keys(value).length;
  const maximum = numberAt(schema, 'maxProperties');
  if (maximum !== undefined && count > maximum) errors.tooMany(path, count, maximum);
  const minimum = numberAt(schema, 'minProperties');
  if (minimum !== undefined && count < minimum)
    errors.invalid(path, count, `${body(path)} should have at least ${minimum} properties`);
  for (const name of Array.isArray(schema['required']) ? (schema['required'] as string[]) : [])
    if (!Object.hasOwn(value, name) && !known.has(name)) errors.required(child(path, name));
  checkEmbedded(schema, value, path, errors);
  const properties = objectAt(schema, 'properties') ?? {};
  const values = objectAt(schema, 'additionalProperties');
  for (const [key, item] of Object.entries(value)) {
    const field = Object.hasOwn(properties, key) ? objectAt(properties, key) : values;
    if (field) checkRules(field, item, child(path, key), errors);
  }
}

function checkEmbedded(
  schema: JsonObject,
  value: JsonObject,
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  if (schema['x-kubernetes-embedded-resource'] !== true) return;
  for (const name of ['apiVersion', 'kind'])
    if (typeof value[name] !== 'string' || value[name] === '') errors.required(child(path, name));
}

function checkCombinations(
  schema: JsonObject,
  value: unknown,
  path: FieldPath | undefined,
  errors: FieldErrors,
  known: ReadonlySet<string>,
): void {
  const failuresOf = (part: JsonObject): FieldErrors => {
    const found = new FieldErrors();
    checkRules(part, value, path, found, known);
    return found;
  };
  for (const part of objectsAt(schema, 'allOf')) checkRules(part, value, path, errors, known);
  const any = objectsAt(schema, 'anyOf').map(failuresOf);
  if (any.length > 0 && any.every(({ list }) => list.length > 0)) {
    errors.combination(path, 'must validate at least one schema (anyOf)');
    errors.list.push(...fewest(any));
  }
  const one = objectsAt(schema, 'oneOf').map(failuresOf);
  const valid = one.filter(({ list }) => list.length === 0).length;
  if (one.length > 0 && valid !== 1) {
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
    errors.combination(path, `must validate one and only one schema (oneOf). ${found}`);
    if (valid === 0) errors.list.push(...fewest(one));
  }
  const not = objectAt(schema, 'not');
  if (not && failuresOf(not).list.length === 0)
    errors.combination(path, 'must not validate the schema (not)');
}

/** The failures of the alternative that is closest to holding. */
function fewest(alternatives: readonly FieldErrors[]): readonly FieldError[] {
  return alternatives
    .map(({ list }) => list)
    .reduce((best, list) => (list.length < best.length ? list : best));
}

/** Sets hold a value once, maps a key once. */
function checkLists(
  node: SchemaNode,
  value: unknown,
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  if (Array.isArray(value)) {
    if (node.listType === 'set' || node.listType === 'map') checkUnique(node, value, path, errors);
    for (const [index, item] of value.entries())
      if (node.items) checkLists(node.items, item, element(path, index), errors);
  } else if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      const field = node.fields?.[key] ?? node.values;
      if (field?.jsonSchema) checkLists(field, item, child(path, key), errors);
    }
}

function checkUnique(
  node: SchemaNode,
  value: unknown[],
  path: FieldPath | undefined,
  errors: FieldErrors,
): void {
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const key =
      node.listType === 'map' && isObject(item)
        ? Object.fromEntries((node.listKeys ?? []).map((name) => [name, item[name]]))
        : item;
    const text = JSON.stringify(key);
    if (seen.has(text)) errors.duplicate(element(path, index), key);
    seen.add(text);
  }
}
