/** Server-side apply, with the semantics of structured-merge-diff. */
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError, type StatusCause } from '@krateyard/status/status-error';

import { isObject } from '../schema/schema-node.ts';
import { cloneJson, equalJson } from '../store/json-value.ts';
import { FieldSet, formatFieldPath } from './field-set.ts';
import { recordUpdate } from './managed-fields.ts';
import { ownable, relevantPart, withoutManagedFields, type ManagedType } from './managed-type.ts';
import { decodeManagers, encodeManagers, managerKey, type Manager, type Managers } from './managers.ts';
import { compare, duplicateOf, fieldsOf, mergeTyped, removeFields, withNamedFields } from './typed-value.ts';

export interface ApplyOptions {
  readonly manager: string;
  readonly force: boolean;
  readonly time: string;
  readonly subresource?: string;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const BEFORE_FIRST_APPLY = 'before-first-apply';

/**
 * The object that `applied` makes of `live`, with its managedFields. Deeply equal to `live` where nothing changes.
 * Throws StatusError: BadRequest for a configuration that cannot be applied, Conflict where other managers own fields
 * that it would change.
 */
export function applyConfiguration(
  type: ManagedType,
  live: KubeObject | undefined,
  applied: KubeObject,
  options: ApplyOptions,
): KubeObject {
  const config = configurationOf(type, applied, options.subresource);
  const managers = managersOf(type, live, options);
  const base = live
    ? withoutManagedFields(live)
    : ({ apiVersion: applied.apiVersion, kind: applied.kind, metadata: {} } as KubeObject);
  const result = attempt(type, base, config, managers, options);
  if (
    result.conflicts.length > 0 &&
    !options.force &&
    !allowedByLastApplied(type, base, result.conflicts, options)
  )
    throw conflictError(result.conflicts);
  return finish(live, base, result, applied, options);
}

function configurationOf(
  type: ManagedType,
  applied: KubeObject,
  subresource: string | undefined,
): KubeObject {
  if (applied.metadata.managedFields !== undefined)
    throw new StatusError('BadRequest', 'metadata.managedFields must be nil');
  const duplicate = duplicateOf(type.node, applied);
  if (duplicate)
    throw new StatusError(
      'BadRequest',
      `failed to create typed patch object: ${formatFieldPath(duplicate.slice(0, -1))}: duplicate entries for key ${formatFieldPath(duplicate.slice(-1))}`,
    );
  return cloneJson(relevantPart(type, applied, subresource));
}

function managersOf(type: ManagedType, live: KubeObject | undefined, options: ApplyOptions): Managers {
  const managers = decodeManagers(live?.metadata.managedFields);
  if (live && managers.size === 0)
    recordUpdate(type, managers, undefined, live, { manager: BEFORE_FIRST_APPLY, time: options.time });
  return managers;
}

interface Attempt {
  readonly object: KubeObject;
  readonly managers: Managers;
  readonly conflicts: readonly Conflict[];
  readonly removed: FieldSet;
  readonly key: string;
}

interface Conflict {
  readonly key: string;
  readonly manager: Manager;
  readonly fields: FieldSet;
}

function attempt(
  type: ManagedType,
  base: KubeObject,
  config: KubeObject,
  managers: Managers,
  options: ApplyOptions,
): Attempt {
  const own = {
    name: options.manager,
    operation: 'Apply' as const,
    apiVersion: type.apiVersion,
    subresource: options.subresource ?? '',
  };
  const key = managerKey(own);
  const last = managers.get(key);
  const fields = ownable(type, fieldsOf(type.node, config), options.subresource);
  managers.set(key, { ...own, time: last?.time, fields });
  const merged = mergeTyped(type.node, base, config) as KubeObject;
  const object = prune(type, merged, managers, last?.fields);
  const { added, modified, removed } = compare(type.node, base, object);
  const changed = added.union(modified);
  const conflicts = [...managers]
    .filter(([other]) => other !== key)
    .map(([other, manager]) => ({ key: other, manager, fields: manager.fields.intersection(changed) }))
    .filter(({ fields }) => !fields.isEmpty);
  return { object, managers, conflicts, removed, key };
}

/** Takes away what the manager applied last time and no longer does, unless somebody else owns it. */
function prune(
  type: ManagedType,
  merged: KubeObject,
  managers: Managers,
  last: FieldSet | undefined,
): KubeObject {
  if (!last || last.isEmpty) return merged;
  const { node } = type;
  const named = (set: FieldSet): FieldSet => withNamedFields(node, set);
  const given = named(last);
  const cut = (value: KubeObject, set: FieldSet): KubeObject =>
    (removeFields(node, value, set) ?? { metadata: {} }) as KubeObject;
  const all = named(fieldsOf(node, merged));
  const owned = [...managers.values()].reduce((set, { fields }) => set.union(fields), new FieldSet());
  const pruned = named(fieldsOf(node, cut(merged, given)));
  const kept = cut(merged, all.difference(pruned.union(named(owned))));
  return cut(merged, all.difference(named(fieldsOf(node, kept))).intersection(given));
}

function finish(
  live: KubeObject | undefined,
  base: KubeObject,
  { object, managers, conflicts, removed, key }: Attempt,
  applied: KubeObject,
  options: ApplyOptions,
): KubeObject {
  for (const { key: other, manager, fields } of conflicts)
    managers.set(other, { ...manager, fields: manager.fields.difference(fields) });
  for (const [other, manager] of managers)
    if (other !== key) managers.set(other, { ...manager, fields: manager.fields.difference(removed) });
  const changed = !live || !equalJson(base, object);
  const own = managers.get(key);
  if (own && changed) managers.set(key, { ...own, time: options.time });
  const result = cloneJson(object);
  if (!isObject(result.metadata)) result.metadata = {};
  if (options.manager === 'kubectl') updateLastApplied(result, applied);
  const entries = encodeManagers(managers);
  if (entries.length > 0) result.metadata.managedFields = entries;
  return result;
}

/**
 * `kubectl apply --server-side` after client-side applies: what the annotation says was applied, and still is, belongs to
 * the same person.
 */
function allowedByLastApplied(
  type: ManagedType,
  base: KubeObject,
  conflicts: readonly Conflict[],
  options: ApplyOptions,
): boolean {
  if (options.manager !== 'kubectl') return false;
  const last = parsed(base.metadata.annotations?.[LAST_APPLIED]);
  if (last?.['apiVersion'] !== type.apiVersion) return false;
  const { added, modified, removed } = compare(type.node, last, base);
  const allowed = fieldsOf(type.node, last).difference(added).difference(modified).difference(removed);
  return conflicts.every(({ fields }) => fields.difference(allowed).isEmpty);
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function updateLastApplied(result: KubeObject, applied: KubeObject): void {
  const annotations = result.metadata.annotations;
  if (annotations?.[LAST_APPLIED] !== undefined) annotations[LAST_APPLIED] = `${JSON.stringify(applied)}\n`;
}

function conflictError(conflicts: readonly Conflict[]): StatusError {
  const found = conflicts.flatMap(({ manager, fields }) =>
    fields.paths().map((path) => ({ by: shownManager(manager), field: formatFieldPath(path) })),
  );
  const causes = found.map(({ by, field }): StatusCause => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${by}`,
    field,
  }));
  return new StatusError('Conflict', conflictMessage(found), { details: { causes } });
}

function conflictMessage(found: readonly { by: string; field: string }[]): string {
  const [first] = found;
  if (found.length === 1) return `Apply failed with 1 conflict: conflict with ${first!.by}: ${first!.field}`;
  const parts: string[] = [];
  for (const by of [...new Set(found.map((conflict) => conflict.by))].sort()) {
    parts.push(`conflicts with ${by}:`);
    for (const conflict of found) if (conflict.by === by) parts.push(`- ${conflict.field}`);
  }
  return `Apply failed with ${found.length} conflicts: ${parts.join('\n')}`;
}

function shownManager({ name, subresource, operation, apiVersion }: Manager): string {
  const quoted = JSON.stringify(name);
  const through = subresource === '' ? quoted : `${quoted} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${through} using ${apiVersion}` : through;
}
