import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { objectKey, type ControllerContext } from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { isFinished } from '../pod-state.ts';
import type { Pod } from '../pod-types.ts';
import { millicores, quantity } from '../quantity.ts';
import { RESOURCES } from '../resources.ts';

interface Quota extends KubeObject {
  spec: { hard?: Record<string, string> };
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
}

const COUNTED: Readonly<Record<string, GroupVersionResource>> = {
  services: RESOURCES.services,
  configmaps: RESOURCES.configMaps,
  secrets: RESOURCES.secrets,
  persistentvolumeclaims: RESOURCES.persistentVolumeClaims,
  resourcequotas: RESOURCES.resourceQuotas,
  'count/deployments.apps': RESOURCES.deployments,
  'count/jobs.batch': RESOURCES.jobs,
};

/** Says in each ResourceQuota's status what its namespace uses. */
export function addQuotaController(context: ControllerContext): void {
  const { world, loop } = context;
  const quotas = world.mirror<Quota>(RESOURCES.resourceQuotas);
  const enqueue = loop.register('resource-quotas', async (key) => {
    const quota = quotas.get(key);
    if (quota) await reconcile(context, quota);
  });
  quotas.onChange((quota) => enqueue(objectKey(quota)));
  for (const gvr of [RESOURCES.pods, ...Object.values(COUNTED)]) {
    if (gvr === RESOURCES.resourceQuotas) continue;
    world.mirror<KubeObject>(gvr).onChange((object, old, gone) => {
      if (old && !gone && object['spec'] === old['spec'] && gvr !== RESOURCES.pods) return;
      for (const quota of quotas.inNamespace(object.metadata.namespace!)) enqueue(objectKey(quota));
    });
  }
}

async function reconcile(context: ControllerContext, quota: Quota): Promise<void> {
  const { world } = context;
  const hard = quota.spec.hard ?? {};
  const namespace = quota.metadata.namespace!;
  const pods = Array.from(world.mirror<Pod>(RESOURCES.pods).inNamespace(namespace)).filter(
    (pod) => !isFinished(pod),
  );
  const used = Object.fromEntries(
    Object.keys(hard).map((name) => [name, usedOf(context, name, namespace, pods)]),
  );
  const status = { hard, used };
  if (canonical(quota.status ?? {}) !== canonical(status))
    await world.patchStatus(RESOURCES.resourceQuotas, quota, status);
}

function usedOf(context: ControllerContext, name: string, namespace: string, pods: readonly Pod[]): string {
  if (name === 'pods' || name === 'count/pods') return String(pods.length);
  const counted = COUNTED[name];
  if (counted)
    return String(Array.from(context.world.mirror<KubeObject>(counted).inNamespace(namespace)).length);
  if (name === 'requests.storage') return bytes(claimed(context, namespace));
  const [, kind = 'requests', resource = name] = /^(requests|limits)\.(.+)$/.exec(name) ?? [];
  const values = pods.flatMap((pod) =>
    pod.spec.containers.map((container) => container.resources?.[kind as 'requests' | 'limits']?.[resource]),
  );
  if (resource === 'cpu') return cpu(values.reduce<number>((sum, value) => sum + millicores(value), 0));
  return bytes(values.reduce<number>((sum, value) => sum + quantity(value), 0));
}

function claimed(context: ControllerContext, namespace: string): number {
  const claims = Array.from(
    context.world.mirror<KubeObject>(RESOURCES.persistentVolumeClaims).inNamespace(namespace),
  );
  return claims.reduce((sum, claim) => {
    const spec = claim['spec'] as { resources?: { requests?: { storage?: string } } };
    return sum + quantity(spec.resources?.requests?.storage);
  }, 0);
}

function cpu(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

function bytes(value: number): string {
  for (const [suffix, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ] as const)
    if (value >= size && value % size === 0) return `${value / size}${suffix}`;
  return String(value);
}
