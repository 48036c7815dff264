import type { FastifyInstance } from 'fastify';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { ClusterInfo, KindList } from '../../contract/resource-api.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { clusterInfo } from './cluster-actions.ts';
import { readKindListing } from './kind-listing.ts';

/** `GET /api/cluster` and `GET /api/resources`. */
export function clusterRoutes(app: FastifyInstance, deps: WorkspaceDeps): void {
  app.get(
    '/api/cluster',
    {
      schema: { summary: 'The cluster, and you in it', tags: ['workspace'], response: { 200: ClusterInfo } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      return clusterInfo(deps, authenticationOf(request).principal, request.gone);
    },
  );
  app.get(
    '/api/resources',
    { schema: { summary: 'The kinds that you may list', tags: ['workspace'], response: { 200: KindList } } },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      const listing = await readKindListing(deps, authenticationOf(request).principal, request.gone);
      return { items: await listing.items(request.gone) };
    },
  );
}
