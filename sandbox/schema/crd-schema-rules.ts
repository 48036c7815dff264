/** What makes a schema of a CustomResourceDefinition structural, and what Kubernetes forbids in it. */
import { nodeFromJsonSchema } from './crd-node.ts';
import { checkStructural } from './crd-values.ts';
import { FieldErrors } from './field-errors.ts';
import { child, element, formatPath, mapKey, type FieldPath } from './field-path.ts';
import { objectAt, objectsAt, textAt, textsAt } from './json-access.ts';
import { isObject, type JsonObject } from './schema-node.ts';

type Path = FieldPath | undefined;

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const FORBIDDEN = [
  'id',
  '$schema',
  '$ref',
  'definitions',
  'dependencies',
  'patternProperties',
  'additionalItems',
];
/** Inside of allOf, anyOf, oneOf and not, only values may be restricted. */
const STRUCTURE_ONLY = [
  'type',
  'description',
  'default',
  'nullable',
  'additionalProperties',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
];
const MAX_DEPTH = 100;

export function checkStructuralSchema(schema: JsonObject, path: Path, errors: FieldErrors): void {
  if (schema['type'] !== undefined && schema['type'] !== 'object')
    errors.invalid(child(path, 'type'), schema['type'], 'must be object at the root');
  checkImplicitMetadata(schema, child(path, 'properties'), errors);
  checkNode(schema, path, 'at the root', errors, 0);
}

function checkImplicitMetadata(schema: JsonObject, path: Path, errors: FieldErrors): void {
  const metadata = objectAt(objectAt(schema, 'properties'), 'metadata');
  const fields = Object.keys(objectAt(metadata, 'properties') ?? {});
  if (fields.some((field) => field !== 'name' && field !== 'generateName'))
    errors.forbidden(
      mapKey(path, 'metadata'),
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    );
}

function checkNode(schema: JsonObject, path: Path, where: string, errors: FieldErrors, depth: number): void {
  if (depth > MAX_DEPTH) {
    errors.forbidden(path, `schemas may not be nested more than ${MAX_DEPTH} deep`);
    return;
  }
  checkType(schema, path, where, errors);
  checkForbidden(schema, path, errors);
  checkListType(schema, path, errors);
  checkDefault(schema, path, errors);
  const properties = objectAt(schema, 'properties') ?? {};
  for (const [key, value] of Object.entries(properties))
    if (isObject(value))
      checkNode(
        value,
        mapKey(child(path, 'properties'), key),
        'for specified object fields',
        errors,
        depth + 1,
      );
  const { items, additionalProperties: values } = schema;
  if (isObject(items)) checkNode(items, child(path, 'items'), 'for specified array items', errors, depth + 1);
  else if (schema['type'] === 'array') errors.required(child(path, 'items'), 'must be specified');
  if (isObject(values))
    checkNode(values, child(path, 'additionalProperties'), 'for specified object fields', errors, depth + 1);
  for (const list of ['allOf', 'anyOf', 'oneOf'])
    for (const [index, part] of objectsAt(schema, list).entries())
      checkValueRules(part, element(child(path, list), index), schema, errors);
  const not = objectAt(schema, 'not');
  if (not) checkValueRules(not, child(path, 'not'), schema, errors);
}

function checkType(schema: JsonObject, path: Path, where: string, errors: FieldErrors): void {
  const type = textAt(schema, 'type') ?? '';
  const free =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (type !== '' && !TYPES.includes(type)) errors.unsupported(child(path, 'type'), type, TYPES);
  else if (type === '' && (!free || where === 'at the root'))
    errors.required(child(path, 'type'), `must not be empty ${where}`);
  if (type !== '' && schema['x-kubernetes-int-or-string'] === true)
    errors.invalid(child(path, 'type'), type, 'must be empty if x-kubernetes-int-or-string is true');
}

function checkForbidden(schema: JsonObject, path: Path, errors: FieldErrors): void {
  for (const key of FORBIDDEN)
    if (schema[key] !== undefined) errors.forbidden(child(path, key), `${key} is not supported`);
  if (schema['uniqueItems'] === true)
    errors.forbidden(
      child(path, 'uniqueItems'),
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    );
  const values = schema['additionalProperties'];
  if (values === false)
    errors.forbidden(child(path, 'additionalProperties'), 'additionalProperties cannot be set to false');
  else if (values !== undefined && schema['properties'] !== undefined)
    errors.forbidden(
      child(path, 'additionalProperties'),
      'additionalProperties and properties are mutual exclusive',
    );
}

function checkListType(schema: JsonObject, path: Path, errors: FieldErrors): void {
  const type = textAt(schema, 'x-kubernetes-list-type');
  if (type === undefined) return;
  if (!['atomic', 'set', 'map'].includes(type))
    errors.unsupported(child(path, 'x-kubernetes-list-type'), type, ['atomic', 'map', 'set']);
  if (schema['type'] !== 'array')
    errors.invalid(
      child(path, 'type'),
      schema['type'] ?? '',
      'must be array if x-kubernetes-list-type is specified',
    );
  if (type !== 'map') return;
  const keys = textsAt(schema, 'x-kubernetes-list-map-keys');
  if (keys.length === 0)
    errors.required(
      child(path, 'x-kubernetes-list-map-keys'),
      'must not be empty if x-kubernetes-list-type is map',
    );
  checkListKeys(keys, objectAt(schema, 'items') ?? {}, path, errors);
}

function checkListKeys(keys: readonly string[], items: JsonObject, path: Path, errors: FieldErrors): void {
  const properties = objectAt(items, 'properties') ?? {};
  const required = textsAt(items, 'required');
  for (const [index, key] of keys.entries()) {
    const property = objectAt(properties, key);
    if (!property)
      errors.invalid(
        element(child(path, 'x-kubernetes-list-map-keys'), index),
        key,
        'entries must all be names of item properties',
      );
    else if (!required.includes(key) && property['default'] === undefined)
      errors.required(
        child(mapKey(child(child(path, 'items'), 'properties'), key), 'default'),
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      );
  }
}

function checkDefault(schema: JsonObject, path: Path, errors: FieldErrors): void {
  const value = schema['default'];
  if (value === undefined) return;
  const found = new FieldErrors();
  checkStructural(
    nodeFromJsonSchema({ type: 'object', properties: { default: schema } }),
    { default: value },
    found,
  );
  for (const error of found.list) {
    const rest = error.field.slice('default'.length);
    const text = error.message.replaceAll(
      `${error.field} in body`,
      `${formatPath(path)}.default${rest} in body`,
    );
    errors.add(child(path, `default${rest}`), error.reason, text);
  }
}

/** Value rules only restrict what the structure has said already. */
function checkValueRules(part: JsonObject, path: Path, structure: JsonObject, errors: FieldErrors): void {
  const intOrString = structure['x-kubernetes-int-or-string'] === true;
  for (const key of STRUCTURE_ONLY)
    if (part[key] !== undefined && !(intOrString && key === 'type'))
      errors.forbidden(child(path, key), 'must be empty to be structural');
  const known = objectAt(structure, 'properties') ?? {};
  for (const [key, value] of Object.entries(objectAt(part, 'properties') ?? {})) {
    const at = mapKey(child(path, 'properties'), key);
    const below = objectAt(known, key);
    if (!below)
      errors.required(
        mapKey(child(pathOfStructure(path), 'properties'), key),
        `because it is defined in ${formatPath(at)}`,
      );
    else if (isObject(value)) checkValueRules(value, at, below, errors);
  }
}

/** The path of the schema that a value rule (`….anyOf[0]`, `….not`) belongs to. */
function pathOfStructure(path: Path): Path {
  return path?.text.startsWith('[') ? path.parent?.parent : path?.parent;
}
