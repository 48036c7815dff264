import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Condition } from '../life/pod-types.ts';

export interface WukongNetwork {
  readonly name: string;
  readonly type?: 'bridge' | 'macvlan' | 'sriov' | 'ovs';
  readonly nadName?: string;
  readonly primary?: boolean;
  readonly ipConfig?: {
    readonly mode?: 'static' | 'dhcp';
    readonly address?: string;
    readonly gateway?: string;
    readonly dnsServers?: readonly string[];
  };
}

export interface WukongDisk {
  readonly name: string;
  readonly size: string;
  readonly storageClassName: string;
  readonly boot?: boolean;
  readonly image?: string;
}

export interface WukongSpec {
  readonly cpu: number;
  readonly memory: string;
  readonly osImage?: string;
  readonly sshKeySecret?: string;
  readonly cloudInitUser?: {
    readonly name: string;
    readonly password?: string;
    readonly passwordHash?: string;
    readonly sudo?: string;
    readonly shell?: string;
    readonly groups?: readonly string[];
    readonly lockPasswd?: boolean;
  };
  readonly networks?: readonly WukongNetwork[];
  readonly disks?: readonly WukongDisk[];
  readonly highAvailability?: {
    readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
    readonly antiAffinity?: boolean;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly object[];
  };
  readonly startStrategy?: {
    readonly runStrategy?: 'Always' | 'RerunOnFailure' | 'Manual';
    readonly autoStart?: boolean;
  };
  readonly gpus?: readonly { readonly name: string; readonly deviceName: string }[];
}

export type WukongPhase = 'Pending' | 'Creating' | 'Running' | 'Stopped' | 'Error';

export interface WukongVolume {
  readonly name: string;
  readonly pvcName: string;
  readonly bound: boolean;
  readonly size: string;
}

/** vm.novasphere.dev/v1alpha1 Wukong: a machine with its volumes and networks as one object. */
export interface Wukong extends KubeObject {
  spec: WukongSpec;
  status?: {
    phase?: WukongPhase;
    vmName?: string;
    nodeName?: string;
    conditions?: Condition[];
    networks?: object[];
    volumes?: WukongVolume[];
  };
}

export interface WukongSnapshot extends KubeObject {
  spec: { readonly wukongName: string };
  status?: {
    phase?: 'Pending' | 'Creating' | 'Succeeded' | 'Failed';
    snapshotName?: string;
    creationTime?: string;
    error?: string;
  };
}
