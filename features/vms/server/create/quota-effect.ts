import type { KubeObject } from '@krateyard/kube/meta/object';
import { formatQuantity, parseQuantity, quantityValue, type Quantity } from '@krateyard/kube/meta/quantity';
import type { QuotaEffect, VmCreateRequest } from '../../contract/vm-create.ts';
import type { Plan, PlannedRun, PlannedStorage } from './machine-maker.ts';

export interface ResourceQuota extends KubeObject {
  readonly spec?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: object;
  };
  readonly status?: { readonly used?: Readonly<Record<string, string>> };
}

/** The guest's, from the request or its instance type. */
export interface GuestSize {
  readonly cpu: number;
  readonly memory: string;
}

const MI = 2 ** 20;
/**
 * What KubeVirt 1.7 asks for beside the guest's memory (measured: 268 MiB for one CPU, 8 for each more): launcher 100, monitor 25,
 * virtlogd 25, virtqemud 40, QEMU 30, I/O thread 8, video 32; and a page table, a 512th of the memory.
 */
const OVERHEAD_MI = 260;
const PER_CPU_MI = 8;
/** Of each of the guest's CPUs a tenth is asked for. */
const MILLICORES_PER_CPU = 100;
/** The sidecar that keeps the serial console's log. */
const LOG = { cpu: 5, memory: 35e6 };
/** The sidecar of each container disk. */
const DISK = { cpu: 1, memory: 1e6, storage: 50e6 };
const LAUNCHER_STORAGE = 50e6;

/** What a running machine takes of each resource that quotas know, in whole units or bytes. */
export type Usage = ReadonlyMap<string, number>;

export function usageOf(request: VmCreateRequest, plan: Plan, { cpu, memory }: GuestSize): Usage {
  const images = volumesOf(plan).filter((volume) => 'containerDisk' in volume).length;
  const guest = quantityValue(memory) || 0;
  const bytes =
    guest +
    Math.floor(guest / 512) +
    (OVERHEAD_MI + PER_CPU_MI * cpu) * MI +
    LOG.memory +
    images * DISK.memory;
  const cores = (cpu * MILLICORES_PER_CPU + LOG.cpu + images * DISK.cpu) / 1000;
  const claims = claimSizes(plan);
  const own = plan.needs.filter(({ object }) => object.kind === 'Secret').length;
  const secrets = own + (plan.runs?.secrets ?? 0);
  const storage = claims.reduce((sum, { size }) => sum + size, 0);
  const usage = new Map<string, number>([
    ['requests.cpu', cores],
    ['requests.memory', bytes],
    ['requests.ephemeral-storage', LAUNCHER_STORAGE + images * DISK.storage],
    ['pods', 1],
    ['secrets', secrets],
    ['persistentvolumeclaims', claims.length],
    ['requests.storage', storage],
    ['count/virtualmachines.kubevirt.io', 1],
    ['count/virtualmachineinstances.kubevirt.io', 1],
    ['count/datavolumes.cdi.kubevirt.io', templatesOf(plan).length],
    ['count/wukongs.vm.novasphere.dev', plan.machine.object.kind === 'Wukong' ? 1 : 0],
  ]);
  for (const { deviceName } of [...(request.gpus ?? []), ...(request.hostDevices ?? [])])
    add(usage, `requests.${deviceName}`, 1);
  for (const { size, storageClassName } of claims) {
    if (storageClassName === undefined) continue;
    add(usage, `${storageClassName}.storageclass.storage.k8s.io/requests.storage`, size);
    add(usage, `${storageClassName}.storageclass.storage.k8s.io/persistentvolumeclaims`, 1);
  }
  return usage;
}

const add = (usage: Map<string, number>, key: string, more: number): void => {
  usage.set(key, (usage.get(key) ?? 0) + more);
};

/** One line for each resource of each quota that the machine takes something of. */
export function quotaEffects(quotas: readonly ResourceQuota[], usage: Usage): QuotaEffect[] {
  return quotas.flatMap(({ metadata, spec, status }) =>
    Object.entries(spec?.hard ?? {}).flatMap(([resource, hard]) => {
      const more = usage.get(canonical(resource));
      if (more === undefined || more === 0 || !countsMachines(spec, resource)) return [];
      const used = status?.used?.[resource] ?? '0';
      return [effect(metadata.name ?? '', resource, hard, used, more)];
    }),
  );
}

/** Resources of pods that are not known beforehand: KubeVirt sets limits by rules of the cluster. */
export const untoldResources = (quotas: readonly ResourceQuota[]): string[] => [
  ...new Set(
    quotas.flatMap(({ spec }) => Object.keys(spec?.hard ?? {}).filter((key) => key.startsWith('limits.'))),
  ),
];

const PLAIN = new Set(['cpu', 'memory', 'ephemeral-storage']);
const COUNTED = /^count\/(pods|secrets|persistentvolumeclaims)$/;

function canonical(resource: string): string {
  if (PLAIN.has(resource)) return `requests.${resource}`;
  return COUNTED.exec(resource)?.[1] ?? resource;
}

/** A scope narrows a quota to some pods; of those that a launcher pod is in we count it. */
function countsMachines(spec: ResourceQuota['spec'], resource: string): boolean {
  const scopes = spec?.scopes ?? [];
  if (/storage|claims|secrets|virtualmachines|datavolumes|wukongs/.test(resource)) return true;
  return (
    !scopes.some((scope) => scope === 'BestEffort' || scope === 'Terminating') &&
    spec?.scopeSelector === undefined
  );
}

function effect(quota: string, resource: string, hard: string, used: string, more: number): QuotaEffect {
  const [limit, taken] = [parseQuantity(hard), parseQuantity(used)];
  const adds: Quantity = {
    nano: BigInt(Math.ceil(more * 1000)) * 1_000_000n,
    format: limit?.format ?? 'DecimalSI',
  };
  const left = (limit?.nano ?? 0n) - (taken?.nano ?? 0n) - adds.nano;
  const format = limit?.format ?? 'DecimalSI';
  return {
    quota,
    resource,
    hard,
    used,
    adds: readable(adds),
    left: readable({ nano: left, format }),
    exceeded: left < 0n,
  };
}

/** Bytes in whole MiB where the quota speaks so: nobody reads 411574272. */
function readable({ nano, format }: Quantity): string {
  if (format !== 'BinarySI') return formatQuantity({ nano, format });
  const unit = BigInt(MI) * 10n ** 9n;
  const rounded = nano < 0n ? -((-nano + unit - 1n) / unit) : (nano + unit - 1n) / unit;
  return formatQuantity({ nano: rounded * unit, format });
}

const specOf = ({ machine, runs }: Plan): PlannedRun =>
  runs ?? ((machine.object['spec'] ?? {}) as PlannedRun);
const templatesOf = (plan: Plan): NonNullable<PlannedRun['dataVolumeTemplates']> =>
  specOf(plan).dataVolumeTemplates ?? [];
const volumesOf = (plan: Plan): readonly object[] => specOf(plan).template?.spec?.volumes ?? [];

function claimSizes(plan: Plan): { size: number; storageClassName: string | undefined }[] {
  const own = plan.needs
    .filter(({ object }) => object.kind === 'PersistentVolumeClaim')
    .map(({ object }) => object['spec'] as PlannedStorage);
  const others = plan.runs?.claims ?? [];
  return [...templatesOf(plan).map(({ spec }) => spec?.storage), ...own, ...others].map((storage) => ({
    size: quantityValue(storage?.resources?.requests?.storage ?? '0') || 0,
    storageClassName: storage?.storageClassName,
  }));
}
