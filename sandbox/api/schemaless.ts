import type { KubeObject } from '@krateyard/kube/meta/object';
import { applyMergePatch } from '../patch/merge-patch.ts';
import type { TypeSchema } from '../schema/type-schema.ts';

/** The schema of kinds that nothing is known of: takes everything as it is. */
export const schemaless: TypeSchema = {
  applyDefaults: () => {},
  prune: () => [],
  validate: () => [],
  strategicMerge: (object, patch) => applyMergePatch(object, patch),
  apply: (live, applied) => (live ? applyMergePatch(live, applied) : ({ ...applied } as KubeObject)),
  trackUpdate: (_before, after) => after.metadata.managedFields ?? [],
};
