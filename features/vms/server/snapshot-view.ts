import type { KubeObject } from '@krateyard/kube/meta/object';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import type { RestoreInfo, SnapshotInfo } from '../contract/vm-api.ts';
import type { Condition } from './machine-types.ts';
import { nameOfOwned } from './wukong-ties.ts';

export const SNAPSHOTS = {
  group: 'snapshot.kubevirt.io',
  version: 'v1beta1',
  resource: 'virtualmachinesnapshots',
} as const;
export const CONTENTS = { ...SNAPSHOTS, resource: 'virtualmachinesnapshotcontents' } as const;
export const RESTORES = { ...SNAPSHOTS, resource: 'virtualmachinerestores' } as const;

export interface Snapshot extends KubeObject {
  readonly spec?: { readonly source?: { readonly name?: string } };
  readonly status?: {
    readonly phase?: string;
    readonly readyToUse?: boolean;
    readonly virtualMachineSnapshotContentName?: string;
    readonly indications?: readonly string[];
    readonly sourceIndications?: readonly { readonly indication: string; readonly message?: string }[];
    readonly snapshotVolumes?: {
      readonly includedVolumes?: readonly string[];
      readonly excludedVolumes?: readonly string[];
    };
    readonly conditions?: readonly Condition[];
    readonly error?: { readonly message?: string };
  };
}

/** vm.novasphere.dev/v1alpha1: asks its operator for a snapshot. */
export interface WukongSnapshot extends KubeObject {
  readonly spec?: { readonly wukongName?: string };
  readonly status?: { readonly phase?: string; readonly snapshotName?: string; readonly error?: string };
}

export interface SnapshotContent extends KubeObject {
  readonly spec?: {
    readonly volumeBackups?: readonly {
      readonly persistentVolumeClaim?: {
        readonly spec?: { readonly resources?: { readonly requests?: { readonly storage?: string } } };
      };
    }[];
  };
  readonly status?: {
    readonly volumeSnapshotStatus?: readonly { readonly volumeSnapshotName?: string }[];
  };
}

export interface Restore extends KubeObject {
  readonly spec?: {
    readonly target?: { readonly name?: string };
    readonly virtualMachineSnapshotName?: string;
  };
  readonly status?: {
    readonly complete?: boolean;
    readonly restoreTime?: string;
    readonly conditions?: readonly Condition[];
  };
}

/**
 * One snapshot as the API shows it: KubeVirt's, or of a Wukong's machine the WukongSnapshot with what was taken by it, if that is there
 * yet. Pure.
 */
export function snapshotInfo(
  taken: Snapshot | undefined,
  content?: SnapshotContent,
  wukong?: WukongSnapshot,
): SnapshotInfo {
  const { metadata } = (wukong ?? taken)!;
  const { spec, status } = taken ?? {};
  const vmName = spec?.source?.name ?? '';
  const name = wukong?.spec?.wukongName ?? vmName;
  return {
    id: metadata.uid ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    wukongId: name,
    wukongName: name,
    vmName: vmName || nameOfOwned(name),
    ...(wukong && { wukong: name }),
    status: wukong ? wukongStatus(wukong, status?.phase) : (status?.phase ?? 'Pending'),
    size: sizeOf(content),
    createdAt: millis(metadata.creationTimestamp) ?? 0,
    ready: status?.readyToUse === true,
    indications: (status?.sourceIndications ?? status?.indications ?? []).map((one) =>
      typeof one === 'string'
        ? { indication: one, message: '' }
        : { indication: one.indication, message: one.message ?? '' },
    ),
    includedVolumes: [...(status?.snapshotVolumes?.includedVolumes ?? [])],
    excludedVolumes: [...(status?.snapshotVolumes?.excludedVolumes ?? [])],
    reason: wukong?.status?.error || reasonOf(taken),
  };
}

/** Wukong's words as KubeVirt has them; what KubeVirt says of the snapshot itself counts more than the operator's report of it. */
function wukongStatus({ status, metadata }: WukongSnapshot, phase: string | undefined): string {
  if (metadata.deletionTimestamp !== undefined) return 'Deleting';
  if (status?.phase === 'Failed') return 'Failed';
  return phase ?? (status?.phase === 'Creating' ? 'InProgress' : (status?.phase ?? 'Pending'));
}

function reasonOf(snapshot: Snapshot | undefined): string {
  const { error, readyToUse, conditions } = snapshot?.status ?? {};
  return error?.message ?? (readyToUse === true ? '' : saying(conditions));
}

export function restoreInfo(restore: Restore): RestoreInfo {
  const { metadata, spec, status } = restore;
  const restoredAt = millis(status?.restoreTime);
  return {
    id: metadata.uid ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    snapshotName: spec?.virtualMachineSnapshotName ?? '',
    vmName: spec?.target?.name ?? '',
    complete: status?.complete === true,
    reason: saying(status?.conditions),
    createdAt: millis(metadata.creationTimestamp) ?? 0,
    ...(restoredAt !== undefined && { restoredAt }),
  };
}

/** What the volumes in it ask for together; '' until the content tells. */
function sizeOf(content: SnapshotContent | undefined): string {
  if (!content) return '';
  const sizes = (content.spec?.volumeBackups ?? []).map(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.spec?.resources?.requests?.storage ?? '0',
  );
  const bytes = sizes.reduce((sum, size) => sum + (quantityValue(size) || 0), 0);
  return bytes >= 2 ** 30 ? `${Math.ceil(bytes / 2 ** 30)}Gi` : `${Math.ceil(bytes / 2 ** 20)}Mi`;
}

/** KubeVirt's words for how it stands: of failure, else of progress. */
function saying(conditions: readonly Condition[] = []): string {
  const found =
    conditions.find(({ type, status }) => type === 'Failure' && status === 'True') ??
    conditions.find(({ type }) => type === 'Progressing') ??
    conditions[0];
  return found?.message || found?.reason || '';
}

function millis(time: string | undefined): number | undefined {
  const parsed = Date.parse(time ?? '');
  return Number.isNaN(parsed) ? undefined : parsed;
}
