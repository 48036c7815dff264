import type { ServerResponse } from 'node:http';
import { OpenApiDocuments } from '../schema/openapi/documents.ts';
import { encodeGnostic, GNOSTIC_TYPE } from '../schema/openapi/gnostic.ts';
import { sendJson } from './http-answer.ts';
import { notAcceptable } from './representation.ts';
import type { PathEndpoint } from './request-pipeline.ts';
import type { ResourceRegistry } from './resource-registry.ts';

const PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/**
 * An OpenAPI v2 document without any types, as gnostic's protobuf `Document`: swagger (1), info (2) with title (1) and version
 * (2). kubectl asks for it to validate `kind: List`, and leaves that to the server for types that it does not find.
 */
const BARE_V2 = Buffer.concat([text(1, '2.0'), text(2, Buffer.concat([text(1, 'Kubernetes'), text(2, 'v1.34.0')]))]);

function text(field: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes]);
}

function sendBare(response: ServerResponse): void {
  response.setHeader('Content-Type', PROTOBUF_V2);
  response.end(BARE_V2);
}

/** `/openapi/v2` and `/openapi/v3/…`, as JSON; the first also as protobuf, which is all that kubectl takes. */
export function openApiPaths(registry: ResourceRegistry): PathEndpoint {
  let documents = new OpenApiDocuments(registry.all);
  let madeAt = registry.generation;
  return (request, response, path) => {
    if (path !== '/openapi/v2' && !path.startsWith('/openapi/v3')) return false;
    if (madeAt !== registry.generation) {
      documents = new OpenApiDocuments(registry.all);
      madeAt = registry.generation;
    }
    const document = documentAt(documents, path);
    if (!document) return false;
    const accept = request.headers.accept ?? '';
    if (path === '/openapi/v2' && accept.includes('proto-openapi.spec.v2')) {
      response.writeHead(200, { 'content-type': GNOSTIC_TYPE }).end(encodeGnostic(document));
      return true;
    }
    if (path === '/openapi/v2' && (request.headers.accept ?? '').startsWith(PROTOBUF_V2)) {
      sendBare(response);
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
