import { at, fieldsAt, listAt, textAt } from '../../../contract/columns/read.ts';
import type { KindSchema, SchemaNode } from '../../../contract/kind-schema.ts';

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Fields whose description says more than this are few, and nobody reads on in a hover. */
const MAX_DESCRIPTION = 600;
const REF_PREFIX = '#/components/schemas/';
/** A recursive schema (JSONSchemaProps) ends by its references; only a generated one nests deeper. */
const MAX_DEPTH = 48;

/**
 * Of an OpenAPI v3 document the schema of one kind and every definition that it reaches, in the short form of the contract;
 * undefined where the document does not have the kind.
 */
export function trimSchema(document: unknown, gvk: GroupVersionKind): KindSchema | undefined {
  const schemas = fieldsAt(document, 'components', 'schemas');
  const name = Object.keys(schemas).find((one) =>
    listAt(schemas[one], 'x-kubernetes-group-version-kind').some((entry) => isSame(entry, gvk)),
  );
  if (name === undefined) return undefined;
  const definitions: Record<string, SchemaNode> = {};
  const wanted = [name];
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (Object.hasOwn(definitions, next) || !Object.hasOwn(schemas, next)) continue;
    definitions[next] = trimmed(schemas[next], (ref) => wanted.push(ref), 0);
  }
  return { root: { ref: name }, definitions };
}

function isSame(entry: unknown, { group, version, kind }: GroupVersionKind): boolean {
  return (
    (textAt(entry, 'group') ?? '') === group &&
    textAt(entry, 'version') === version &&
    textAt(entry, 'kind') === kind
  );
}

function trimmed(schema: unknown, onRef: (name: string) => void, depth: number): SchemaNode {
  if (depth > MAX_DEPTH) return {};
  const inner = (value: unknown): SchemaNode => trimmed(value, onRef, depth + 1);
  const ref = refOf(schema);
  if (ref !== undefined) onRef(ref);
  const properties = fieldsAt(schema, 'properties');
  const additional = at(schema, 'additionalProperties');
  const items = at(schema, 'items');
  const values = listAt(schema, 'enum') as NonNullable<SchemaNode['values']>;
  const required = listAt(schema, 'required') as readonly string[];
  const description = textAt(schema, 'description');
  const type = typeOf(schema);
  return {
    ...(ref !== undefined && { ref }),
    ...(type !== undefined && { type }),
    ...(textAt(schema, 'format') !== null && { format: textAt(schema, 'format')! }),
    ...(description !== null && description !== '' && { description: shortened(description) }),
    ...(Object.keys(properties).length > 0 && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([field, value]) => [field, inner(value)]),
      ),
    }),
    ...(typeof additional === 'object' && additional !== null && { additional: inner(additional) }),
    ...(typeof items === 'object' && items !== null && { items: inner(items) }),
    ...(required.length > 0 && { required }),
    ...(values.length > 0 && { values }),
    ...(isTelling(at(schema, 'default')) && { standard: at(schema, 'default') }),
    ...((at(schema, 'x-kubernetes-preserve-unknown-fields') === true || additional === true) && {
      open: true,
    }),
  };
}

/** Kubernetes wraps a reference that has a description or a default into an `allOf` of one. */
function refOf(schema: unknown): string | undefined {
  const ref = textAt(schema, '$ref') ?? textAt(listAt(schema, 'allOf')[0], '$ref');
  return ref?.startsWith(REF_PREFIX) ? ref.slice(REF_PREFIX.length) : undefined;
}

const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

function typeOf(schema: unknown): SchemaNode['type'] | undefined {
  if (at(schema, 'x-kubernetes-int-or-string') === true || textAt(schema, 'format') === 'int-or-string')
    return 'int-or-string';
  const type = textAt(schema, 'type') ?? '';
  return TYPES.has(type) ? (type as NonNullable<SchemaNode['type']>) : undefined;
}

/** `{}` is what every optional object has by default. */
function isTelling(standard: unknown): boolean {
  if (standard === undefined || standard === null || standard === '') return false;
  return typeof standard !== 'object' || Object.keys(standard).length > 0;
}

function shortened(description: string): string {
  if (description.length <= MAX_DESCRIPTION) return description;
  return `${description.slice(0, MAX_DESCRIPTION).replace(/\s+\S*$/, '')} …`;
}
