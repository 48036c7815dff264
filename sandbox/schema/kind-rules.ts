import { CLUSTER_RULES } from './cluster-rules.ts';
import { checkCustomResourceDefinition } from './crd-rules.ts';
import type { FieldErrors } from './field-errors.ts';
import { NETWORK_RULES } from './network-rules.ts';
import { checkPod } from './pod-rules.ts';
import type { JsonObject } from './schema-node.ts';
import { WORKLOAD_RULES } from './workload-rules.ts';

export type KindRule = (object: JsonObject, old: JsonObject | undefined, errors: FieldErrors) => void;

/** The rules of single kinds, by `group/kind`: what people get wrong, and what must never change. */
export const KIND_RULES: Readonly<Record<string, KindRule>> = {
  '/Pod': checkPod,
  'apiextensions.k8s.io/CustomResourceDefinition': checkCustomResourceDefinition,
  ...WORKLOAD_RULES,
  ...NETWORK_RULES,
  ...CLUSTER_RULES,
};
