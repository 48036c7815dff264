import type { GroupVersionKind } from '@krateyard/kube/meta/group-version';

import type { ResourceDefinition } from '../../api/resource-definition.ts';
import { cloneJson } from '../../store/json-value.ts';
import { builtinFacts } from '../builtin-facts.ts';
import { describeField, describeType } from '../descriptions.ts';
import { isObject, type JsonObject, type SchemaNode } from '../schema-node.ts';

export type OpenApiVersion = 2 | 3;

export const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

/** Version 2 knows no combinations and no nulls, and Kubernetes leaves defaults out of it. */
const ONLY_IN_3 = ['oneOf', 'anyOf', 'allOf', 'not', 'nullable', 'default', 'x-kubernetes-validations'];

/** Writes types as OpenAPI schemas, and with them all types that they refer to. */
export class TypeSchemas {
  readonly schemas: Record<string, JsonObject> = {};
  readonly #version: OpenApiVersion;

  constructor(version: OpenApiVersion) {
    this.#version = version;
  }

  /** A reference to a built-in type by its full name; undefined where there is none of that name. */
  reference(name: string): JsonObject | undefined {
    const node = builtinFacts().named(name);
    if (!node) return undefined;
    this.#add(name, node);
    return { $ref: this.#path(name) };
  }

  /** References to a resource's type and to the type of its lists. */
  ofResource(definition: ResourceDefinition): { item: JsonObject; list: JsonObject } {
    return definition.custom ? this.#custom(definition) : this.#builtin(definition);
  }

  ofKind(gvk: GroupVersionKind): JsonObject | undefined {
    const name = builtinFacts().ofKind(gvk)?.name;
    return name === undefined ? undefined : this.reference(name);
  }

  #builtin(definition: ResourceDefinition): { item: JsonObject; list: JsonObject } {
    const anything = { type: 'object' };
    const item = this.ofKind(definition) ?? anything;
    return { item, list: this.ofKind({ ...definition, kind: `${definition.kind}List` }) ?? item };
  }

  #custom({ group, version, kind, custom }: ResourceDefinition): { item: JsonObject; list: JsonObject } {
    const name = `${group.split('.').toReversed().join('.')}.${version}.${kind}`;
    const schema = isObject(custom?.openApiSchema)
      ? this.#ofCustom(custom.openApiSchema)
      : { type: 'object' };
    const head = {
      apiVersion: { type: 'string', description: describeField('', 'apiVersion') },
      kind: { type: 'string', description: describeField('', 'kind') },
    };
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    this.schemas[name] = {
      ...schema,
      type: 'object',
      properties: { ...properties, ...head, metadata: this.reference(`${META}ObjectMeta`) },
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    };
    this.schemas[`${name}List`] = {
      type: 'object',
      description: `A list of objects of the kind ${kind}.`,
      required: ['items'],
      properties: {
        ...head,
        items: { type: 'array', items: { $ref: this.#path(name) } },
        metadata: this.reference(`${META}ListMeta`),
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind: `${kind}List` }],
    };
    return { item: { $ref: this.#path(name) }, list: { $ref: this.#path(`${name}List`) } };
  }

  #ofCustom(schema: JsonObject): JsonObject {
    const copy = cloneJson(schema);
    if (this.#version === 2) dropNewer(copy);
    return copy;
  }

  #add(name: string, node: SchemaNode): void {
    if (Object.hasOwn(this.schemas, name)) return;
    const schema: JsonObject = {};
    this.schemas[name] = schema;
    const description = describeType(name);
    Object.assign(schema, description !== '' && { description }, this.#body(node));
    const kinds = builtinFacts().kindsOf(name);
    if (kinds.length > 0) schema['x-kubernetes-group-version-kind'] = kinds;
    if (node.fields)
      schema['properties'] = Object.fromEntries(
        Object.entries(node.fields).map(([key, field]) => [key, this.#field(name, key, field)]),
      );
  }

  #field(owner: string, key: string, node: SchemaNode): JsonObject {
    const schema = this.#node(node);
    const description = describeField(owner, key);
    if (description === '') return schema;
    if (!('$ref' in schema)) return { description, ...schema };
    return this.#version === 2 ? { description, ...schema } : { description, allOf: [schema] };
  }

  #node(node: SchemaNode): JsonObject {
    if (node.name === undefined) return { ...this.#body(node), ...extensions(node) };
    this.#add(node.name, builtinFacts().named(node.name)!);
    const reference = { $ref: this.#path(node.name) };
    const more = { ...extensions(node, true), ...(this.#version === 3 && node.inline && { default: {} }) };
    if (Object.keys(more).length === 0) return reference;
    return this.#version === 2 ? { ...reference, ...more } : { allOf: [reference], ...more };
  }

  #body(node: SchemaNode): JsonObject {
    if (node.quantity)
      return this.#version === 2 ? { type: 'string' } : { oneOf: [{ type: 'string' }, { type: 'number' }] };
    if (node.intOrString)
      return this.#version === 2
        ? { type: 'string', format: 'int-or-string' }
        : { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
    return {
      ...(node.type && { type: node.type }),
      ...(node.format !== undefined && { format: node.format }),
      ...(node.enum && { enum: node.enum }),
      ...(this.#version === 3 && node.default !== undefined && { default: node.default }),
      ...(node.items && { items: this.#node(node.items) }),
      ...(node.values && { additionalProperties: this.#node(node.values) }),
      ...(node.required && { required: node.required }),
      ...(node.name !== undefined && node.fields && extensions(node)),
    };
  }

  #path(name: string): string {
    return `#/${this.#version === 2 ? 'definitions' : 'components/schemas'}/${name}`;
  }
}

/** What strategic merge and apply need to know. A struct's own map type stands at the struct, not where it is used. */
function extensions(node: SchemaNode, reference = false): JsonObject {
  const ofMap = node.mapType !== undefined && !reference && !node.preserveUnknown;
  return {
    ...(node.listKeys && { 'x-kubernetes-list-map-keys': node.listKeys }),
    ...(node.listType && { 'x-kubernetes-list-type': node.listType }),
    ...(ofMap && { 'x-kubernetes-map-type': node.mapType }),
    ...(node.patchMergeKey !== undefined && { 'x-kubernetes-patch-merge-key': node.patchMergeKey }),
    ...(node.patchStrategy !== undefined && { 'x-kubernetes-patch-strategy': node.patchStrategy }),
  };
}

function dropNewer(schema: JsonObject): void {
  for (const key of ONLY_IN_3) delete schema[key];
  if (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-int-or-string'] === true
  )
    delete schema['type'];
  for (const child of [schema['items'], schema['additionalProperties']])
    if (isObject(child)) dropNewer(child);
  const properties = schema['properties'];
  if (isObject(properties))
    for (const child of Object.values(properties)) if (isObject(child)) dropNewer(child);
}
