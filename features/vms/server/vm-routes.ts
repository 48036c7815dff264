import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusError } from '@krateyard/status/status-error';
import {
  NamespaceQuery,
  VmActionAccepted,
  VmActionRequest,
  VmInfo,
  VmListQuery,
  VmStats,
} from '../contract/vm-api.ts';
import type { Books } from './books.ts';
import type { VmsDeps } from './deps.ts';
import { machineFor } from './machine-for.ts';
import { VIRTUAL_MACHINES } from './machine-types.ts';
import { oneNamespace, seesUsage, visibleTo } from './where.ts';
import type { VmActions } from './vm-actions.ts';
import { vmStats } from './vm-view.ts';

const VmName = Type.Object({ name: Type.String({ minLength: 1, maxLength: 253 }) });
type VmName = Static<typeof VmName>;

const TAGS = ['vms'];

/** Machines: lists, one, numbers, actions. */
export function vmRoutes(app: FastifyInstance, deps: VmsDeps, books: Books, actions: VmActions): void {
  listRoutes(app, deps, books);
  machineRoutes(app, deps, books, actions);
}

function listRoutes(app: FastifyInstance, deps: VmsDeps, books: Books): void {
  app.get<{ Querystring: VmListQuery }>(
    '/api/vms',
    {
      schema: {
        summary: 'Virtual machines',
        tags: TAGS,
        querystring: VmListQuery,
        response: { 200: Type.Array(VmInfo) },
      },
    },
    async (request, reply): Promise<VmInfo[]> => {
      const { namespace, search, status, offset = 0, limit } = request.query;
      const namespaces = await visibleTo(deps, request, VIRTUAL_MACHINES, namespace);
      using use = await books.use();
      const metered = await seesUsage(deps, request, namespace);
      const found = [...use.book.in(namespaces, metered)].filter(chosen(search, status)).toSorted(byName);
      reply.header('x-total-count', String(found.length)).header('cache-control', 'no-store');
      return found.slice(offset, limit === undefined ? undefined : offset + limit);
    },
  );
  app.get<{ Querystring: NamespaceQuery }>(
    '/api/vms/stats',
    {
      schema: {
        summary: 'Machines in numbers',
        tags: TAGS,
        querystring: NamespaceQuery,
        response: { 200: VmStats },
      },
    },
    async (request, reply): Promise<VmStats> => {
      const namespaces = await visibleTo(deps, request, VIRTUAL_MACHINES, request.query.namespace);
      using use = await books.use();
      reply.header('cache-control', 'no-store');
      return vmStats(use.book.in(namespaces));
    },
  );
}

function machineRoutes(app: FastifyInstance, deps: VmsDeps, books: Books, actions: VmActions): void {
  /** The machine, for who may get it. Throws Forbidden, NotFound. */
  const machineOf = async (
    request: FastifyRequest<{ Params: VmName; Querystring: NamespaceQuery }>,
  ): Promise<VmInfo> => {
    const { principal } = authenticationOf(request);
    const namespace = oneNamespace(request.query.namespace, deps.namespace);
    const { name } = request.params;
    using use = await books.use();
    const vm = await machineFor(deps, principal, use.book, { namespace, name }, request.gone);
    return existing(vm, namespace, name);
  };
  const withUsage = async (
    request: FastifyRequest<{ Params: VmName; Querystring: NamespaceQuery }>,
  ): Promise<VmInfo> => {
    const vm = await machineOf(request);
    const metered = await seesUsage(deps, request, vm.namespace);
    using use = await books.use();
    return use.book.get(`${vm.namespace}/${vm.name}`, metered(vm.namespace)) ?? vm;
  };
  app.get<{ Params: VmName; Querystring: NamespaceQuery }>(
    '/api/vms/:name',
    {
      schema: {
        summary: 'One machine',
        tags: TAGS,
        params: VmName,
        querystring: NamespaceQuery,
        response: { 200: VmInfo },
      },
    },
    (request) => withUsage(request),
  );
  app.post<{ Params: VmName; Querystring: NamespaceQuery; Body: VmActionRequest }>(
    '/api/vms/:name/action',
    {
      schema: {
        summary: 'Start, stop, restart, pause, unpause, reset, migrate or delete a machine',
        tags: TAGS,
        params: VmName,
        querystring: NamespaceQuery,
        body: VmActionRequest,
        response: { 202: VmActionAccepted },
      },
    },
    async (request, reply): Promise<VmActionAccepted> => {
      const vm = await machineOf(request);
      const { principal } = authenticationOf(request);
      const done = await actions.act(principal, vm, request.body.action, request.gone);
      reply.code(202);
      return { success: true, ...done };
    },
  );
}

function existing(vm: VmInfo | undefined, namespace: string, name: string): VmInfo {
  if (vm) return vm;
  throw new StatusError('NotFound', `There is no virtual machine "${name}" in ${namespace}.`, {
    details: { name, kind: 'virtualmachines', group: 'kubevirt.io' },
  });
}

function chosen(search: string | undefined, status: string | undefined): (vm: VmInfo) => boolean {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const statuses = new Set((status ?? '').toLowerCase().split(',').filter(Boolean));
  return (vm) => {
    if (statuses.size > 0 && !statuses.has(vm.status.toLowerCase())) return false;
    const text = `${vm.name} ${vm.namespace} ${vm.nodeName} ${vm.ipAddress} ${vm.status}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

const byName = (a: VmInfo, b: VmInfo): number =>
  a.namespace === b.namespace ? (a.name < b.name ? -1 : 1) : a.namespace < b.namespace ? -1 : 1;
