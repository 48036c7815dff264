import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';

/** Pods, as an API server describes them. */
export const PODS_KIND: ResourceKind = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  singular: 'pod',
  shortNames: ['po'],
  categories: [],
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'create', 'delete'],
  subresources: ['log', 'exec', 'status'],
};
