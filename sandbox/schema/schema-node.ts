export type JsonObject = Record<string, unknown>;

/** What is known of one place in an object, of built-in types and custom resources alike. Nodes may be cyclic. */
export interface SchemaNode {
  /** The type's name in OpenAPI documents, where it has one. */
  readonly name?: string;
  /** Absent: any JSON. */
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  /** Known fields; with neither these nor `values` an object may hold anything. */
  readonly fields?: Readonly<Record<string, SchemaNode>>;
  /** Of a map: what its values are. */
  readonly values?: SchemaNode;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly intOrString?: boolean;
  readonly quantity?: boolean;
  /** Fields that the schema does not have are kept. */
  readonly preserveUnknown?: boolean;
  /** An API object of its own: has apiVersion, kind and metadata. */
  readonly embedded?: boolean;
  /** A struct that is always there, if only empty: in Go a value, no pointer. */
  readonly inline?: boolean;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  /** `merge`, `replace`, `retainKeys`, `merge,retainKeys`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  /** The JSON schema of a custom resource that the node was made from: patterns, bounds, combinations. */
  readonly jsonSchema?: JsonObject;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The node of a field of `node`: a known field's, or that of the values of a map; undefined where it is unknown. */
export function fieldNode(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  if (node?.fields && Object.hasOwn(node.fields, key)) return node.fields[key];
  return node?.values;
}
