import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { ConsoleInfo } from '../../contract/console-protocol.ts';
import { NamespaceQuery } from '../../contract/vm-api.ts';
import type { VmsDeps } from '../deps.ts';
import { oneNamespace } from '../where.ts';
import type { ConsoleDesk } from './console-desk.ts';

const VmName = Type.Object({ name: Type.String({ minLength: 1, maxLength: 253 }) });
type VmName = Static<typeof VmName>;

/** What is to know of a console without opening it. */
export function consoleRoutes(app: FastifyInstance, deps: VmsDeps, desk: ConsoleDesk): void {
  app.get<{ Params: VmName; Querystring: NamespaceQuery }>(
    '/api/vms/:name/console/info',
    {
      schema: {
        summary: 'Whether a machine’s serial console can be used, and who is there',
        tags: ['vms'],
        params: VmName,
        querystring: NamespaceQuery,
        response: { 200: ConsoleInfo },
      },
    },
    (request, reply): Promise<ConsoleInfo> => {
      reply.header('cache-control', 'no-store');
      const namespace = oneNamespace(request.query.namespace, deps.namespace);
      const at = { namespace, name: request.params.name };
      return desk.info(authenticationOf(request).principal, at, request.gone);
    },
  );
}
