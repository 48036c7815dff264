import type { Scope } from '@krateyard/auth/access';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { METRICS_GVR, type MeteredKind, type UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { USAGE_SORTS } from '../../contract/usage-api.ts';
import { compareRows, type Order } from '../resources/order.ts';

/** A sort by what objects use, not by what they are. */
export interface UsageSort {
  readonly metered: MeteredKind;
  readonly sort: string;
}

/** Undefined for a sort by a column, and for kinds that are not measured. */
export function parseUsageSort(
  sort: string | undefined,
  { group, resource }: Pick<GroupVersionResource, 'group' | 'resource'>,
): UsageSort | undefined {
  if (sort === undefined || group !== '' || !Object.hasOwn(USAGE_SORTS, sort.replace(/^-/, '')))
    return undefined;
  return resource === 'pods' || resource === 'nodes' ? { metered: resource, sort } : undefined;
}

/** Whose usage is asked for when rows are sorted by it. */
export const usageResource = (metered: MeteredKind): GroupVersionResource & { namespaced: boolean } => ({
  ...METRICS_GVR[metered],
  namespaced: metered === 'pods',
});

/** By the last sample. What the person may not see measured, or is not measured now, has no place of its own: it comes last. */
export function usageOrder({ metered, sort }: UsageSort, scope: Scope, meter: UsageMeter): Order {
  const descending = sort.startsWith('-');
  const at = USAGE_SORTS[sort.replace(/^-/, '')]!;
  const shows = ({ metadata }: KubeObject): boolean =>
    scope.all || (metadata.namespace !== undefined && scope.namespaces.has(metadata.namespace));
  return {
    id: `${sort} ${scope.all ? '*' : [...scope.namespaces].toSorted().join()}`,
    row: (key, object) => ({
      key,
      object,
      sortKey: (shows(object) ? meter.latest(metered, key)?.[at] : undefined) ?? null,
    }),
    compare: compareRows(descending),
    measured: true,
  };
}
