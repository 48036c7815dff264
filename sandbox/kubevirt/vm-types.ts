import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Condition } from '../life/pod-types.ts';

export type RunStrategy = 'Always' | 'RerunOnFailure' | 'Manual' | 'Halted' | 'Once';

export interface InstanceSpec {
  domain?: {
    cpu?: { cores?: number; sockets?: number; threads?: number };
    memory?: { guest?: string };
    resources?: { requests?: Record<string, string | number>; limits?: Record<string, string | number> };
    devices?: {
      disks?: { name: string; [field: string]: unknown }[];
      interfaces?: { name: string; macAddress?: string; [field: string]: unknown }[];
      gpus?: { name: string; deviceName: string }[];
      hostDevices?: { name: string; deviceName: string }[];
      [field: string]: unknown;
    };
    [field: string]: unknown;
  };
  networks?: { name: string; pod?: object; multus?: { networkName: string } }[];
  volumes?: {
    name: string;
    containerDisk?: { image: string };
    dataVolume?: { name: string };
    persistentVolumeClaim?: { claimName: string };
    [source: string]: unknown;
  }[];
  nodeSelector?: Record<string, string>;
  terminationGracePeriodSeconds?: number;
  [field: string]: unknown;
}

/** kubevirt.io/v1 VirtualMachine: what is wanted. */
export interface VirtualMachine extends KubeObject {
  spec: {
    running?: boolean;
    runStrategy?: RunStrategy;
    instancetype?: TypeReference;
    preference?: TypeReference;
    dataVolumeTemplates?: DataVolumeTemplate[];
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: InstanceSpec;
    };
    [field: string]: unknown;
  };
  status?: {
    created?: boolean;
    ready?: boolean;
    printableStatus?: string;
    runStrategy?: RunStrategy;
    stateChangeRequests?: StateChangeRequest[];
    conditions?: Condition[];
    observedGeneration?: number;
    desiredGeneration?: number;
    snapshotInProgress?: string;
    restoreInProgress?: string;
    startFailure?: { consecutiveFailCount: number; retryAfterTimestamp: string };
    volumeSnapshotStatuses?: { name: string; enabled: boolean; reason?: string }[];
  };
}

/** Without a kind: the one for all namespaces. */
export interface TypeReference {
  name?: string;
  kind?: string;
}

export interface DataVolumeTemplate {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: { source?: object; sourceRef?: object; [field: string]: unknown };
}

export interface StateChangeRequest {
  readonly action: 'Start' | 'Stop';
  /** Of the instance to stop. */
  readonly uid?: string;
}

/** kubevirt.io/v1 VirtualMachineInstance: what runs. */
export interface Instance extends KubeObject {
  spec: InstanceSpec;
  status?: {
    phase?: 'Pending' | 'Scheduling' | 'Scheduled' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
    reason?: string;
    nodeName?: string;
    interfaces?: {
      name?: string;
      ipAddress?: string;
      ipAddresses?: string[];
      mac?: string;
      infoSource?: string;
    }[];
    conditions?: Condition[];
    activePods?: Record<string, string>;
    phaseTransitionTimestamps?: { phase: string; phaseTransitionTimestamp: string }[];
    migrationState?: {
      migrationUid: string;
      sourceNode?: string;
      targetNode?: string;
      targetPod?: string;
      startTimestamp?: string;
      endTimestamp?: string;
      completed?: boolean;
    };
    [field: string]: unknown;
  };
}

export interface Migration extends KubeObject {
  spec: { vmiName: string };
  status?: {
    phase?:
      | 'Pending'
      | 'Scheduling'
      | 'Scheduled'
      | 'PreparingTarget'
      | 'TargetReady'
      | 'Running'
      | 'Succeeded'
      | 'Failed';
    phaseTransitionTimestamps?: { phase: string; phaseTransitionTimestamp: string }[];
    migrationState?: NonNullable<Instance['status']>['migrationState'];
  };
}

export interface Snapshot extends KubeObject {
  spec: { source: { apiGroup?: string; kind: string; name: string }; deletionPolicy?: 'Delete' | 'Retain' };
  status?: {
    phase?: 'InProgress' | 'Succeeded' | 'Failed' | 'Deleting';
    readyToUse?: boolean;
    sourceUID?: string;
    creationTime?: string;
    virtualMachineSnapshotContentName?: string;
    indications?: string[];
    sourceIndications?: { indication: string; message: string }[];
    conditions?: Condition[];
    error?: { time: string; message: string };
    snapshotVolumes?: { includedVolumes?: string[]; excludedVolumes?: string[] };
  };
}

export interface SnapshotContent extends KubeObject {
  spec: {
    virtualMachineSnapshotName?: string;
    source: { virtualMachine?: Partial<VirtualMachine> };
    volumeBackups?: VolumeBackup[];
  };
  status?: { readyToUse?: boolean; creationTime?: string };
}

export interface VolumeBackup {
  readonly volumeName: string;
  readonly persistentVolumeClaim: KubeObject;
  readonly volumeSnapshotName: string;
}

export interface Restore extends KubeObject {
  spec: {
    target: { apiGroup?: string; kind: string; name: string };
    virtualMachineSnapshotName: string;
    targetReadinessPolicy?: string;
    patches?: string[];
  };
  status?: { complete?: boolean; restoreTime?: string; conditions?: Condition[] };
}
