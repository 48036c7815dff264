import { matchesLabels, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { at, fieldsAt, listAt, textAt } from '../../../contract/columns/read.ts';
import type { Relation } from '../../../contract/relations.ts';
import type { ChoosingEdge, Edge, NamingEdge, Reference } from './edge.ts';
import { named, podSpecReferences, type PodSpecReferences } from './pod-spec-references.ts';

const PODS = 'v1/pods';
const CONFIG_MAPS = 'v1/configmaps';
const SECRETS = 'v1/secrets';
const CLAIMS = 'v1/persistentvolumeclaims';
const VOLUMES = 'v1/persistentvolumes';
const SERVICES = 'v1/services';
const ACCOUNTS = 'v1/serviceaccounts';
const CLASSES = 'storage.k8s.io/v1/storageclasses';
const INGRESSES = 'networking.k8s.io/v1/ingresses';
const RBAC = 'rbac.authorization.k8s.io/v1';

/** Where the pod's spec stands in each kind that has one. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  [PODS]: ['spec'],
  'apps/v1/deployments': ['spec', 'template', 'spec'],
  'apps/v1/statefulsets': ['spec', 'template', 'spec'],
  'apps/v1/daemonsets': ['spec', 'template', 'spec'],
  'batch/v1/jobs': ['spec', 'template', 'spec'],
  'batch/v1/cronjobs': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Kinds whose pods come of a template that stands in them, for as long as they live. */
const WORKLOADS = ['apps/v1/deployments', 'apps/v1/statefulsets', 'apps/v1/daemonsets'] as const;

const POD_SPEC_EDGES: readonly {
  readonly relation: Relation;
  readonly to: string;
  readonly part: keyof PodSpecReferences;
}[] = [
  { relation: 'mounts', to: CLAIMS, part: 'claims' },
  { relation: 'mounts', to: CONFIG_MAPS, part: 'configMapMounts' },
  { relation: 'uses', to: CONFIG_MAPS, part: 'configMaps' },
  { relation: 'mounts', to: SECRETS, part: 'secretMounts' },
  { relation: 'uses', to: SECRETS, part: 'secrets' },
  { relation: 'runs as', to: ACCOUNTS, part: 'serviceAccount' },
];

/** Every edge but ownership, which any kind may have. */
export const EDGES: readonly Edge[] = [
  names('runs on', PODS, 'v1/nodes', (pod) => named(textAt(pod, 'spec', 'nodeName'))),
  ...Object.entries(POD_SPECS).flatMap(([from, path]) =>
    POD_SPEC_EDGES.map(({ relation, to, part }) =>
      names(relation, from, to, (object) => podSpecReferences(at(object, ...path))[part]),
    ),
  ),
  chooses('selects', 'apps/v1/deployments', PODS, selectorAt('spec', 'selector')),
  ...choosesPods('selects', SERVICES, (service) => mapSelector(fieldsAt(service, 'spec', 'selector'))),
  ...choosesPods('protects', 'policy/v1/poddisruptionbudgets', selectorAt('spec', 'selector')),
  ...choosesPods('applies to', 'networking.k8s.io/v1/networkpolicies', selectorAt('spec', 'podSelector')),
  names('routes to', INGRESSES, SERVICES, ingressServices),
  names('uses', INGRESSES, SECRETS, (ingress) =>
    listAt(ingress, 'spec', 'tls').flatMap((entry) => named(textAt(entry, 'secretName'), 'TLS')),
  ),
  names('uses', INGRESSES, 'networking.k8s.io/v1/ingressclasses', (ingress) =>
    named(textAt(ingress, 'spec', 'ingressClassName')),
  ),
  names('routes to', 'gateway.networking.k8s.io/v1/httproutes', SERVICES, routeServices),
  names('binds', CLAIMS, VOLUMES, (claim) => named(textAt(claim, 'spec', 'volumeName'))),
  names('uses', CLAIMS, CLASSES, (claim) => named(textAt(claim, 'spec', 'storageClassName'))),
  names('uses', VOLUMES, CLASSES, (volume) => named(textAt(volume, 'spec', 'storageClassName'))),
  names('uses', 'apps/v1/statefulsets', SERVICES, (set) => named(textAt(set, 'spec', 'serviceName'))),
  ...['apps/v1/deployments', 'apps/v1/statefulsets', 'apps/v1/replicasets'].map((to) =>
    names('scales', 'autoscaling/v2/horizontalpodautoscalers', to, (scaler) => scaled(scaler, to)),
  ),
  ...[`${RBAC}/rolebindings`, `${RBAC}/clusterrolebindings`].flatMap(bindingEdges),
];

function names(relation: Relation, from: string, to: string, read: NamingEdge['names']): NamingEdge {
  return { relation, from, to, names: (object) => distinct(read(object)) };
}

function chooses(relation: Relation, from: string, to: string, read: ChoosingEdge['chooses']): ChoosingEdge {
  return { relation, from, to, chooses: read };
}

/** What chooses pods chooses the workloads whose pods would be chosen, also while there are none. */
function choosesPods(
  relation: Relation,
  from: string,
  read: ChoosingEdge['chooses'],
): readonly ChoosingEdge[] {
  const byTemplate: ChoosingEdge['chooses'] = (object) => {
    const fits = read(object);
    return fits && ((workload) => fits(podOf(workload)));
  };
  return [
    chooses(relation, from, PODS, read),
    ...WORKLOADS.map((to) => chooses(relation, from, to, byTemplate)),
  ];
}

const podOf = (workload: KubeObject): KubeObject => ({
  metadata: {
    labels: fieldsAt(workload, 'spec', 'template', 'metadata', 'labels') as Readonly<Record<string, string>>,
  },
});

/** The same object named twice is one; how it is used is joined. */
function distinct(references: readonly Reference[]): readonly Reference[] {
  const known = new Map<string, Reference>();
  for (const reference of references) {
    const key = `${reference.namespace ?? ''}/${reference.name}`;
    const before = known.get(key);
    const as = [...new Set([before?.as, reference.as].filter((one) => one !== undefined))].join(', ');
    known.set(key, { ...reference, ...(as !== '' && { as }) });
  }
  return [...known.values()];
}

/** A Service without a selector chooses nothing: its endpoints are made by others. */
function mapSelector(labels: Readonly<Record<string, unknown>>): ReturnType<ChoosingEdge['chooses']> {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return undefined;
  return (object) => wanted.every(([key, value]) => textAt(object, 'metadata', 'labels', key) === value);
}

/** An empty selector chooses everything in the namespace, an absent one nothing. */
function selectorAt(...path: readonly string[]): ChoosingEdge['chooses'] {
  return (object) => {
    const requirements = readable(at(object, ...path) as LabelSelector | undefined);
    return requirements && ((to: KubeObject) => matchesLabels(requirements, to.metadata.labels));
  };
}

function readable(selector: LabelSelector | undefined): ReturnType<typeof requirementsOf> {
  try {
    return requirementsOf(selector);
  } catch {
    return undefined;
  }
}

function ingressServices(ingress: KubeObject): readonly Reference[] {
  const byDefault = named(textAt(ingress, 'spec', 'defaultBackend', 'service', 'name'), 'by default');
  const byRule = listAt(ingress, 'spec', 'rules').flatMap((rule) =>
    listAt(rule, 'http', 'paths').flatMap((path) =>
      named(
        textAt(path, 'backend', 'service', 'name'),
        `${textAt(rule, 'host') ?? '*'}${textAt(path, 'path') ?? '/'}`,
      ),
    ),
  );
  return [...byDefault, ...byRule];
}

function routeServices(route: KubeObject): readonly Reference[] {
  return listAt(route, 'spec', 'rules')
    .flatMap((rule) => listAt(rule, 'backendRefs'))
    .filter((backend) => (textAt(backend, 'kind') ?? 'Service') === 'Service')
    .flatMap((backend) => {
      const namespace = textAt(backend, 'namespace');
      return named(textAt(backend, 'name')).map((one) => Object.assign({}, one, namespace && { namespace }));
    });
}

const SCALED_KINDS: Readonly<Record<string, string>> = {
  'apps/v1/deployments': 'Deployment',
  'apps/v1/statefulsets': 'StatefulSet',
  'apps/v1/replicasets': 'ReplicaSet',
};

function scaled(scaler: KubeObject, to: string): readonly Reference[] {
  const target = at(scaler, 'spec', 'scaleTargetRef');
  return textAt(target, 'kind') === SCALED_KINDS[to] ? named(textAt(target, 'name')) : [];
}

function bindingEdges(from: string): readonly Edge[] {
  const role = (kind: string) => (binding: KubeObject) =>
    textAt(binding, 'roleRef', 'kind') === kind ? named(textAt(binding, 'roleRef', 'name')) : [];
  const accounts = (binding: KubeObject): readonly Reference[] =>
    listAt(binding, 'subjects')
      .filter((subject) => textAt(subject, 'kind') === 'ServiceAccount')
      .flatMap((subject) => {
        const namespace = textAt(subject, 'namespace') ?? undefined;
        return named(textAt(subject, 'name')).map((one) =>
          Object.assign({}, one, namespace !== undefined && { namespace }),
        );
      });
  return [
    names('grants', from, `${RBAC}/clusterroles`, role('ClusterRole')),
    ...(from.endsWith('/rolebindings') ? [names('grants', from, `${RBAC}/roles`, role('Role'))] : []),
    { ...names('applies to', from, ACCOUNTS, accounts), across: true },
  ];
}
