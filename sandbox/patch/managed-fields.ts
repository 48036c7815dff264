import type { KubeObject, ManagedFieldsEntry } from '@krateyard/kube/meta/object';

import type { ManagedType } from './apply.ts';

export function trackUpdate(
  _type: ManagedType,
  before: KubeObject | undefined,
  after: KubeObject,
  _options: { manager: string; time: string; subresource?: string },
): ManagedFieldsEntry[] {
  return after.metadata.managedFields ?? before?.metadata.managedFields ?? [];
}
