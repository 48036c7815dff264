import type { KubeObject, ManagedFieldsEntry } from '@krateyard/kube/meta/object';

/** One thing wrong with an object, as it stands in a Status's `details.causes`. */
export interface FieldError {
  readonly field: string;
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueTypeInvalid'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooMany'
    | 'FieldValueTooLong';
  /** Without the field's name: `Required value`, `Invalid value: "x": must be …`. */
  readonly message: string;
}

/**
 * What is known of the type of one version of one kind: built in, or read from a CustomResourceDefinition. Pure: nothing
 * here knows of storage or requests.
 */
export interface TypeSchema {
  /** Fills in defaults, in place; idempotent. A Job's selector needs `metadata.uid`. */
  applyDefaults(object: KubeObject): void;
  /**
   * Reads an object as its type: removes fields that the type does not have, in place, and returns their paths
   * (`spec.contaners`), for warnings and strict errors. Throws StatusError BadRequest where a built-in type, or metadata,
   * cannot hold a value.
   */
  prune(object: KubeObject): string[];
  /** Types, required fields, enums, patterns, bounds, CEL-free rules. `old` is there on updates, for immutable fields. */
  validate(object: KubeObject, old?: KubeObject): FieldError[];
  /** Strategic merge patch (`application/strategic-merge-patch+json`); throws StatusError for kinds that have none (custom resources: UnsupportedMediaType). */
  strategicMerge(object: KubeObject, patch: object): KubeObject;
  /**
   * Server-side apply: `live` (undefined when it is to be created) with what `manager` wants. Throws StatusError Conflict
   * with one cause a field (`reason: FieldManagerConflict`) where another manager owns a field and `force` is off.
   */
  apply(
    live: KubeObject | undefined,
    applied: KubeObject,
    options: { manager: string; force: boolean; time: string; subresource?: string },
  ): KubeObject;
  /** managedFields after a write other than apply turned `before` into `after`. */
  trackUpdate(
    before: KubeObject | undefined,
    after: KubeObject,
    options: { manager: string; time: string; subresource?: string },
  ): ManagedFieldsEntry[];
}
