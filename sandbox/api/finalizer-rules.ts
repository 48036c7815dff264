import type { KubeObject } from '@krateyard/kube/meta/object';
import type { FieldError } from '../schema/type-schema.ts';

const STANDARD = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Finalizers must be qualified, and none can be added to an object that is going. */
export function checkFinalizers(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const finalizers = object.metadata.finalizers ?? [];
  const errors = finalizers
    .filter((name) => !STANDARD.has(name) && !/^[^/]+\/[^/]+$/.test(name))
    .map((name): FieldError => ({
      field: 'metadata.finalizers',
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(name)}: name is neither a standard finalizer name nor is it fully qualified`,
    }));
  if (old?.metadata.deletionTimestamp === undefined) return errors;
  const late = finalizers.filter((name) => !(old.metadata.finalizers ?? []).includes(name));
  if (late.length === 0) return errors;
  const quoted = late.map((name) => JSON.stringify(name)).join(', ');
  return [
    ...errors,
    {
      field: 'metadata.finalizers',
      reason: 'FieldValueForbidden',
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${quoted}}`,
    },
  ];
}
