import { OpenApiDocuments } from '../schema/openapi/documents.ts';
import { encodeGnostic, GNOSTIC_TYPE } from '../schema/openapi/gnostic.ts';
import { sendJson } from './http-answer.ts';
import { notAcceptable } from './representation.ts';
import type { PathEndpoint } from './request-pipeline.ts';
import type { ResourceRegistry } from './resource-registry.ts';

/** `/openapi/v2` and `/openapi/v3/…`, as JSON; the first also as protobuf, which is all that kubectl takes. */
export function openApiPaths(registry: ResourceRegistry): PathEndpoint {
  let documents = new OpenApiDocuments(registry.all);
  let madeAt = registry.generation;
  let protobuf: Buffer | undefined;
  return (request, response, path) => {
    if (path !== '/openapi/v2' && !path.startsWith('/openapi/v3')) return false;
    if (madeAt !== registry.generation) {
      documents = new OpenApiDocuments(registry.all);
      madeAt = registry.generation;
      protobuf = undefined;
    }
    const document = documentAt(documents, path);
    if (!document) return false;
    const accept = request.headers.accept ?? '';
    if (path === '/openapi/v2' && accept.includes('proto-openapi.spec.v2')) {
      protobuf ??= encodeGnostic(document);
      response.writeHead(200, { 'content-type': GNOSTIC_TYPE }).end(protobuf);
      return true;
    }
    if (!/json|\*\/\*|^$/.test(accept)) throw notAcceptable();
    sendJson(request, response, 200, document);
    return true;
  };
}

function documentAt(documents: OpenApiDocuments, path: string): object | undefined {
  if (path === '/openapi/v2') return documents.v2();
  const below = path.slice('/openapi/v3'.length).replace(/^\//, '').replace(/\/$/, '');
  return below === '' ? documents.index() : documents.v3(below);
}
