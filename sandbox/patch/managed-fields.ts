import type { KubeObject, ManagedFieldsEntry } from '@krateyard/kube/meta/object';

import { FieldSet } from './field-set.ts';
import { ownable, withoutManagedFields, type ManagedType } from './managed-type.ts';
import { decodeManagers, encodeManagers, foldAncient, managerKey, type Managers } from './managers.ts';
import { compare } from './typed-value.ts';

export interface UpdateOptions {
  readonly manager: string;
  readonly time: string;
  readonly subresource?: string;
}

/**
 * managedFields after a write other than apply: what changed belongs to `manager` alone, what went belongs to nobody.
 * The writer may hand in managedFields of its own (`[]` or `[{}]` clears them), but not through a subresource. Of an
 * object whose fields nobody managed before, nothing is tracked until it is applied.
 */
export function trackUpdate(
  type: ManagedType,
  before: KubeObject | undefined,
  after: KubeObject,
  options: UpdateOptions,
): ManagedFieldsEntry[] {
  const managers = startOf(before, after, options.subresource);
  if (before && managers.size === 0) return [];
  recordUpdate(type, managers, before, after, options);
  foldAncient(managers);
  return encodeManagers(managers);
}

function startOf(
  before: KubeObject | undefined,
  after: KubeObject,
  subresource: string | undefined,
): Managers {
  const given = after.metadata.managedFields;
  const live = before?.metadata.managedFields;
  if (subresource !== undefined || given === undefined) return decodeManagers(live);
  if (isReset(given)) return new Map();
  const managers = decodeManagers(given);
  return managers.size === 0 ? decodeManagers(live) : managers;
}

function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  return entries.length === 0 || (entries.length === 1 && Object.keys(entries[0]!).length === 0);
}

/** Notes an update in `managers`, in place. */
export function recordUpdate(
  type: ManagedType,
  managers: Managers,
  before: KubeObject | undefined,
  after: KubeObject,
  options: UpdateOptions,
): void {
  const live = before ? withoutManagedFields(before) : { metadata: {} };
  const { added, modified, removed } = compare(type.node, live, withoutManagedFields(after));
  const changed = added.union(modified);
  for (const [key, manager] of managers) {
    const fields = manager.fields.difference(changed).difference(removed);
    if (fields.isEmpty) managers.delete(key);
    else managers.set(key, { ...manager, fields });
  }
  const given = before || !type.allocated ? changed : changed.without(type.allocated);
  const owned = ownable(type, given, options.subresource);
  if (owned.isEmpty) return;
  const own = {
    name: options.manager,
    operation: 'Update' as const,
    apiVersion: type.apiVersion,
    subresource: options.subresource ?? '',
  };
  const previous = managers.get(managerKey(own))?.fields ?? new FieldSet();
  managers.set(managerKey(own), { ...own, time: options.time, fields: previous.union(owned) });
}
