import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { forbidden } from '@krateyard/auth/forbidden';
import type { Principal } from '@krateyard/auth/principal';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusError, toStatus } from '@krateyard/status/status-error';
import type { StatusSchema } from '@krateyard/status/status-schema';
import { ScreenTicket, TicketRequest, VncInfo } from '../../contract/screen-protocol.ts';
import { NamespaceQuery, type VmInfo } from '../../contract/vm-api.ts';
import type { Books } from '../books.ts';
import type { VmsDeps } from '../deps.ts';
import { machineFor } from '../machine-for.ts';
import { oneNamespace } from '../where.ts';
import { isScreenless, SCREENLESS } from './machine-state.ts';
import type { ScreenDesk } from './screen-desk.ts';
import type { MachineAddress } from './screen-machine.ts';
import { lookQuestion } from './screen-rights.ts';
import { Screenshots } from './screenshots.ts';

const VmName = Type.Object({ name: Type.String({ minLength: 1, maxLength: 253 }) });
type VmName = Static<typeof VmName>;
const ScreenshotQuery = Type.Object({
  ...NamespaceQuery.properties,
  width: Type.Optional(
    Type.Integer({
      minimum: 16,
      maximum: 8192,
      description: 'Pixels: a picture that is wider is made smaller to this. Absent: as it is.',
    }),
  ),
});
type ScreenshotQuery = Static<typeof ScreenshotQuery>;

const TAGS = ['vms'];
const TICKET_SECONDS = 30;

interface Parts {
  readonly deps: VmsDeps;
  readonly books: Books;
  readonly desk: ScreenDesk;
}

/** What is to know of a screen without looking at it; links to it; its picture. */
export function screenRoutes(app: FastifyInstance, parts: Parts): void {
  infoRoute(app, parts);
  ticketRoute(app, parts);
  screenshotRoute(app, parts);
}

const addressOf = (
  { namespace }: VmsDeps,
  request: FastifyRequest<{ Params: VmName; Querystring: NamespaceQuery }>,
): MachineAddress => ({
  namespace: oneNamespace(request.query.namespace, namespace),
  name: request.params.name,
});

function infoRoute(app: FastifyInstance, { deps, books, desk }: Parts): void {
  app.get<{ Params: VmName; Querystring: NamespaceQuery }>(
    '/api/vms/:name/vnc/info',
    {
      schema: {
        summary: 'Whether a machine’s screen can be seen, and who looks at it',
        tags: TAGS,
        params: VmName,
        querystring: NamespaceQuery,
        response: { 200: VncInfo },
      },
    },
    async (request, reply): Promise<VncInfo> => {
      reply.header('cache-control', 'no-store');
      const who = authenticationOf(request).principal;
      const { namespace, name } = addressOf(deps, request);
      using use = await books.use();
      const vm = await machineFor(deps, who, use.book, { namespace, name }, request.gone);
      if (!vm)
        throw new StatusError('NotFound', `There is no virtual machine "${name}" in ${namespace}.`, {
          details: { name, kind: 'virtualmachines', group: 'kubevirt.io' },
        });
      const refusal = await refusalOf(deps, who, vm, request);
      const parts = use.book.parts(`${vm.namespace}/${vm.name}`);
      const reason = parts && isScreenless(parts) ? SCREENLESS : unavailable(vm);
      return infoOf(vm, desk, reason, refusal);
    },
  );
}

/** Rejects when the API server cannot say whether this person may look. */
async function refusalOf(
  { access }: VmsDeps,
  who: Principal,
  { namespace, name }: VmInfo,
  { id, gone }: FastifyRequest,
): Promise<StatusSchema | undefined> {
  const question = lookQuestion(namespace, name);
  const answer = await access.check(who, question, gone);
  if (answer.allowed) return undefined;
  return toStatus(forbidden(who, question, answer), id) as unknown as StatusSchema;
}

function infoOf(vm: VmInfo, desk: ScreenDesk, why: string, refusal: StatusSchema | undefined): VncInfo {
  const session = refusal ? undefined : desk.session(vm);
  const reason = refusal ? 'You may not see this screen.' : why;
  const isShown = session !== undefined && session.people.count > 0;
  return {
    available: reason === '',
    vmName: vm.name,
    phase: vm.phase,
    wsUrl: vncPath(vm),
    reason,
    ...(refusal && { refusal }),
    viewers: session?.people.told() ?? [],
    controller: session?.people.controller?.id ?? null,
    width: isShown ? session.screen.width : 0,
    height: isShown ? session.screen.height : 0,
  };
}

function unavailable(vm: VmInfo): string {
  if (vm.phase === 'Running') return '';
  const why = vm.reason === '' ? '' : ` ${vm.reason}`;
  return vm.status === 'Stopped'
    ? 'It is off; start it to see its screen.'
    : `It is not running: ${vm.status}.${why}`;
}

const vncPath = ({ namespace, name }: MachineAddress): string =>
  `/api/vms/${encodeURIComponent(name)}/vnc?namespace=${encodeURIComponent(namespace)}`;

function ticketRoute(app: FastifyInstance, { deps, desk }: Parts): void {
  app.post<{ Params: VmName; Querystring: NamespaceQuery; Body: TicketRequest }>(
    '/api/vms/:name/vnc/ticket',
    {
      schema: {
        summary: 'A link to a machine’s screen, good once and for a short while; audited',
        tags: TAGS,
        params: VmName,
        querystring: NamespaceQuery,
        body: TicketRequest,
        response: { 201: ScreenTicket },
      },
    },
    async (request, reply): Promise<ScreenTicket> => {
      const who = authenticationOf(request);
      const machine = await desk.machine(who.principal, addressOf(deps, request), request.gone);
      const { viewOnly = false, seconds = TICKET_SECONDS } = request.body;
      const address = vncPath(machine) + (viewOnly ? '&viewOnly=true' : '');
      const ticket = desk.ticket(who, address, seconds * 1000);
      const asker = { principal: who.principal, requestId: request.id };
      desk.account('screen.ticket', asker, machine, viewOnly ? 'view-only' : '');
      reply.code(201).header('cache-control', 'no-store');
      const expiresAt = new Date(deps.clock.now() + seconds * 1000).toISOString();
      return { ticket, url: `${address}&ticket=${ticket}`, expiresAt };
    },
  );
}

function screenshotRoute(app: FastifyInstance, { deps, desk }: Parts): void {
  const screenshots = new Screenshots(deps);
  app.get<{ Params: VmName; Querystring: ScreenshotQuery }>(
    '/api/vms/:name/screenshot',
    {
      schema: {
        summary: 'A machine’s screen as image/png, at most five seconds old',
        tags: TAGS,
        params: VmName,
        querystring: ScreenshotQuery,
        response: {
          200: {
            description: 'The picture, with an ETag',
            content: { 'image/png': { schema: Type.Unsafe<Buffer>(Type.String({ format: 'binary' })) } },
          },
          304: { description: 'It is as If-None-Match has it', type: 'null' },
        },
      },
    },
    async (request, reply): Promise<FastifyReply> => {
      const who = authenticationOf(request).principal;
      const machine = await desk.machine(who, addressOf(deps, request), request.gone);
      const session = desk.session(machine);
      const shot = await screenshots.take(
        who,
        machine,
        session?.isLive === true ? session.screen : undefined,
        request.query.width,
      );
      reply.header('etag', shot.etag).header('cache-control', 'private, no-cache');
      const { 'if-none-match': known = '' } = request.headers;
      if (known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === shot.etag))
        return reply.code(304).send();
      return reply.type('image/png').send(shot.png);
    },
  );
}
