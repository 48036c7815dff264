import type { KubeObject } from '@krateyard/kube/meta/object';
import type { FieldError } from '../schema/type-schema.ts';

/** No finalizer can be added to an object that is going. */
export function checkLateFinalizers(object: KubeObject, old: KubeObject): FieldError[] {
  if (old.metadata.deletionTimestamp === undefined) return [];
  const known = old.metadata.finalizers ?? [];
  const late = (object.metadata.finalizers ?? []).filter((name) => !known.includes(name));
  if (late.length === 0) return [];
  const quoted = late.map((name) => JSON.stringify(name)).join(', ');
  return [
    {
      field: 'metadata.finalizers',
      reason: 'FieldValueForbidden',
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${quoted}}`,
    },
  ];
}
