import { quantityValue } from '@krateyard/kube/meta/quantity';
import type { VmDisk, VmInfo, VmNetwork, VmStats } from '../contract/vm-api.ts';
import type {
  Condition,
  Instance,
  MachineParts,
  MachineSpec,
  VirtualMachine,
  Wukong,
} from './machine-types.ts';

/** One machine as the API shows it. Pure; whatever is missing of the parts, it answers. */
export function vmInfo(parts: MachineParts): VmInfo {
  const { vm, instance, pod, owner } = parts;
  const spec = vm.spec?.template?.spec ?? {};
  const { metadata, status } = vm;
  const networks = networksOf(spec, instance, owner?.wukong);
  const gpus = (spec.domain?.devices?.gpus ?? []).map(({ name, deviceName }) => ({ name, deviceName }));
  const startedAt = startOf(instance);
  const restart = conditionOf(status?.conditions, 'RestartRequired');
  return {
    id: metadata.uid ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    status: status?.printableStatus ?? 'Unknown',
    cpu: cpusOf(spec, vm),
    memory: memoryOf(spec, vm),
    nodeName: instance?.status?.nodeName ?? '',
    ipAddress: networks.find(({ ipAddress }) => ipAddress !== '')?.ipAddress ?? '',
    osImage: imageOf(spec) || (owner?.wukong?.spec?.osImage ?? ''),
    createdAt: millis(metadata.creationTimestamp) ?? 0,
    hasGpu: gpus.length > 0,
    networks,
    disks: disksOf(spec, parts),
    gpus,
    ready: status?.ready === true,
    reason: reasonOf(vm, instance) || complaintOf(owner?.wukong),
    runStrategy: vm.spec?.runStrategy ?? (vm.spec?.running === true ? 'Always' : 'Halted'),
    phase: instance?.status?.phase ?? '',
    ...(startedAt !== undefined && { startedAt }),
    ...(pod?.metadata.name !== undefined && { pod: pod.metadata.name }),
    ...(vm.spec?.instancetype?.name !== undefined && { instancetype: vm.spec.instancetype.name }),
    paused: conditionOf(instance?.status?.conditions, 'Paused')?.status === 'True',
    migratable: conditionOf(instance?.status?.conditions, 'LiveMigratable')?.status === 'True',
    ...(status?.snapshotInProgress !== undefined && { snapshotInProgress: status.snapshotInProgress }),
    ...(status?.restoreInProgress !== undefined && { restoreInProgress: status.restoreInProgress }),
    ...(restart?.status === 'True' && { restartRequired: restart.message ?? '' }),
    ...ownerFields(owner),
    labels: { ...metadata.labels },
  };
}

function ownerFields(owner: MachineParts['owner']): Partial<VmInfo> {
  if (!owner) return {};
  const { name, wukong } = owner;
  if (!wukong) return { wukong: name };
  return {
    wukong: name,
    wukongPhase: wukong.status?.phase ?? 'Pending',
    autoStart: wukong.spec?.startStrategy?.autoStart !== false,
  };
}

/** What its operator cannot do, in its own words. */
function complaintOf(wukong: Wukong | undefined): string {
  if (wukong?.status?.phase !== 'Error') return '';
  const found = wukong.status.conditions?.find(({ status, message }) => status === 'False' && message);
  return found?.message ?? '';
}

/** What the seed's page sums up. What is neither running, stopped nor failed is on its way. */
export function vmStats(machines: Iterable<VmInfo>): VmStats {
  const stats = { total: 0, running: 0, stopped: 0, error: 0, pending: 0, totalCpu: 0 };
  let bytes = 0;
  for (const { status, cpu, memory } of machines) {
    stats.total += 1;
    stats[groupOf(status)] += 1;
    stats.totalCpu += cpu;
    bytes += memory === '' ? 0 : quantityValue(memory) || 0;
  }
  return { ...stats, totalMemory: `${Math.ceil(bytes / 2 ** 30)}Gi` };
}

export function groupOf(status: string): 'running' | 'stopped' | 'error' | 'pending' {
  if (status === 'Running' || status === 'Paused' || status === 'Migrating') return 'running';
  if (status === 'Stopped') return 'stopped';
  return /Err|Error|CrashLoop|BackOff|Failed/.test(status) ? 'error' : 'pending';
}

function cpusOf(spec: MachineSpec, vm: VirtualMachine): number {
  if (!spec.domain?.cpu && vm.spec?.instancetype) return 0;
  const { cores = 1, sockets = 1, threads = 1 } = spec.domain?.cpu ?? {};
  return cores * sockets * threads;
}

function memoryOf({ domain }: MachineSpec, vm: VirtualMachine): string {
  const told = domain?.memory?.guest ?? domain?.resources?.requests?.['memory'];
  if (told !== undefined) return told;
  return vm.spec?.instancetype ? '' : '0';
}

function imageOf({ volumes = [] }: MachineSpec): string {
  return volumes.find(({ containerDisk }) => containerDisk)?.containerDisk?.image ?? '';
}

/** How an interface is bound: the one key of it that is an object, `masquerade: {}`. */
const modeOf = (wanted: Readonly<Record<string, unknown>> | undefined): string =>
  Object.entries(wanted ?? {}).find(([key, value]) => key !== 'name' && typeof value === 'object')?.[0] ?? '';

function networksOf(
  { domain }: MachineSpec,
  instance: Instance | undefined,
  wukong: Wukong | undefined,
): VmNetwork[] {
  const configured = wukong?.spec?.networks ?? [];
  const wanted = domain?.devices?.interfaces ?? [];
  const told = instance?.status?.interfaces ?? [];
  const names = new Set([...wanted.map(({ name }) => name), ...told.map(({ name = '' }) => name)]);
  return Array.from(names, (name) => {
    const live = told.find((one) => one.name === name);
    return {
      name,
      interface: live?.interfaceName ?? '',
      ipAddress: live?.ipAddress ?? '',
      ipAddresses: [...(live?.ipAddresses ?? [])],
      macAddress: live?.mac ?? '',
      mode:
        configured.find((one) => one.name === name)?.ipConfig?.mode ??
        modeOf(wanted.find((one) => one.name === name)),
      source: live?.infoSource ?? '',
    };
  });
}

function disksOf(
  { domain, volumes = [] }: MachineSpec,
  { claim, dataVolume, owner }: MachineParts,
): VmDisk[] {
  const disks = domain?.devices?.disks ?? [];
  const first = disks.find(({ bootOrder }) => bootOrder === 1) ?? disks[0];
  return volumes.map((volume) => {
    const name = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name;
    const found = name === undefined ? undefined : claim(name);
    const filling = name === undefined ? undefined : dataVolume?.(name)?.status;
    const wished = owner?.wukong?.spec?.disks?.find((disk) => disk.name === volume.name);
    const image = volume.containerDisk?.image ?? wished?.image;
    const phase = filling?.phase ?? found?.status?.phase;
    const progress = filling?.phase === 'Succeeded' ? undefined : filling?.progress;
    return {
      name: volume.name,
      size: found?.status?.capacity?.storage ?? found?.spec?.resources?.requests?.storage ?? '',
      storageClassName: found?.spec?.storageClassName ?? '',
      boot: first?.name === volume.name,
      ...(image !== undefined && { image }),
      ...(name !== undefined && { claim: name }),
      ...(phase !== undefined && { phase }),
      ...(progress !== undefined && progress !== 'N/A' && { progress }),
    };
  });
}

/** The first of what stands in the way: a failed start, a condition that says no, with KubeVirt's own words. */
function reasonOf(vm: VirtualMachine, instance: Instance | undefined): string {
  const status = vm.status?.printableStatus ?? 'Unknown';
  if (status === 'Running') return '';
  // Stopped as wanted, or because it could not even begin: an instance type that is not there, a template that is no good.
  const failed = conditionOf(vm.status?.conditions, 'Failure');
  if (status === 'Stopped') return failed?.status === 'True' ? (failed.message ?? failed.reason ?? '') : '';
  const conditions = [...(instance?.status?.conditions ?? []), ...(vm.status?.conditions ?? [])];
  for (const type of ['PodScheduled', 'Synchronized', 'Failure', 'Paused']) {
    const found = conditionOf(conditions, type);
    const bad =
      type === 'Failure' || type === 'Paused' ? found?.status === 'True' : found?.status === 'False';
    if (found && bad) return found.message ?? found.reason ?? type;
  }
  const failures = vm.status?.startFailure?.consecutiveFailCount;
  return failures === undefined ? '' : `It ended ${failures} times right after it was started.`;
}

const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((one) => one.type === type);

function startOf(instance: Instance | undefined): number | undefined {
  if (instance?.status?.phase !== 'Running') return undefined;
  const times = instance.status.phaseTransitionTimestamps ?? [];
  return millis(times.findLast(({ phase }) => phase === 'Running')?.phaseTransitionTimestamp);
}

function millis(time: string | undefined): number | undefined {
  const parsed = Date.parse(time ?? '');
  return Number.isNaN(parsed) ? undefined : parsed;
}
