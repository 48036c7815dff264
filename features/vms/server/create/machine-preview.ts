import { dump } from 'js-yaml';
import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isStatusError, toStatus } from '@krateyard/status/status-error';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { PlannedObject, VmCreateRequest, VmDryRun } from '../../contract/vm-create.ts';
import { instancetypeGvr, type Instancetype } from './instancetypes.ts';
import type { Plan, PlannedPart } from './machine-maker.ts';
import {
  quotaEffects,
  untoldResources,
  usageOf,
  type GuestSize,
  type ResourceQuota,
} from './quota-effect.ts';
import { inRequestWords } from './request-words.ts';

const QUOTAS = { group: '', version: 'v1', resource: 'resourcequotas' } as const;
const HIDDEN = '(not shown)';

/** What would come of a plan, asked of the API server as the person; nothing is made. */
export async function previewMachine(
  client: Client,
  request: VmCreateRequest,
  plan: Plan,
  signal: AbortSignal,
): Promise<VmDryRun> {
  const [objects, size, quotas] = await Promise.all([
    Promise.all([...plan.needs, plan.machine].map((part) => verdictOn(client, part, plan, signal))),
    sizeOf(client, request, plan, signal),
    readQuotas(client, plan.namespace, signal),
  ]);
  const untold = untoldResources(quotas.items);
  return {
    name: plan.name,
    namespace: plan.namespace,
    accepted: objects.every(({ accepted }) => accepted),
    objects,
    quota: quotaEffects(quotas.items, usageOf(request, plan, size)),
    warnings: [
      ...plan.warnings,
      ...(quotas.refused === undefined ? [] : [`What is left of quotas cannot be told: ${quotas.refused}`]),
      ...(untold.length === 0
        ? []
        : [`A quota counts ${untold.join(', ')}, which KubeVirt sets by its own rules: not told here.`]),
    ],
  };
}

async function verdictOn(
  client: Client,
  { gvr, object }: PlannedPart,
  plan: Plan,
  signal: AbortSignal,
): Promise<PlannedObject> {
  const { apiVersion = '', kind = '', metadata } = object;
  const told = { apiVersion, kind, name: metadata.name ?? '', yaml: yamlOf(object) };
  try {
    const { warnings } = await client.create(gvr, object, {
      dryRun: true,
      fieldValidation: 'Strict',
      signal,
    });
    return { ...told, accepted: true, warnings: [...warnings] };
  } catch (error) {
    signal.throwIfAborted();
    const worded = inRequestWords(error, plan);
    if (!isStatusError(worded)) throw error;
    return { ...told, accepted: false, status: toStatus(worded) as unknown as StatusSchema, warnings: [] };
  }
}

function yamlOf(object: KubeObject): string {
  const data = object['data'] as Record<string, string> | undefined;
  const shown =
    object.kind === 'Secret' && data
      ? { ...object, data: Object.fromEntries(Object.keys(data).map((key) => [key, HIDDEN])) }
      : object;
  return dump(shown, { lineWidth: -1, noRefs: true });
}

async function sizeOf(
  client: Client,
  request: VmCreateRequest,
  { namespace }: Plan,
  signal: AbortSignal,
): Promise<GuestSize> {
  const { cpu = 1, memory = '0', instancetype } = request;
  if (!instancetype) return { cpu, memory };
  const scope = instancetype.scope ?? 'cluster';
  const at = scope === 'namespace' ? namespace : undefined;
  const found = await client
    .get<Instancetype>(instancetypeGvr(scope), instancetype.name, at, { signal })
    .catch(() => undefined);
  return { cpu: found?.spec?.cpu?.guest ?? 1, memory: found?.spec?.memory?.guest ?? '0' };
}

async function readQuotas(
  client: Client,
  namespace: string,
  signal: AbortSignal,
): Promise<{ items: readonly ResourceQuota[]; refused?: string }> {
  try {
    return await client.list<ResourceQuota>(QUOTAS, { namespace, signal });
  } catch (error) {
    signal.throwIfAborted();
    return { items: [], refused: isStatusError(error) ? error.message : 'they cannot be read' };
  }
}
