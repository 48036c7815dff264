import type { ManagedFieldsEntry } from '@krateyard/kube/meta/object';

import { type FieldSet, fromFieldsV1, toFieldsV1 } from './field-set.ts';

/** Who owns what: one for each manager, operation and subresource (and version, of updates). */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

export type Managers = Map<string, Manager>;

/** More managers of updates than these are folded into one, the oldest first. */
const MAX_UPDATE_MANAGERS = 10;
const ANCIENT = 'ancient-changes';

export const managerKey = (of: Pick<Manager, 'name' | 'operation' | 'apiVersion' | 'subresource'>): string =>
  JSON.stringify([of.operation, of.name, of.subresource, of.operation === 'Apply' ? '' : of.apiVersion]);

export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  const managers: Managers = new Map();
  for (const entry of entries ?? []) {
    const manager: Manager = {
      name: entry.manager ?? '',
      operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion: entry.apiVersion ?? '',
      subresource: entry.subresource ?? '',
      time: entry.time,
      fields: fromFieldsV1(entry.fieldsV1),
    };
    if (!manager.fields.isEmpty) managers.set(managerKey(manager), manager);
  }
  return managers;
}

/** Appliers first, then by time, name, version and subresource. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()]
    .filter(({ fields }) => !fields.isEmpty)
    .sort(byOrder)
    .map(encode);
}

function encode(manager: Manager): ManagedFieldsEntry {
  return {
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time !== undefined && { time: manager.time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(manager.fields),
    ...(manager.subresource !== '' && { subresource: manager.subresource }),
  };
}

function byOrder(a: Manager, b: Manager): number {
  const keysOf = (of: Manager): string[] => [
    of.operation,
    of.time ?? '',
    of.name,
    of.apiVersion,
    of.subresource,
  ];
  const [left, right] = [keysOf(a), keysOf(b)];
  const at = left.findIndex((text, index) => text !== right[index]);
  return at === -1 ? 0 : left[at]! < right[at]! ? -1 : 1;
}

/** Folds the oldest managers of updates into one, so that an object's history stays bounded. */
export function foldAncient(managers: Managers): void {
  const updates = [...managers.entries()].filter(([, manager]) => manager.operation === 'Update');
  const excess = updates.length - MAX_UPDATE_MANAGERS;
  if (excess <= 0) return;
  const oldest = updates.sort(([, a], [, b]) => byOrder(a, b)).slice(0, excess + 1);
  for (const [key, manager] of oldest) {
    const folded = { ...manager, name: ANCIENT, subresource: '' };
    const known = managers.get(managerKey(folded));
    managers.delete(key);
    const fields = known ? known.fields.union(manager.fields) : manager.fields;
    const time = [known?.time, manager.time]
      .filter((at) => at !== undefined)
      .sort()
      .at(-1);
    managers.set(managerKey(folded), { ...folded, time, fields });
  }
}
