import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';

/** The short paths of the seed, to what they mean. Every other kind goes by `group/version/plural`, core ones by `version/plural`. */
export const SHORT_KINDS = {
  pods: { group: '', version: 'v1', resource: 'pods' },
  deployments: { group: 'apps', version: 'v1', resource: 'deployments' },
  statefulsets: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  daemonsets: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  services: { group: '', version: 'v1', resource: 'services' },
  ingresses: { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
  configmaps: { group: '', version: 'v1', resource: 'configmaps' },
  secrets: { group: '', version: 'v1', resource: 'secrets' },
  pvcs: { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
  events: { group: '', version: 'v1', resource: 'events' },
  crds: { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
  namespaces: { group: '', version: 'v1', resource: 'namespaces' },
} as const satisfies Record<string, GroupVersionResource>;

/** `v1`, `v2beta1`: what tells a version from a group or a kind in a path. */
const version = /^v[1-9]\d*(?:(?:alpha|beta)[1-9]\d*)?$/;

/** The path of a kind: its short one where it has one, else `apps/v1/replicasets` or `v1/nodes`. */
export function formatKindPath(gvr: GroupVersionResource): string {
  for (const [path, short] of Object.entries(SHORT_KINDS)) {
    if (short.resource === gvr.resource && short.group === gvr.group && short.version === gvr.version) {
      return path;
    }
  }
  return gvr.group === '' ? `${gvr.version}/${gvr.resource}` : `${gvr.group}/${gvr.version}/${gvr.resource}`;
}

/** Reads a path of a kind; undefined for a bare name that is no short path (discovery may know it) and for nonsense. */
export function parseKindPath(path: string): GroupVersionResource | undefined {
  if (Object.hasOwn(SHORT_KINDS, path)) return SHORT_KINDS[path as keyof typeof SHORT_KINDS];
  const parts = path.split('/');
  if (parts.some((part) => part === '')) return undefined;
  if (parts.length === 2 && version.test(parts[0]!)) {
    return { group: '', version: parts[0]!, resource: parts[1]! };
  }
  if (parts.length === 3 && version.test(parts[1]!)) {
    return { group: parts[0]!, version: parts[1]!, resource: parts[2]! };
  }
  return undefined;
}
