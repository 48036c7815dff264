import { isStatusError, type StatusError } from '@krateyard/status/status-error';
import { badRequest } from '../api/api-errors.ts';
import { sendText } from '../api/http-answer.ts';
import { readObject } from '../api/request-body.ts';
import type { VirtualResource } from '../api/request-pipeline.ts';
import type { ResourceCall } from '../api/resource-endpoints.ts';
import type { ResourceDefinition } from '../api/resource-definition.ts';
import { schemaless } from '../api/schemaless.ts';
import type { Computer } from './guest/computer.ts';
import { SUBRESOURCES_GROUP } from './kubevirt-resources.ts';
import type { At, VmRequests } from './vm-requests.ts';

const TEXT = 'text/plain; charset=utf-8';
const VM_ACTIONS = ['start', 'stop', 'restart', 'migrate'];
const VMI_ACTIONS = ['pause', 'unpause', 'reset', 'softreboot'];
const VMI_READS = ['console', 'vnc', 'vnc/screenshot', 'guestosinfo', 'userlist', 'filesystemlist'];

/** `subresources.kubevirt.io` as discovery shows it: parts without the objects that they are of. */
export const SUBRESOURCE_DEFINITIONS: readonly ResourceDefinition[] = [
  definition('virtualmachines', 'VirtualMachine', VM_ACTIONS, []),
  definition('virtualmachineinstances', 'VirtualMachineInstance', VMI_ACTIONS, VMI_READS),
];

function definition(
  resource: string,
  kind: string,
  updates: readonly string[],
  reads: readonly string[],
): ResourceDefinition {
  return {
    group: SUBRESOURCES_GROUP,
    version: 'v1',
    resource,
    kind,
    singular: '',
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: [],
    subresources: [
      ...updates.map((name) => ({ name, kind, verbs: ['update'] })),
      ...reads.map((name) => ({ name, kind, verbs: ['get'] })),
    ],
    storageKey: `${resource}.${SUBRESOURCES_GROUP}`,
    selectableFields: [],
    hasGeneration: false,
    hasStatus: false,
    schema: schemaless,
  };
}

/** virt-api's endpoints that are plain HTTP. */
export function vmEndpoints(requests: VmRequests): Map<string, VirtualResource> {
  return new Map([
    [`virtualmachines.${SUBRESOURCES_GROUP}`, (call) => serveMachine(requests, call)],
    [`virtualmachineinstances.${SUBRESOURCES_GROUP}`, (call) => serveInstance(requests, call)],
  ]);
}

async function serveMachine(requests: VmRequests, call: ResourceCall): Promise<void> {
  if (refuseAsText(call, VM_ACTIONS, [])) return;
  const { at, part, body, dryRun } = await readCall(call, VM_ACTIONS);
  switch (part) {
    case 'start':
      await requests.start(at, dryRun);
      break;
    case 'stop':
      await requests.stop(at, dryRun);
      break;
    case 'restart':
      await requests.restart(at, body, dryRun);
      break;
    default:
      await requests.migrate(at, dryRun);
  }
  call.response.writeHead(202).end();
}

async function serveInstance(requests: VmRequests, call: ResourceCall): Promise<void> {
  if (refuseAsText(call, VMI_ACTIONS, VMI_READS)) return;
  const { at, part, dryRun } = await readCall(call, VMI_ACTIONS);
  switch (part) {
    case 'pause':
    case 'unpause':
      await requests.pause(at, part === 'pause', dryRun);
      break;
    case 'reset':
      await requests.reset(at, dryRun);
      break;
    case 'softreboot':
      await requests.softReboot(at, dryRun);
      break;
    case 'vnc/screenshot':
      return sendScreenshot(requests, at, call);
    case 'console':
    case 'vnc':
      await requests.running(at, notRunning);
      throw badRequest('websocket: the client is not using the websocket protocol');
    default:
      await requests.running(at, notRunning);
      return sendText(
        call.request,
        call.response,
        500,
        TEXT,
        `Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${at.name}": VMI does not have guest agent connected`,
      );
  }
  call.response.writeHead(200).end();
}

/** What it cannot do virt-api tells as text here, whatever the reason. */
async function sendScreenshot(
  requests: VmRequests,
  at: At,
  { request, response }: ResourceCall,
): Promise<void> {
  let guest: Computer;
  try {
    await requests.requireGraphics(at);
    ({ guest } = await requests.running(at, notRunning));
  } catch (error) {
    if (!isStatusError(error)) throw error;
    return sendText(request, response, 500, TEXT, error.message);
  }
  let png: Buffer;
  try {
    png = await guest.screenshot();
  } catch (error) {
    return sendText(request, response, 500, TEXT, (error as Error).message);
  }
  response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': png.length }).end(png);
}

const notRunning = (): StatusError => badRequest('VMI is not running');

/** virt-api's router knows no Statuses: for parts and verbs that there are not, and for who takes JSON alone, it has text. */
function refuseAsText(
  { request, response, info, target }: ResourceCall,
  updates: readonly string[],
  reads: readonly string[],
): boolean {
  const { subresource: part = '' } = target;
  const { accept = '*/*' } = request.headers;
  const isUpdate = updates.includes(part);
  const isStream = part === 'vnc' || part === 'console';
  const [code, words] =
    !isUpdate && !reads.includes(part)
      ? [404, 'Page Not Found']
      : info.verb !== (isUpdate ? 'update' : 'get')
        ? [405, 'Method Not Allowed']
        : (isUpdate || isStream) && !accept.includes('*/*')
          ? [406, 'Not Acceptable\n\nAvailable representations: ']
          : [0, ''];
  if (code !== 0) sendText(request, response, code, TEXT, `${code}: ${words}`);
  return code !== 0;
}

/** What is asked of which object. */
async function readCall(
  { request, target }: ResourceCall,
  updates: readonly string[],
): Promise<{ at: At; part: string; body: { gracePeriodSeconds?: unknown }; dryRun: boolean }> {
  const { subresource: part = '', namespace, name = '' } = target;
  const body = updates.includes(part) ? ((await readObject(request)) ?? {}) : {};
  const { dryRun } = body as { dryRun?: unknown };
  return { at: { namespace, name }, part, body, dryRun: Array.isArray(dryRun) && dryRun.includes('All') };
}
