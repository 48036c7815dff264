import type { FastifyInstance } from 'fastify';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { KindSchema, SchemaQuery } from '../../contract/kind-schema.ts';
import { ObjectQuery, RelationList } from '../../contract/relations.ts';
import { WhoCan } from '../../contract/who-can.ts';
import type { WorkspaceDeps } from '../deps.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';
import type { ObjectActions } from '../resources/object-actions.ts';
import { whoCan } from './access/who-can-actions.ts';
import { relationsOf } from './relations/relation-actions.ts';
import { KindSchemas } from './schema/kind-schemas.ts';

type PageDeps = Pick<WorkspaceDeps, 'access' | 'actingAs' | 'cache' | 'kinds' | 'logger'> & {
  readonly directory: KindDirectory;
  readonly actions: ObjectActions;
};

/** `GET /api/relations`, `/api/who-can` and `/api/schema`: what an object's page shows beside the object. */
export function objectPageRoutes(app: FastifyInstance, deps: PageDeps): void {
  const schemas = new KindSchemas(deps.actingAs);
  app.get<{ Querystring: ObjectQuery }>(
    '/api/relations',
    schema('What an object owns, uses, selects, and the other way round', ObjectQuery, RelationList),
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      const { kind, name, ns } = request.query;
      const target = await deps.actions.target(kind, name, ns, request.gone);
      return relationsOf(deps, authenticationOf(request).principal, target, request.gone);
    },
  );
  app.get<{ Querystring: ObjectQuery }>(
    '/api/who-can',
    schema('Who may do what to an object, as far as you may read RBAC', ObjectQuery, WhoCan),
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      const { kind, name, ns } = request.query;
      const target = await deps.actions.target(kind, name, ns, request.gone);
      return whoCan(deps, authenticationOf(request).principal, target, request.gone);
    },
  );
  app.get<{ Querystring: SchemaQuery }>(
    '/api/schema',
    schema('The schema of a kind, for editors', SchemaQuery, KindSchema),
    async (request, reply) => {
      reply.header('cache-control', 'private, no-cache');
      const kind = await deps.directory.resolve(request.query.kind, request.gone);
      return schemas.of(authenticationOf(request).principal, kind, request.gone);
    },
  );
}

function schema(summary: string, querystring: unknown, answer: unknown): { schema: Record<string, unknown> } {
  return { schema: { summary, tags: ['workspace'], querystring, response: { 200: answer } } };
}
