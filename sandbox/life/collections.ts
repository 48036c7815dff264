import {
  formatGroupVersion,
  formatGvr,
  parseGroupVersion,
  type GroupVersionResource,
} from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { RESOURCES } from './resources.ts';
import type { World } from './world.ts';

export interface KnownCollection {
  readonly gvr: GroupVersionResource;
  readonly kind: string;
  readonly namespaced: boolean;
}

interface CustomResourceDefinition extends KubeObject {
  spec: {
    group: string;
    scope: string;
    names: { plural: string; kind: string };
    versions: { name: string; served: boolean; storage: boolean }[];
  };
  status?: { conditions?: { type: string; status: string }[] };
}

const row = (
  group: string,
  version: string,
  resource: string,
  kind: string,
  namespaced = true,
): KnownCollection => ({
  gvr: { group, version, resource },
  kind,
  namespaced,
});

/** Everything built in that can own, be owned, or be in a namespace. Events are left out: nobody owns them. */
const BUILTIN: readonly KnownCollection[] = [
  row('', 'v1', 'pods', 'Pod'),
  row('', 'v1', 'services', 'Service'),
  row('', 'v1', 'endpoints', 'Endpoints'),
  row('', 'v1', 'configmaps', 'ConfigMap'),
  row('', 'v1', 'secrets', 'Secret'),
  row('', 'v1', 'serviceaccounts', 'ServiceAccount'),
  row('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  row('', 'v1', 'limitranges', 'LimitRange'),
  row('', 'v1', 'resourcequotas', 'ResourceQuota'),
  row('', 'v1', 'replicationcontrollers', 'ReplicationController'),
  row('', 'v1', 'podtemplates', 'PodTemplate'),
  row('', 'v1', 'nodes', 'Node', false),
  row('', 'v1', 'namespaces', 'Namespace', false),
  row('', 'v1', 'persistentvolumes', 'PersistentVolume', false),
  row('apps', 'v1', 'deployments', 'Deployment'),
  row('apps', 'v1', 'replicasets', 'ReplicaSet'),
  row('apps', 'v1', 'statefulsets', 'StatefulSet'),
  row('apps', 'v1', 'daemonsets', 'DaemonSet'),
  row('apps', 'v1', 'controllerrevisions', 'ControllerRevision'),
  row('batch', 'v1', 'jobs', 'Job'),
  row('batch', 'v1', 'cronjobs', 'CronJob'),
  row('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  row('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  row('coordination.k8s.io', 'v1', 'leases', 'Lease'),
  row('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice'),
  row('networking.k8s.io', 'v1', 'ingresses', 'Ingress'),
  row('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'),
  row('rbac.authorization.k8s.io', 'v1', 'roles', 'Role'),
  row('rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding'),
  row('rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole', false),
  row('rbac.authorization.k8s.io', 'v1', 'clusterrolebindings', 'ClusterRoleBinding', false),
];

/** The collections of the cluster, those of CustomResourceDefinitions as they come. */
export class Collections {
  #known = new Map<string, KnownCollection>();
  #listeners: ((collection: KnownCollection) => void)[] = [];

  constructor(world: World) {
    for (const each of BUILTIN) this.#add(each);
    world
      .mirror<CustomResourceDefinition>(RESOURCES.customResourceDefinitions)
      .onChange((crd, _old, gone) => {
        const established = crd.status?.conditions?.some(
          (each) => each.type === 'Established' && each.status === 'True',
        );
        const version =
          crd.spec.versions.find((each) => each.storage && each.served) ??
          crd.spec.versions.find((each) => each.served);
        if (gone || !established || !version) return;
        const { group, scope, names } = crd.spec;
        this.#add(row(group, version.name, names.plural, names.kind, scope === 'Namespaced'));
      });
  }

  all(): Iterable<KnownCollection> {
    return this.#known.values();
  }

  /** Of another version too: objects are the same in all of them. */
  ofKind(apiVersion: string, kind: string): KnownCollection | undefined {
    const { group } = parseGroupVersion(apiVersion);
    for (const each of this.#known.values()) {
      if (each.kind !== kind || each.gvr.group !== group) continue;
      if (formatGroupVersion(each.gvr) === apiVersion || group !== '') return each;
    }
    return undefined;
  }

  /** Calls for every collection there is and every one that comes. */
  forEach(listener: (collection: KnownCollection) => void): void {
    this.#listeners.push(listener);
    for (const each of this.#known.values()) listener(each);
  }

  #add(collection: KnownCollection): void {
    const id = formatGvr(collection.gvr);
    if (this.#known.has(id)) return;
    this.#known.set(id, collection);
    for (const listener of this.#listeners) listener(collection);
  }
}
