import type { GroupVersionKind } from '@krateyard/kube/meta/group-version';

import type { FieldErrors } from './field-errors.ts';
import { KIND_RULES } from './kind-rules.ts';
import { checkMetadata } from './metadata-rules.ts';
import type { JsonObject } from './schema-node.ts';

/** The rules of built-in kinds that no schema tells. `old` is there on updates. */
export function checkBuiltinRules(
  gvk: GroupVersionKind,
  object: JsonObject,
  old: JsonObject | undefined,
  errors: FieldErrors,
): void {
  checkMetadata(object, old, errors);
  KIND_RULES[`${gvk.group}/${gvk.kind}`]?.(object, old, errors);
}
