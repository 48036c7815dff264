import { quantityValue } from '@krateyard/kube/meta/quantity';
import { StatusError } from '@krateyard/status/status-error';
import {
  RUN_STRATEGIES,
  type RunStrategy,
  type VmChangeRequest,
  type VmEditable,
} from '../../contract/vm-create.ts';
import type { Instance, MachineSpec, VirtualMachine } from '../machine-types.ts';
import { checkBytes, checkLabels } from './field-rules.ts';
import { Problems } from './problems.ts';

type Cpu = NonNullable<NonNullable<MachineSpec['domain']>['cpu']>;

const domainOf = (vm: VirtualMachine): NonNullable<MachineSpec['domain']> =>
  vm.spec?.template?.spec?.domain ?? {};
const cpusOf = ({ cores = 1, sockets = 1, threads = 1 }: Cpu): number => cores * sockets * threads;

export function strategyOf({ spec }: VirtualMachine): RunStrategy {
  const told = RUN_STRATEGIES.find((one) => one === spec?.runStrategy);
  return told ?? (spec?.running === true ? 'Always' : 'Halted');
}

/** What can be changed of a machine, as it is. */
export function editableOf(vm: VirtualMachine, instance: Instance | undefined): VmEditable {
  const { metadata, spec } = vm;
  const domain = domainOf(vm);
  const type = spec?.instancetype;
  return {
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    cpu: type && !domain.cpu ? 0 : cpusOf(domain.cpu ?? {}),
    memory: memoryOf(vm),
    runStrategy: strategyOf(vm),
    ...(type?.name !== undefined && {
      instancetype: {
        name: type.name,
        scope: /Cluster|^$/.test(type.kind ?? '') ? ('cluster' as const) : ('namespace' as const),
      },
    }),
    labels: { ...metadata.labels },
    running: instance !== undefined,
  };
}

function memoryOf(vm: VirtualMachine): string {
  const { memory, resources } = domainOf(vm);
  return memory?.guest ?? resources?.requests?.['memory'] ?? '';
}

/** Throws Invalid with every field that is wrong for this machine. */
export function checkChange(vm: VirtualMachine, { cpu, memory, labels }: VmChangeRequest): void {
  const problems = new Problems();
  const type = vm.spec?.instancetype?.name;
  for (const [field, value] of [
    ['cpu', cpu],
    ['memory', memory],
  ] as const)
    if (value !== undefined && type !== undefined)
      problems.add(field, `the instance type ${type} says it`, 'FieldValueForbidden');
  if (memory !== undefined) checkBytes(problems, 'memory', memory);
  const set = Object.entries(labels ?? {}).map(([key, value]) => [key, value ?? ''] as const);
  checkLabels(problems, 'labels', Object.fromEntries(set));
  problems.throwIfAny();
  const wukong = vm.metadata.ownerReferences?.find(({ kind }) => kind === 'Wukong')?.name;
  if (wukong === undefined) return;
  throw new StatusError(
    'Conflict',
    `${vm.metadata.name} belongs to the Wukong ${wukong}, whose operator would take the change back: change the Wukong.`,
    { details: { name: wukong, kind: 'wukongs', group: 'vm.novasphere.dev' } },
  );
}

/** A merge patch for what differs, bound to the version that is meant; undefined where nothing does. */
export function patchOf(vm: VirtualMachine, request: VmChangeRequest): object | undefined {
  const { runStrategy, resourceVersion = vm.metadata.resourceVersion } = request;
  const labels = Object.entries(request.labels ?? {}).filter(
    ([key, value]) => (vm.metadata.labels?.[key] ?? null) !== value,
  );
  const domain = domainPatch(vm, request);
  const strategy = runStrategy !== undefined && runStrategy !== strategyOf(vm);
  if (labels.length === 0 && !domain && !strategy && resourceVersion === vm.metadata.resourceVersion)
    return undefined;
  return {
    metadata: { resourceVersion, ...(labels.length > 0 && { labels: Object.fromEntries(labels) }) },
    ...((domain || strategy) && {
      spec: {
        // `running` is the old way to say it, and may not stand beside it.
        ...(strategy && { runStrategy, running: null }),
        ...(domain && { template: { spec: { domain } } }),
      },
    }),
  };
}

function domainPatch(vm: VirtualMachine, { cpu, memory }: VmChangeRequest): object | undefined {
  const domain = domainOf(vm);
  const newCpu =
    cpu !== undefined && cpu !== cpusOf(domain.cpu ?? {}) ? topology(domain.cpu ?? {}, cpu) : undefined;
  const newMemory =
    memory !== undefined && quantityValue(memory) !== quantityValue(memoryOf(vm)) ? memory : undefined;
  if (!newCpu && newMemory === undefined) return undefined;
  const requested = domain.resources?.requests?.['memory'];
  return {
    ...(newCpu && { cpu: newCpu }),
    ...(newMemory !== undefined && {
      memory: { guest: newMemory },
      ...(requested !== undefined && { resources: { requests: { memory: newMemory } } }),
    }),
  };
}

/** Sockets, which KubeVirt can change while it runs; the rest stays where that comes out even. */
function topology({ cores = 1, threads = 1 }: Cpu, cpus: number): Cpu {
  return cpus % (cores * threads) === 0
    ? { sockets: cpus / (cores * threads), cores, threads }
    : { sockets: cpus, cores: 1, threads: 1 };
}
