import type { FastifyInstance } from 'fastify';
import type { AccessQuestion } from '@krateyard/auth/access';
import { forbidden } from '@krateyard/auth/forbidden';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { AccessAnswers, AccessRequest, type AccessCheck } from '../../contract/access-api.ts';
import type { WorkspaceDeps } from '../deps.ts';

/** `POST /api/access`: what this person may do, so that the console can say beforehand what the API server would refuse. */
export function accessRoute(app: FastifyInstance, { access }: Pick<WorkspaceDeps, 'access'>): void {
  app.post<{ Body: AccessRequest }>(
    '/api/access',
    {
      schema: {
        summary: 'Whether you may do each of these',
        tags: ['workspace'],
        body: AccessRequest,
        response: { 200: AccessAnswers },
      },
    },
    async (request, reply) => {
      const { principal } = authenticationOf(request);
      const questions = request.body.checks.map(questionOf);
      const answers = await Promise.all(
        questions.map((question) => access.check(principal, question, request.gone)),
      );
      reply.header('cache-control', 'private, no-store');
      return {
        answers: answers.map((answer, index) => ({
          allowed: answer.allowed,
          reason: answer.allowed ? '' : forbidden(principal, questions[index]!, answer).message,
        })),
      };
    },
  );
}

/** Rights do not depend on the version. */
function questionOf({ verb, group, resource, subresource, namespace, name }: AccessCheck): AccessQuestion {
  return {
    verb: verb as AccessQuestion['verb'],
    resource: { group, version: '*', resource },
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && namespace !== '' && { namespace }),
    ...(name !== undefined && { name }),
  };
}
