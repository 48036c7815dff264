import type { KubeObject } from '@krateyard/kube/meta/object';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import type { RestoreInfo, SnapshotInfo } from '../contract/vm-api.ts';
import type { Condition } from './machine-types.ts';

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

export function snapshotInfo(snapshot: Snapshot, content: SnapshotContent | undefined): SnapshotInfo {
  const { metadata, spec, status } = snapshot;
  const name = spec?.source?.name ?? '';
  return {
    id: metadata.uid ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    wukongId: name,
    wukongName: name,
    status: status?.phase ?? 'Pending',
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
    reason: status?.error?.message ?? (status?.readyToUse === true ? '' : saying(status?.conditions)),
  };
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
