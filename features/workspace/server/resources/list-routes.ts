import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { ListQuery, ResourceList } from '../../contract/resource-api.ts';
import { KIND_PATHS, kindPathOf, type KindParams } from './kind-routes.ts';
import { withList, type ExportFile, type ListDeps } from './list-actions.ts';

/** `GET /api/resources/{kind}`. */
export function listRoutes(app: FastifyInstance, deps: ListDeps): void {
  for (const { path, params } of KIND_PATHS) {
    app.get<{ Params: KindParams; Querystring: ListQuery }>(
      `/api/resources${path}`,
      {
        schema: {
          summary: 'Objects of one kind that you may see, from the cache',
          tags: ['workspace'],
          params,
          querystring: ListQuery,
          response: { 200: ResourceList },
        },
      },
      (request, reply) => answer(deps, request, reply),
    );
  }
}

const FILE_TYPES = { yaml: 'application/yaml; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const;

function sendFile(reply: FastifyReply, file: ExportFile, format: 'yaml' | 'csv'): FastifyReply {
  return reply
    .header('cache-control', 'private, no-store')
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .header('x-krateyard-left-out', file.leftOut)
    .type(FILE_TYPES[format])
    .send(file.stream());
}

async function answer(
  deps: ListDeps,
  request: FastifyRequest<{ Params: KindParams; Querystring: ListQuery }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { principal } = authenticationOf(request);
  const path = kindPathOf(request.params);
  return withList(deps, principal, path, request.query, request.gone, ({ etag, body, file }) => {
    const { format = 'json' } = request.query;
    if (format === 'yaml' || format === 'csv') return sendFile(reply, file(format), format);
    // What one person may see is not for a shared cache, and has to be asked for again.
    reply
      .header('etag', etag)
      .header('cache-control', 'private, no-cache')
      .header('vary', 'cookie, authorization');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    const { bytes, stream } = body();
    reply.type('application/json; charset=utf-8').header('content-length', bytes);
    return reply.send(stream());
  });
}
