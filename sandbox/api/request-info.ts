import { badRequest } from './api-errors.ts';

/** What a request is about, read from its method and URL as apiserver's RequestInfo is. */
export interface RequestInfo {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** A Kubernetes verb for resources, the method in lower case for other paths. */
  readonly verb: string;
  readonly target: ResourceTarget | undefined;
}

export interface ResourceTarget {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** '' for cluster-scoped resources and for all namespaces. */
  readonly namespace: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** Asked for by the old path `…/watch/…`. */
  readonly watch?: true;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Parts of namespaces that have a path, and so are no resources in the namespace. */
const NAMESPACE_PARTS = new Set(['status', 'finalize']);

export function readRequestInfo(method: string, url: string): RequestInfo {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
  const target = readTarget(path);
  return { method, path, query, target, verb: target ? verbOf(method, target, query) : method.toLowerCase() };
}

function readTarget(path: string): ResourceTarget | undefined {
  const parts = path.split('/').slice(1).map(decode);
  if (parts.at(-1) === '') parts.pop();
  if (parts[0] === 'api' && parts.length > 2) return inGroup('', parts[1]!, parts.slice(2));
  if (parts[0] === 'apis' && parts.length > 3) return inGroup(parts[1]!, parts[2]!, parts.slice(3));
  return undefined;
}

function inGroup(group: string, version: string, rest: readonly string[]): ResourceTarget {
  if (rest[0] === 'watch') return { ...inGroup(group, version, rest.slice(1)), watch: true };
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && !NAMESPACE_PARTS.has(rest[2]!);
  const namespace = scoped ? rest[1]! : '';
  const [resource, name, ...below] = scoped ? rest.slice(2) : rest;
  const subresource = below.length > 0 ? below.join('/') : undefined;
  return { group, version, resource: resource!, namespace, name, subresource };
}

function verbOf(method: string, target: ResourceTarget, query: URLSearchParams): string {
  const verb = VERBS[method] ?? '';
  if (verb === 'get' && target.watch) return 'watch';
  if (target.name !== undefined) return verb;
  if (verb === 'delete') return 'deletecollection';
  if (verb !== 'get') return verb;
  return isTrue(query.get('watch')) ? 'watch' : 'list';
}

/** Go's reading of a boolean query parameter. */
export function isTrue(text: string | null): boolean {
  return text !== null && text !== 'false' && text !== '0';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`the path has a malformed escape in ${JSON.stringify(part)}`);
  }
}
