import type { KubeObject } from '@krateyard/kube/meta/object';
import { named } from './manifests.ts';

export function namespaceObject(name: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  };
}

/** What every scene has: the teams of alice and bob with their rights, a storage class, an ingress class. */
export function basics(): KubeObject[] {
  return [
    namespaceObject('team-a', { team: 'a' }),
    namespaceObject('team-b', { team: 'b' }),
    grant('team-a', 'alice', 'edit'),
    grant('team-b', 'bob', 'view'),
    {
      ...named('storage.k8s.io/v1', 'StorageClass', '', 'standard', {
        provisioner: 'sandbox.krateyard.dev/provisioner',
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'Immediate',
        allowVolumeExpansion: true,
      }),
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    },
    named('networking.k8s.io/v1', 'IngressClass', '', 'nginx', {
      spec: { controller: 'k8s.io/ingress-nginx' },
    }),
  ];
}

function grant(namespace: string, user: string, role: string): KubeObject {
  return named('rbac.authorization.k8s.io/v1', 'RoleBinding', namespace, `${user}-${role}`, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  });
}
