import type { FastifyInstance } from 'fastify';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { Rights, RightsAnswer, RightsQuery, RightsQuestion } from '../../contract/rights-api.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { answerQuestion, rightsOf } from './rights-actions.ts';

/** `GET /api/rights` and `POST /api/rights/question`: what am I allowed to do? */
export function rightsRoutes(app: FastifyInstance, deps: WorkspaceDeps): void {
  app.get<{ Querystring: RightsQuery }>(
    '/api/rights',
    {
      schema: {
        summary: 'What you may do, in a namespace or everywhere',
        tags: ['workspace'],
        querystring: RightsQuery,
        response: { 200: Rights },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      return rightsOf(deps, authenticationOf(request).principal, request.query.namespace, request.gone);
    },
  );
  app.post<{ Body: RightsQuestion }>(
    '/api/rights/question',
    {
      schema: {
        summary: 'Whether you may do one thing, and why',
        tags: ['workspace'],
        body: RightsQuestion,
        response: { 200: RightsAnswer },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      return answerQuestion(deps, authenticationOf(request).principal, request.body, request.gone);
    },
  );
}
