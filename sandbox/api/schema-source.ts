import type { GroupVersionKind } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { TypeSchema } from '../schema/type-schema.ts';

/** Where the registry gets schemas from. */
export interface SchemaSource {
  builtin(gvk: GroupVersionKind): TypeSchema;
  custom(crd: KubeObject, version: string): TypeSchema;
}
