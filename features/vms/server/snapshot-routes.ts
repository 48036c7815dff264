import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusError } from '@krateyard/status/status-error';
import { Task } from '@krateyard/tasks/task';
import {
  NamespaceQuery,
  RestoreInfo,
  RestoreRequest,
  SnapshotInfo,
  SnapshotRequest,
} from '../contract/vm-api.ts';
import type { VmsDeps } from './deps.ts';
import type { SnapshotDesk } from './snapshot-desk.ts';
import { SNAPSHOTS } from './snapshot-view.ts';
import { oneNamespace, visibleTo, seesWukongs } from './where.ts';

const Named = Type.Object({ name: Type.String({ minLength: 1, maxLength: 253 }) });
type Named = Static<typeof Named>;
const Taken = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  snapshot: SnapshotInfo,
  task: Task,
});
const Restoring = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  restore: Type.String({ description: 'Name of the restore, for GET /api/restores/{name}' }),
  task: Task,
});

const Removed = Type.Object({ success: Type.Literal(true), message: Type.String() });

const TAGS = ['vms'];

/** Snapshots of machines, and restores. */
export function snapshotRoutes(app: FastifyInstance, deps: VmsDeps, desk: SnapshotDesk): void {
  listRoutes(app, deps, desk);
  takeRoutes(app, deps, desk);
  restoreRoutes(app, deps, desk);
}

function listRoutes(app: FastifyInstance, deps: VmsDeps, desk: SnapshotDesk): void {
  app.get<{ Querystring: NamespaceQuery }>(
    '/api/snapshots',
    {
      schema: {
        summary: 'Snapshots of virtual machines, newest first',
        tags: TAGS,
        querystring: NamespaceQuery,
        response: { 200: Type.Array(SnapshotInfo) },
      },
    },
    async (request, reply): Promise<SnapshotInfo[]> => {
      const namespaces = await visibleTo(deps, request, SNAPSHOTS, request.query.namespace);
      reply.header('cache-control', 'no-store');
      const sees = await seesWukongs(deps, request, request.query.namespace);
      return desk.list(namespaces, sees, undefined, request.gone);
    },
  );
  app.get<{ Params: Named; Querystring: NamespaceQuery }>(
    '/api/vms/:name/snapshots',
    {
      schema: {
        summary: 'Snapshots of one machine, newest first',
        tags: TAGS,
        params: Named,
        querystring: NamespaceQuery,
        response: { 200: Type.Array(SnapshotInfo) },
      },
    },
    async (request, reply): Promise<SnapshotInfo[]> => {
      const namespace = oneNamespace(request.query.namespace, deps.namespace);
      await visibleTo(deps, request, SNAPSHOTS, namespace);
      reply.header('cache-control', 'no-store');
      const sees = await seesWukongs(deps, request, namespace);
      const { principal } = authenticationOf(request);
      return desk.listOf(principal, { namespace, name: request.params.name }, sees, request.gone);
    },
  );
}

function takeRoutes(app: FastifyInstance, deps: VmsDeps, desk: SnapshotDesk): void {
  app.post<{ Querystring: NamespaceQuery; Body: SnapshotRequest }>(
    '/api/snapshots',
    {
      schema: {
        summary: 'Take a snapshot',
        tags: TAGS,
        querystring: NamespaceQuery,
        body: SnapshotRequest,
        response: { 202: Taken },
      },
    },
    async (request, reply): Promise<Static<typeof Taken>> => {
      const { name, vmName, wukongName } = request.body;
      const of = vmName ?? wukongName;
      if (of === undefined) throw new StatusError('BadRequest', 'body must name the machine: vmName');
      const namespace = oneNamespace(request.query.namespace, deps.namespace);
      const { principal } = authenticationOf(request);
      const { snapshot, task } = await desk.take(principal, { namespace, name }, of, request.gone);
      reply.code(202);
      return { success: true, message: `Snapshot ${name} of ${of}: asked for.`, snapshot, task };
    },
  );
  app.delete<{ Params: Named; Querystring: NamespaceQuery }>(
    '/api/snapshots/:name',
    {
      schema: {
        summary: 'Delete a snapshot and what it holds',
        tags: TAGS,
        params: Named,
        querystring: NamespaceQuery,
        response: { 200: Removed },
      },
    },
    async (request, reply): Promise<Static<typeof Removed>> => {
      const at = {
        namespace: oneNamespace(request.query.namespace, deps.namespace),
        name: request.params.name,
      };
      await desk.remove(authenticationOf(request).principal, at, request.gone);
      reply.code(200);
      return { success: true, message: `Snapshot ${at.name} is deleted.` };
    },
  );
}

function restoreRoutes(app: FastifyInstance, deps: VmsDeps, desk: SnapshotDesk): void {
  app.post<{ Params: Named; Querystring: NamespaceQuery; Body: RestoreRequest }>(
    '/api/snapshots/:name/restore',
    {
      schema: {
        summary: 'Restore a snapshot, into its machine or a new one',
        tags: TAGS,
        params: Named,
        querystring: NamespaceQuery,
        body: RestoreRequest,
        response: { 202: Restoring },
      },
    },
    async (request, reply): Promise<Static<typeof Restoring>> => {
      const at = {
        namespace: oneNamespace(request.query.namespace, deps.namespace),
        name: request.params.name,
      };
      const { principal } = authenticationOf(request);
      const { name, task, note } = await desk.restore(principal, at, request.body.newVmName, request.gone);
      reply.code(202);
      const message = [`${task.title}: asked for.`, note].filter(Boolean).join(' ');
      return { success: true, message, restore: name, task };
    },
  );
  app.get<{ Params: Named; Querystring: NamespaceQuery }>(
    '/api/restores/:name',
    {
      schema: {
        summary: 'How a restore stands',
        tags: TAGS,
        params: Named,
        querystring: NamespaceQuery,
        response: { 200: RestoreInfo },
      },
    },
    (request) => {
      const at = {
        namespace: oneNamespace(request.query.namespace, deps.namespace),
        name: request.params.name,
      };
      return desk.readRestore(authenticationOf(request).principal, at, request.gone);
    },
  );
}
