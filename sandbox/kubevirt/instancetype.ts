import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { World } from '../life/world.ts';
import { INSTANCETYPE_GROUP, INSTANCETYPES } from './kubevirt-resources.ts';
import type { InstanceSpec, TypeReference, VirtualMachine } from './vm-types.ts';

export interface Instancetype extends KubeObject {
  spec?: {
    cpu?: { guest?: number };
    memory?: { guest?: string };
    gpus?: { name: string; deviceName: string }[];
    nodeSelector?: Record<string, string>;
  };
}

/** What a machine refers to and what is not there: KubeVirt's words for it. */
export interface Missing {
  readonly reason: 'FailedFindInstancetype' | 'FailedFindPreference';
  readonly message: string;
}

const isCluster = ({ kind = '' }: TypeReference): boolean => kind === '' || /cluster/i.test(kind);

/** Where the referred one is kept. */
export function typeResource(
  reference: TypeReference,
  of: 'instancetype' | 'preference',
): GroupVersionResource {
  const cluster = isCluster(reference);
  if (of === 'instancetype') return cluster ? INSTANCETYPES.clusterTypes : INSTANCETYPES.types;
  return cluster ? INSTANCETYPES.clusterPreferences : INSTANCETYPES.preferences;
}

/** Looks in the mirrors; `served` tells whether the kinds are there at all. */
export function findType(
  world: World,
  vm: VirtualMachine,
  of: 'instancetype' | 'preference',
): Instancetype | undefined {
  const reference = vm.spec[of];
  if (!reference) return undefined;
  const key = isCluster(reference) ? reference.name : `${vm.metadata.namespace}/${reference.name}`;
  return world.mirror<Instancetype>(typeResource(reference, of)).get(key ?? '');
}

export function missingType(world: World, vm: VirtualMachine): Missing | undefined {
  for (const kind of ['instancetype', 'preference'] as const) {
    const reference = vm.spec[kind];
    if (!reference || findType(world, vm, kind)) continue;
    const { resource } = typeResource(reference, kind);
    return {
      reason: kind === 'instancetype' ? 'FailedFindInstancetype' : 'FailedFindPreference',
      message: `${resource}.${INSTANCETYPE_GROUP} "${reference.name}" not found`,
    };
  }
  return undefined;
}

/** The instance's spec with what the instance type says: CPUs become sockets. */
export function expanded(world: World, vm: VirtualMachine): InstanceSpec {
  const spec = structuredClone(vm.spec.template.spec);
  const type = findType(world, vm, 'instancetype')?.spec;
  if (!type) return spec;
  const { cpu, memory, gpus, nodeSelector } = type;
  return {
    ...spec,
    domain: {
      ...spec.domain,
      cpu: { sockets: cpu?.guest ?? 1, cores: 1, threads: 1 },
      ...(memory?.guest !== undefined && { memory: { guest: memory.guest } }),
      devices: { ...spec.domain?.devices, ...(gpus && { gpus }) },
    },
    ...(nodeSelector && { nodeSelector }),
  };
}
