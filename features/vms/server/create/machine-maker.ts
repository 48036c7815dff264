import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { VmCreateRequest } from '../../contract/vm-create.ts';

/** What of the cluster decides how a machine is made. */
export interface Surroundings {
  readonly namespace: string;
  /** DataVolumes are served. */
  readonly cdi: boolean;
  /** Wukongs are served. */
  readonly wukong: boolean;
  /** Hexadecimal digits, for names and MAC addresses that must not be taken already. */
  readonly randomHex: (digits: number) => string;
}

export interface PlannedPart {
  readonly gvr: GroupVersionResource;
  readonly object: KubeObject;
}

/** Something that must be there already, or must not be, so that the machine can be as wanted. */
export interface Premise {
  /** In the request's body. */
  readonly field: string;
  readonly gvr: GroupVersionResource;
  readonly name: string;
  /** Absent: cluster-scoped. */
  readonly namespace?: string;
  readonly must: 'exist' | 'be-new';
  /** What is said of one that is not new. */
  readonly taken?: string;
}

/** As much of a VirtualMachine's spec as quotas count. */
export interface PlannedRun {
  readonly dataVolumeTemplates?: readonly { readonly spec?: { readonly storage?: PlannedStorage } }[];
  readonly template?: { readonly spec?: { readonly volumes?: readonly object[] } };
  /** Claims and Secrets that somebody else will make. */
  readonly claims?: readonly PlannedStorage[];
  readonly secrets?: number;
}

export interface PlannedStorage {
  readonly storageClassName?: string;
  readonly resources?: { readonly requests?: { readonly storage?: string } };
}

/**
 * How a machine is made: objects that it needs (made first, owned by it as soon as it is there) and the machine itself. Nothing
 * has been asked of the cluster yet.
 */
export interface Plan {
  readonly namespace: string;
  readonly name: string;
  /** The VirtualMachine's, in the end. */
  readonly machineName: string;
  /** Whether a machine of that name is this one; `uid`: of what was made for it. */
  readonly isMade: (vm: VmInfo, uid: string) => boolean;
  readonly needs: readonly PlannedPart[];
  /** What is written: the VirtualMachine, or who makes it. */
  readonly machine: PlannedPart;
  /** What will be run, where `machine` says that in words of its own. */
  readonly runs?: PlannedRun | undefined;
  readonly premises: readonly Premise[];
  readonly warnings: readonly string[];
  /** The field of the request that a path in one of the objects came from; undefined where none did. */
  readonly fieldOf: (path: string) => string | undefined;
}

/** A way to make machines. KubeVirt's is one; an operator above it may be another. */
export interface MachineMaker {
  /** Pure. Throws Invalid with every field that is wrong. */
  plan(request: VmCreateRequest, around: Surroundings): Plan;
}
