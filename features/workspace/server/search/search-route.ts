import type { FastifyInstance } from 'fastify';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { SearchQuery, SearchResult } from '../../contract/search-api.ts';
import type { WorkspaceDeps } from '../deps.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';
import { searchObjects } from './search-actions.ts';
import { SearchedKinds } from './searched-kinds.ts';

/** `GET /api/search`: objects by name, among all that you may see. */
export function searchRoute(
  app: FastifyInstance,
  deps: WorkspaceDeps & { readonly directory: KindDirectory },
): void {
  const searched = new SearchedKinds(deps);
  app.addHook('onClose', () => searched[Symbol.dispose]());
  app.get<{ Querystring: SearchQuery }>(
    '/api/search',
    {
      schema: {
        summary: 'Objects by name, among those that you may see',
        tags: ['workspace'],
        querystring: SearchQuery,
        response: { 200: SearchResult },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      const { principal } = authenticationOf(request);
      return searchObjects({ ...deps, searched }, principal, request.query, request.gone);
    },
  );
}
