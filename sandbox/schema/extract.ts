/**
 * Reads the types of the built-in kinds from a real API server and writes `builtin.gen.ts`: names, types and rules, no
 * descriptions. Run it with `KUBECONFIG=… node sandbox/schema/extract.ts` when the Kubernetes version moves.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

import type { PackedFacts, PackedNode, PackedType } from './packed-facts.ts';

const DOCUMENTS = [
  'api/v1',
  'apis/admissionregistration.k8s.io/v1',
  'apis/apiextensions.k8s.io/v1',
  'apis/apiregistration.k8s.io/v1',
  'apis/apps/v1',
  'apis/authentication.k8s.io/v1',
  'apis/authorization.k8s.io/v1',
  'apis/autoscaling/v1',
  'apis/autoscaling/v2',
  'apis/batch/v1',
  'apis/certificates.k8s.io/v1',
  'apis/coordination.k8s.io/v1',
  'apis/discovery.k8s.io/v1',
  'apis/events.k8s.io/v1',
  'apis/flowcontrol.apiserver.k8s.io/v1',
  'apis/networking.k8s.io/v1',
  'apis/node.k8s.io/v1',
  'apis/policy/v1',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/scheduling.k8s.io/v1',
  'apis/storage.k8s.io/v1',
];
/** Types whose OpenAPI form says too little: what they hold is any JSON. */
const ANYTHING = /\.(JSON|JSONSchemaPropsOrBool|JSONSchemaPropsOrArray|JSONSchemaPropsOrStringArray)$/;
/** Of the meta types that every group's document repeats for every group, only the core's own GVKs are facts. */
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

interface OpenApiSchema {
  type?: string;
  format?: string;
  properties?: Record<string, OpenApiSchema>;
  additionalProperties?: OpenApiSchema | boolean;
  items?: OpenApiSchema;
  required?: string[];
  enum?: string[];
  default?: unknown;
  allOf?: OpenApiSchema[];
  oneOf?: OpenApiSchema[];
  $ref?: string;
  [extension: `x-kubernetes-${string}`]: unknown;
}

function raw(path: string): { components: { schemas: Record<string, OpenApiSchema> } } {
  return JSON.parse(
    execFileSync('kubectl', ['get', '--raw', path], {
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'inherit'],
    }).toString(),
  );
}

function packScalar(schema: OpenApiSchema): string {
  if (schema.format === 'int-or-string') return 'x';
  if (schema.oneOf) return 'q';
  switch (schema.type ?? 'any') {
    case 'integer':
      return schema.format === 'int64' ? 'l' : 'i';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'object':
      return 'o';
    case 'string':
      return schema.format === 'date-time' ? 't' : schema.format === 'byte' ? 'y' : 's';
    default:
      return '*';
  }
}

function packNode(schema: OpenApiSchema, indexOf: (name: string) => number): PackedNode {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  const patch = {
    ...(schema['x-kubernetes-list-type'] !== undefined && { l: schema['x-kubernetes-list-type'] as string }),
    ...(schema['x-kubernetes-list-map-keys'] !== undefined && {
      k: schema['x-kubernetes-list-map-keys'] as string[],
    }),
    ...(schema['x-kubernetes-map-type'] !== undefined && { m: schema['x-kubernetes-map-type'] as string }),
    ...(schema['x-kubernetes-patch-strategy'] !== undefined && {
      p: schema['x-kubernetes-patch-strategy'] as string,
    }),
    ...(schema['x-kubernetes-patch-merge-key'] !== undefined && {
      g: schema['x-kubernetes-patch-merge-key'] as string,
    }),
  };
  if (reference) {
    const number = indexOf(reference.slice('#/components/schemas/'.length)) + 1;
    // A struct that cannot be absent in Go has {} as its default.
    const type = JSON.stringify(schema.default) === '{}' ? -number : number;
    return Object.keys(patch).length === 0 ? type : { t: type, ...patch };
  }
  if (schema.items) return { a: packNode(schema.items, indexOf), ...patch };
  if (typeof schema.additionalProperties === 'object')
    return { v: packNode(schema.additionalProperties, indexOf), ...patch };
  const scalar = packScalar(schema);
  const extra = {
    ...patch,
    ...(schema.enum && { e: schema.enum }),
    ...(isTelling(schema.default) && { d: schema.default }),
  };
  return Object.keys(extra).length === 0 ? scalar : { t: scalar, ...extra };
}

/** Zero values stand as defaults on every required field; they are no fact. */
function isTelling(value: unknown): boolean {
  return (
    value !== undefined && value !== '' && value !== 0 && value !== false && JSON.stringify(value) !== '{}'
  );
}

function packType(name: string, schema: OpenApiSchema, indexOf: (name: string) => number): PackedType {
  const gvks = schema['x-kubernetes-group-version-kind'] as
    | { group: string; version: string; kind: string }[]
    | undefined;
  const own =
    gvks && !name.startsWith(META) ? gvks.map((gvk) => [gvk.group, gvk.version, gvk.kind]) : undefined;
  const head = { n: name, ...(own && { k: own as [string, string, string][] }) };
  if (ANYTHING.test(name)) return { ...head, s: '*' };
  if (!schema.properties) return { ...head, s: packNode(schema, indexOf) };
  const fields = Object.entries(schema.properties).map(([key, field]) => [key, packNode(field, indexOf)]);
  return {
    ...head,
    f: Object.fromEntries(fields) as Record<string, PackedNode>,
    ...(schema.required && { r: schema.required }),
    ...(schema['x-kubernetes-map-type'] !== undefined && { m: schema['x-kubernetes-map-type'] as string }),
  };
}

function extract(): PackedFacts {
  const schemas = new Map<string, OpenApiSchema>();
  for (const path of DOCUMENTS)
    for (const [name, schema] of Object.entries(raw(`/openapi/v3/${path}`).components.schemas))
      schemas.set(name, schema);
  const names = [...schemas.keys()].sort();
  const indices = new Map(names.map((name, index) => [name, index]));
  const indexOf = (name: string): number => {
    const index = indices.get(name);
    if (index === undefined) throw new Error(`no type named ${name}`);
    return index;
  };
  return { types: names.map((name) => packType(name, schemas.get(name)!, indexOf)) };
}

const text = JSON.stringify(extract())
  .replaceAll('\\', String.raw`\\`)
  .replaceAll("'", String.raw`\'`);
writeFileSync(
  new URL('builtin.gen.ts', import.meta.url),
  `// Written by extract.ts from the API server of Kubernetes 1.34: facts about its types. Do not edit.\nexport const FACTS =\n  '${text}';\n`,
);
