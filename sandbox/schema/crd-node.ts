import { objectMetaNode } from './builtin-facts.ts';
import { objectAt, textsAt } from './json-access.ts';
import { isObject, type JsonObject, type SchemaNode } from './schema-node.ts';

const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

/** Reads a structural schema (`spec.versions[].schema.openAPIV3Schema`). What is malformed in it is left out. */
export function nodeFromJsonSchema(schema: JsonObject): SchemaNode {
  const type = TYPES.has(String(schema['type']))
    ? (schema['type'] as NonNullable<SchemaNode['type']>)
    : undefined;
  const properties = objectAt(schema, 'properties');
  const values = schema['additionalProperties'];
  const items = objectAt(schema, 'items');
  return {
    jsonSchema: schema,
    ...(type && { type }),
    ...(typeof schema['format'] === 'string' && { format: schema['format'] }),
    ...(properties && { fields: nodesOf(properties) }),
    ...(isObject(values) && { values: nodeFromJsonSchema(values) }),
    ...(values === true && { values: { preserveUnknown: true } }),
    ...(items && { items: nodeFromJsonSchema(items) }),
    ...(Array.isArray(schema['required']) && { required: textsAt(schema, 'required') }),
    ...(Array.isArray(schema['enum']) && { enum: schema['enum'] as unknown[] }),
    ...(schema['default'] !== undefined && { default: schema['default'] }),
    ...(schema['nullable'] === true && { nullable: true }),
    ...extensions(schema),
  };
}

/** The schema of whole objects: what every object has comes on top of what the definition says. */
export function rootNodeFromJsonSchema(schema: JsonObject): SchemaNode {
  const node = nodeFromJsonSchema(schema);
  const fields = {
    ...node.fields,
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: objectMetaNode(),
  } as const;
  return { ...node, type: 'object', fields };
}

function nodesOf(properties: JsonObject): Record<string, SchemaNode> {
  const nodes: Record<string, SchemaNode> = {};
  for (const [key, value] of Object.entries(properties))
    if (isObject(value) && key !== '__proto__') nodes[key] = nodeFromJsonSchema(value);
  return nodes;
}

function extensions(schema: JsonObject): Partial<SchemaNode> {
  const listType = schema['x-kubernetes-list-type'];
  const mapType = schema['x-kubernetes-map-type'];
  return {
    ...(schema['x-kubernetes-int-or-string'] === true && { intOrString: true }),
    ...(schema['x-kubernetes-preserve-unknown-fields'] === true && { preserveUnknown: true }),
    ...(schema['x-kubernetes-embedded-resource'] === true && { embedded: true }),
    ...(typeof listType === 'string' && { listType: listType as 'map' }),
    ...(typeof mapType === 'string' && { mapType: mapType as 'atomic' }),
    ...(Array.isArray(schema['x-kubernetes-list-map-keys']) && {
      listKeys: textsAt(schema, 'x-kubernetes-list-map-keys'),
    }),
  };
}
