import type { ResourceDefinition, SubresourceDefinition } from '../../api/resource-definition.ts';
import type { JsonObject } from '../schema-node.ts';
import { META, type OpenApiVersion, type TypeSchemas } from './type-schemas.ts';

const WRITE = ['dryRun', 'fieldManager', 'fieldValidation'];
const LIST = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const DELETE = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];
const TYPES: Readonly<Record<string, string>> = {
  limit: 'integer',
  timeoutSeconds: 'integer',
  gracePeriodSeconds: 'integer',
  allowWatchBookmarks: 'boolean',
  sendInitialEvents: 'boolean',
  orphanDependents: 'boolean',
  watch: 'boolean',
  force: 'boolean',
};
const PATCHES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

interface Method {
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  readonly action: string;
  readonly query: readonly string[];
}

const METHODS: Readonly<Record<string, Method>> = {
  get: { method: 'get', action: 'get', query: [] },
  list: { method: 'get', action: 'list', query: LIST },
  create: { method: 'post', action: 'post', query: WRITE },
  update: { method: 'put', action: 'put', query: WRITE },
  patch: { method: 'patch', action: 'patch', query: [...WRITE, 'force'] },
  delete: { method: 'delete', action: 'delete', query: DELETE },
  deletecollection: { method: 'delete', action: 'deletecollection', query: [...LIST, ...DELETE] },
};

interface Target {
  readonly definition: ResourceDefinition;
  readonly subresource: SubresourceDefinition | undefined;
  readonly item: JsonObject;
  readonly list: JsonObject;
}

/** The paths of a resource and its subresources, with what can be done there. */
export function pathsOf(
  definition: ResourceDefinition,
  types: TypeSchemas,
  version: OpenApiVersion,
): Record<string, JsonObject> {
  const { group, version: apiVersion, resource, namespaced, verbs } = definition;
  const root = group === '' ? `/api/${apiVersion}` : `/apis/${group}/${apiVersion}`;
  const base = namespaced ? `${root}/namespaces/{namespace}/${resource}` : `${root}/${resource}`;
  const own: Target = { definition, subresource: undefined, ...types.ofResource(definition) };
  const named = (...names: readonly string[]): string[] =>
    names.filter((verb) => verbs.includes(verb as 'get'));
  const write = (target: Target, verbsThere: readonly string[]): JsonObject =>
    operationsOf(target, verbsThere, types, version);
  const paths: Record<string, JsonObject> = {};
  const put = (path: string, operations: JsonObject): void => {
    if (Object.keys(operations).length > 0)
      paths[path] = { ...operations, parameters: pathParameters(path, version) };
  };
  put(base, write(own, named('list', 'create', 'deletecollection')));
  if (namespaced) put(`${root}/${resource}`, write(own, named('list')));
  put(`${base}/{name}`, write(own, named('get', 'update', 'patch', 'delete')));
  for (const subresource of definition.subresources) {
    const item = subresourceType(definition, subresource, own.item, types);
    put(`${base}/{name}/${subresource.name}`, write({ ...own, subresource, item }, subresource.verbs));
  }
  return paths;
}

function subresourceType(
  definition: ResourceDefinition,
  subresource: SubresourceDefinition,
  own: JsonObject,
  types: TypeSchemas,
): JsonObject {
  if (subresource.kind === definition.kind) return own;
  const group = subresource.group ?? definition.group;
  const version = subresource.version ?? definition.version;
  return types.ofKind({ group, version, kind: subresource.kind }) ?? { type: 'object' };
}

function operationsOf(
  target: Target,
  verbs: readonly string[],
  types: TypeSchemas,
  version: OpenApiVersion,
): JsonObject {
  const operations: JsonObject = {};
  for (const verb of verbs) {
    const known = METHODS[verb];
    if (known) operations[known.method] = operation(target, verb, known, types, version);
  }
  return operations;
}

function operation(
  target: Target,
  verb: string,
  { action, query }: Method,
  types: TypeSchemas,
  version: OpenApiVersion,
): JsonObject {
  const { definition, subresource } = target;
  const status = types.reference(`${META}Status`)!;
  const answer = verb === 'list' ? target.list : verb.startsWith('delete') ? status : target.item;
  const kind = {
    group: subresource?.group ?? definition.group,
    version: subresource?.version ?? definition.version,
    kind: subresource?.kind ?? definition.kind,
  };
  const parts = [verb, definition.group, definition.version, definition.kind, subresource?.name ?? ''];
  const parameters = query.map((name) => parameter(name, 'query', version));
  const body = bodyOf(verb, target.item, types);
  return {
    operationId: parts.map(capitalized).join('').replaceAll(/\W/g, ''),
    tags: [`${definition.group.split('.')[0] || 'core'}_${definition.version}`],
    parameters:
      version === 2 && body ? [{ name: 'body', in: 'body', schema: body }, ...parameters] : parameters,
    ...(version === 3 && body && { requestBody: { content: contents(verb, body) } }),
    responses: {
      200: {
        description: 'OK',
        ...(version === 3 ? { content: { 'application/json': { schema: answer } } } : { schema: answer }),
      },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  };
}

function bodyOf(verb: string, item: JsonObject, types: TypeSchemas): JsonObject | undefined {
  if (verb === 'create' || verb === 'update') return item;
  if (verb === 'patch') return types.reference(`${META}Patch`);
  return verb.startsWith('delete') ? types.reference(`${META}DeleteOptions`) : undefined;
}

function contents(verb: string, schema: JsonObject): JsonObject {
  const media = verb === 'patch' ? PATCHES : ['application/json'];
  return Object.fromEntries(media.map((type) => [type, { schema }]));
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function parameter(name: string, where: 'query' | 'path', version: OpenApiVersion): JsonObject {
  const type = TYPES[name] ?? 'string';
  return {
    name,
    in: where,
    ...(where === 'path' && { required: true }),
    ...(version === 3 ? { schema: { type } } : { type }),
  };
}

function pathParameters(path: string, version: OpenApiVersion): JsonObject[] {
  return ['namespace', 'name']
    .filter((name) => path.includes(`{${name}}`))
    .map((name) => parameter(name, 'path', version));
}
