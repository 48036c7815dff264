import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { NamespaceQuery } from '../../contract/vm-api.ts';
import {
  CreateQuery,
  VmChanged,
  VmChangeRequest,
  VmCreated,
  VmCreateRequest,
  VmDryRun,
  VmEditable,
  VmOptions,
} from '../../contract/vm-create.ts';
import type { VmsDeps } from '../deps.ts';
import { oneNamespace } from '../where.ts';
import type { CreateDesk } from './create-desk.ts';
import type { ChangeDesk } from './change-desk.ts';
import { tellInside } from './tell-inside.ts';
import { readOptions } from './vm-options.ts';

const VmName = Type.Object({ name: Type.String({ minLength: 1, maxLength: 253 }) });
type VmName = Static<typeof VmName>;

const TAGS = ['vms'];

/** Making machines, changing them, and what there is to choose from. */
export function createRoutes(
  app: FastifyInstance,
  deps: VmsDeps,
  desk: CreateDesk,
  changes: ChangeDesk,
): void {
  app.post<{ Querystring: CreateQuery; Body: VmCreateRequest }>(
    '/api/vms',
    {
      schema: {
        summary: 'Make a machine; with ?dryRun=true only show what would come of it',
        tags: TAGS,
        querystring: CreateQuery,
        body: VmCreateRequest,
        response: { 200: VmDryRun, 201: VmCreated },
      },
      errorHandler: tellInside,
    },
    async (request, reply): Promise<VmDryRun | VmCreated> => {
      const { principal } = authenticationOf(request);
      const namespace = oneNamespace(request.query.namespace, deps.namespace);
      if (request.query.dryRun === true)
        return desk.preview(principal, request.body, namespace, request.gone);
      const created = await desk.create(principal, request.body, namespace, request.gone);
      reply.code(201);
      return created;
    },
  );
  app.get<{ Querystring: NamespaceQuery }>(
    '/api/vm-options',
    {
      schema: {
        summary: 'What a new machine can be made of, as far as one may list it',
        tags: TAGS,
        querystring: NamespaceQuery,
        response: { 200: VmOptions },
      },
    },
    (request, reply): Promise<VmOptions> => {
      const namespace = oneNamespace(request.query.namespace, deps.namespace);
      reply.header('cache-control', 'no-store');
      return readOptions(deps, authenticationOf(request).principal, namespace, request.gone);
    },
  );
  changeRoutes(app, deps, changes);
}

function changeRoutes(app: FastifyInstance, deps: VmsDeps, changes: ChangeDesk): void {
  app.get<{ Params: VmName; Querystring: NamespaceQuery }>(
    '/api/vms/:name/edit',
    {
      schema: {
        summary: 'What of a machine can be changed, as it is now',
        tags: TAGS,
        params: VmName,
        querystring: NamespaceQuery,
        response: { 200: VmEditable },
      },
    },
    (request, reply): Promise<VmEditable> => {
      const namespace = oneNamespace(request.query.namespace, deps.namespace);
      reply.header('cache-control', 'no-store');
      return changes.read(
        authenticationOf(request).principal,
        { namespace, name: request.params.name },
        request.gone,
      );
    },
  );
  app.patch<{ Params: VmName; Querystring: NamespaceQuery; Body: VmChangeRequest }>(
    '/api/vms/:name',
    {
      schema: {
        summary: 'Change cpu, memory, run strategy or labels of a machine',
        tags: TAGS,
        params: VmName,
        querystring: NamespaceQuery,
        body: VmChangeRequest,
        response: { 200: VmChanged, 202: VmChanged },
      },
    },
    async (request, reply): Promise<VmChanged> => {
      const { principal } = authenticationOf(request);
      const at = {
        namespace: oneNamespace(request.query.namespace, deps.namespace),
        name: request.params.name,
      };
      const changed = await changes.change(principal, at, request.body, request.gone);
      reply.code(changed.task ? 202 : 200);
      return changed;
    },
  );
}
