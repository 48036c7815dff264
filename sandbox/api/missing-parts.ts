import type { ResourceRegistry } from './resource-registry.ts';

/** What an API server may lack; a cluster can be started without any of them. */
export const MISSING_PARTS = ['metrics', 'custom-resources', 'aggregated-discovery'] as const;
export type MissingPart = (typeof MISSING_PARTS)[number];

/** Groups that are not served without the part. */
const GROUPS: Readonly<Partial<Record<MissingPart, string>>> = {
  metrics: 'metrics.k8s.io',
  'custom-resources': 'apiextensions.k8s.io',
};

/** What discovery tells and requests reach, of all that is registered. */
export type ServedResources = Pick<ResourceRegistry, 'groups' | 'versionsOf' | 'in'> & {
  /** Whether `/api` and `/apis` tell everything at once. */
  readonly aggregatedDiscovery: boolean;
  serves(group: string): boolean;
};

/** The registry, for who comes from outside; the cluster's own controllers go on with all of it. */
export function servedResources(
  registry: ResourceRegistry,
  without: readonly MissingPart[],
): ServedResources {
  const hidden = new Set(without.map((part) => GROUPS[part]));
  const serves = (group: string): boolean => !hidden.has(group);
  return {
    aggregatedDiscovery: !without.includes('aggregated-discovery'),
    serves,
    groups: () => registry.groups().filter(serves),
    versionsOf: (group) => (serves(group) ? registry.versionsOf(group) : undefined),
    in: (group, version) => (serves(group) ? registry.in(group, version) : []),
  };
}
