import type { KubeObject } from '@krateyard/kube/meta/object';

type Column = readonly [name: string, type: string, jsonPath: string, priority?: number];

export interface Wish {
  readonly group: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  /** Storage version first. */
  readonly versions: readonly string[];
  readonly spec: object;
  readonly required?: readonly string[];
  /** Absent: namespaced, with a status of its own. */
  readonly scope?: 'Cluster' | 'Namespaced';
  readonly status?: false;
  readonly columns: readonly Column[];
}

export const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export const TEXT = { type: 'string' };
export const AGE: Column = ['Age', 'date', '.metadata.creationTimestamp'];
/** A definition as KubeVirt's own are: all versions of one schema, columns for kubectl. */
export function definition({
  group,
  kind,
  shortNames,
  versions,
  spec,
  required,
  columns,
  ...wish
}: Wish): KubeObject {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: wish.scope ?? 'Namespaced',
      names: { plural, singular, kind, listKind: `${kind}List`, shortNames, categories: ['all'] },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            ...(required && { required }),
            properties: { spec, status: { ...ANYTHING, nullable: true } },
          },
        },
        ...(wish.status !== false && { subresources: { status: {} } }),
        additionalPrinterColumns: columns.map(([column, type, jsonPath, priority]) => ({
          name: column,
          type,
          jsonPath,
          ...(priority && { priority }),
        })),
      })),
    },
  };
}
