import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { OpenShell, OpenedShell, ShellList } from '../../contract/shell-protocol.ts';
import type { Shells } from './shells.ts';

/** Sessions over HTTP: who has one, opening without a socket, ending. */
export function shellRoutes(app: FastifyInstance, shells: Shells): void {
  app.get(
    '/api/shells',
    {
      schema: {
        summary: 'Shell sessions that you may join',
        tags: ['workspace'],
        response: { 200: ShellList },
      },
    },
    async (request, reply): Promise<ShellList> => {
      reply.header('cache-control', 'no-store');
      return { items: await shells.list(authenticationOf(request).principal, request.gone) };
    },
  );
  app.post<{ Body: OpenShell }>(
    '/api/shells',
    {
      schema: {
        summary: 'Open a shell; its socket is to come',
        tags: ['workspace'],
        body: OpenShell,
        response: { 201: OpenedShell },
      },
    },
    async (request, reply): Promise<OpenedShell> => {
      const { principal } = authenticationOf(request);
      const asker = { principal, requestId: request.id };
      const { id, owner, place } = await shells.open(asker, request.body, request.gone);
      reply.code(201).header('cache-control', 'no-store');
      return {
        session: id,
        you: owner.id,
        key: owner.key,
        container: place.container,
        command: [...place.command],
        holdMs: shells.bounds.holdMs,
      };
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/shells/:id',
    {
      schema: {
        summary: 'End a session of yours',
        tags: ['workspace'],
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await shells.end(authenticationOf(request).principal, request.params.id, request.gone);
      return reply.code(204).send(null);
    },
  );
}
