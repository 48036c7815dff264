import { OpenApiDocuments } from '../schema/openapi/documents.ts';
import { sendJson } from './http-answer.ts';
import { notAcceptable } from './representation.ts';
import type { PathEndpoint } from './request-pipeline.ts';
import type { ResourceRegistry } from './resource-registry.ts';

/** `/openapi/v2` and `/openapi/v3/…`, as JSON; 406 for clients that take nothing else than protobuf. */
export function openApiPaths(registry: ResourceRegistry): PathEndpoint {
  let documents = new OpenApiDocuments(registry.all);
  let madeAt = registry.generation;
  return (request, response, path) => {
    if (path !== '/openapi/v2' && !path.startsWith('/openapi/v3')) return false;
    if (!/json|\*\/\*|^$/.test(request.headers.accept ?? '')) throw notAcceptable();
    if (madeAt !== registry.generation) {
      documents = new OpenApiDocuments(registry.all);
      madeAt = registry.generation;
    }
    const document = documentAt(documents, path);
    if (!document) return false;
    sendJson(request, response, 200, document);
    return true;
  };
}

function documentAt(documents: OpenApiDocuments, path: string): object | undefined {
  if (path === '/openapi/v2') return documents.v2();
  const below = path.slice('/openapi/v3'.length).replace(/^\//, '').replace(/\/$/, '');
  return below === '' ? documents.index() : documents.v3(below);
}
