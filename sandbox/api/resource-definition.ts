import type { KubeObject } from '@krateyard/kube/meta/object';
import type { TypeSchema } from '../schema/type-schema.ts';

export type ResourceVerb =
  | 'create'
  | 'delete'
  | 'deletecollection'
  | 'get'
  | 'list'
  | 'patch'
  | 'update'
  | 'watch';

/** A part of an object with a path of its own: `pods/status`, `deployments/scale`. */
export interface SubresourceDefinition {
  readonly name: string;
  /** The kind that travels; the resource's own for `status`. */
  readonly kind: string;
  /** Where the kind lives, if not in the resource's own group and version. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** A column that a CustomResourceDefinition asks for. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

/** Where a custom resource keeps what its scale subresource shows. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** What only custom resources have. */
export interface CustomPart {
  readonly crdName: string;
  readonly columns: readonly PrinterColumn[];
  readonly scale?: ScalePaths;
  /** The version's schema as it stands in the CustomResourceDefinition. */
  readonly openApiSchema?: unknown;
}

/** One served version of one resource: everything the generic machinery needs to know of it. */
export interface ResourceDefinition {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly ResourceVerb[];
  readonly subresources: readonly SubresourceDefinition[];
  /** The collection that holds it; several versions of a resource share one. */
  readonly storageKey: string;
  /** Field labels that a field selector may use, besides `metadata.name` and `metadata.namespace`. */
  readonly selectableFields: readonly string[];
  /** `metadata.generation` counts changes of what is wanted. */
  readonly hasGeneration: boolean;
  /** `status` is written through the subresource only. */
  readonly hasStatus: boolean;
  readonly schema: TypeSchema;
  /** From and to the form that is stored; absent where that is this version. */
  readonly conversion?: {
    readonly toStorage: (object: KubeObject) => KubeObject;
    readonly fromStorage: (object: KubeObject) => KubeObject;
  };
  readonly custom?: CustomPart;
}

export const ALL_VERBS: readonly ResourceVerb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** `pods`, `deployments.apps`: how a resource is named in messages and in storage. */
export function qualifiedResource(definition: { resource: string; group: string }): string {
  return definition.group === '' ? definition.resource : `${definition.resource}.${definition.group}`;
}

/** `Pod`, `Deployment.apps`. */
export function qualifiedKind(definition: { kind: string; group: string }): string {
  return definition.group === '' ? definition.kind : `${definition.kind}.${definition.group}`;
}
