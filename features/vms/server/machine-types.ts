import type { KubeObject } from '@krateyard/kube/meta/object';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The parts of kubevirt.io/v1 that the room reads; anything may be missing. */
export interface MachineSpec {
  readonly domain?: {
    readonly cpu?: { readonly cores?: number; readonly sockets?: number; readonly threads?: number };
    readonly memory?: { readonly guest?: string };
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
    readonly devices?: {
      readonly autoattachGraphicsDevice?: boolean;
      readonly disks?: readonly {
        readonly name: string;
        readonly bootOrder?: number;
        readonly cdrom?: object;
      }[];
      readonly interfaces?: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
      readonly gpus?: readonly { readonly name: string; readonly deviceName: string }[];
    };
  };
  readonly volumes?: readonly (Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly containerDisk?: { readonly image?: string };
    readonly dataVolume?: { readonly name?: string };
    readonly persistentVolumeClaim?: { readonly claimName?: string };
  })[];
}

export interface VirtualMachine extends KubeObject {
  readonly spec?: {
    readonly running?: boolean;
    readonly runStrategy?: string;
    readonly instancetype?: { readonly name?: string; readonly kind?: string };
    readonly template?: { readonly spec?: MachineSpec };
  };
  readonly status?: {
    readonly printableStatus?: string;
    readonly ready?: boolean;
    readonly conditions?: readonly Condition[];
    readonly snapshotInProgress?: string;
    readonly restoreInProgress?: string;
    readonly stateChangeRequests?: readonly { readonly action: string }[];
    readonly startFailure?: { readonly consecutiveFailCount?: number; readonly retryAfterTimestamp?: string };
  };
}

export interface Instance extends KubeObject {
  readonly spec?: MachineSpec;
  readonly status?: {
    readonly phase?: string;
    readonly nodeName?: string;
    readonly conditions?: readonly Condition[];
    readonly activePods?: Readonly<Record<string, string>>;
    readonly interfaces?: readonly {
      readonly name?: string;
      readonly interfaceName?: string;
      readonly ipAddress?: string;
      readonly ipAddresses?: readonly string[];
      readonly mac?: string;
      readonly infoSource?: string;
    }[];
    readonly migrationState?: {
      readonly startTimestamp?: string;
      readonly sourceNode?: string;
      readonly targetNode?: string;
      readonly completed?: boolean;
      readonly failed?: boolean;
    };
    readonly guestOSInfo?: { readonly prettyName?: string };
    readonly phaseTransitionTimestamps?: readonly {
      readonly phase: string;
      readonly phaseTransitionTimestamp: string;
    }[];
  };
}

export interface Claim extends KubeObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
  readonly status?: { readonly phase?: string; readonly capacity?: { readonly storage?: string } };
}

/** CDI's cdi.kubevirt.io/v1beta1: what fills a claim of the same name. */
export interface DataVolume extends KubeObject {
  readonly status?: { readonly phase?: string; readonly progress?: string };
}

/** vm.novasphere.dev/v1alpha1: what makes a machine, and takes back what others write into it. */
export interface Wukong extends KubeObject {
  readonly spec?: {
    readonly osImage?: string;
    readonly networks?: readonly { readonly name?: string; readonly ipConfig?: { readonly mode?: string } }[];
    readonly disks?: readonly { readonly name?: string; readonly image?: string }[];
    readonly startStrategy?: { readonly runStrategy?: string; readonly autoStart?: boolean };
  };
  readonly status?: {
    readonly phase?: string;
    readonly vmName?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** Everything that makes up one machine. */
export interface MachineParts {
  readonly vm: VirtualMachine;
  readonly instance: Instance | undefined;
  readonly pod: KubeObject | undefined;
  /** By name. */
  readonly claim: (name: string) => Claim | undefined;
  /** By name; absent where there are none. */
  readonly dataVolume?: (name: string) => DataVolume | undefined;
  /** The Wukong that makes it; its name alone where it may not be read. */
  readonly owner?: { readonly name: string; readonly wukong: Wukong | undefined } | undefined;
}

export const VIRTUAL_MACHINES = { group: 'kubevirt.io', version: 'v1', resource: 'virtualmachines' } as const;
export const INSTANCES = {
  group: 'kubevirt.io',
  version: 'v1',
  resource: 'virtualmachineinstances',
} as const;
export const PODS = { group: '', version: 'v1', resource: 'pods' } as const;
export const CLAIMS = { group: '', version: 'v1', resource: 'persistentvolumeclaims' } as const;
export const DATA_VOLUMES = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  resource: 'datavolumes',
} as const;
export const WUKONGS = { group: 'vm.novasphere.dev', version: 'v1alpha1', resource: 'wukongs' } as const;
export const WUKONG_SNAPSHOTS = { ...WUKONGS, resource: 'wukongsnapshots' } as const;
