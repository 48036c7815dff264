import { convertFromCoreEvent, convertToCoreEvent } from './event-conversion.ts';
import type { SchemaSource } from './schema-source.ts';
import {
  ALL_VERBS,
  qualifiedResource,
  type ResourceDefinition,
  type ResourceVerb,
  type SubresourceDefinition,
} from './resource-definition.ts';

/** What stands in the tables below; the rest follows from it. */
interface Row {
  readonly short?: string;
  readonly categories?: readonly string[];
  readonly cluster?: true;
  /** `status` and `scale` by name, others in full. */
  readonly sub?: readonly (SubresourceDefinition | 'status' | 'scale')[];
  readonly fields?: readonly string[];
  readonly generation?: true;
  readonly verbs?: readonly ResourceVerb[];
  readonly singular?: string;
}

type Table = Readonly<Record<string, readonly [kind: string, row?: Row]>>;

const READ_WRITE = ['get', 'patch', 'update'] as const;
const ALL = ['all'] as const;
const EXTENSIONS = ['api-extensions'] as const;
const CREATE_GET = ['create', 'get'] as const;

const EVENT_FIELDS = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'source',
  'type',
] as const;

const POD_FIELDS = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.nominatedNodeName',
] as const;

const POD_PARTS: readonly (SubresourceDefinition | 'status')[] = [
  { name: 'attach', kind: 'PodAttachOptions', verbs: CREATE_GET },
  { name: 'binding', kind: 'Binding', verbs: ['create'] },
  { name: 'ephemeralcontainers', kind: 'Pod', verbs: READ_WRITE },
  { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
  { name: 'exec', kind: 'PodExecOptions', verbs: CREATE_GET },
  { name: 'log', kind: 'Pod', verbs: ['get'] },
  { name: 'portforward', kind: 'PodPortForwardOptions', verbs: CREATE_GET },
  { name: 'resize', kind: 'Pod', verbs: READ_WRITE },
  'status',
];

const CORE: Table = {
  configmaps: ['ConfigMap', { short: 'cm' }],
  endpoints: ['Endpoints', { short: 'ep', singular: 'endpoints' }],
  events: ['Event', { short: 'ev', fields: EVENT_FIELDS }],
  limitranges: ['LimitRange', { short: 'limits' }],
  namespaces: [
    'Namespace',
    {
      short: 'ns',
      cluster: true,
      sub: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }, 'status'],
      fields: ['status.phase'],
      verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
    },
  ],
  nodes: ['Node', { short: 'no', cluster: true, sub: ['status'], fields: ['spec.unschedulable'] }],
  persistentvolumeclaims: ['PersistentVolumeClaim', { short: 'pvc', sub: ['status'] }],
  persistentvolumes: ['PersistentVolume', { short: 'pv', cluster: true, sub: ['status'] }],
  pods: ['Pod', { short: 'po', categories: ALL, sub: POD_PARTS, fields: POD_FIELDS, generation: true }],
  podtemplates: ['PodTemplate'],
  replicationcontrollers: [
    'ReplicationController',
    { short: 'rc', categories: ALL, sub: ['scale', 'status'], fields: ['status.replicas'], generation: true },
  ],
  resourcequotas: ['ResourceQuota', { short: 'quota', sub: ['status'] }],
  secrets: ['Secret', { fields: ['type'] }],
  serviceaccounts: [
    'ServiceAccount',
    {
      short: 'sa',
      sub: [
        {
          name: 'token',
          kind: 'TokenRequest',
          group: 'authentication.k8s.io',
          version: 'v1',
          verbs: ['create'],
        },
      ],
    },
  ],
  services: [
    'Service',
    { short: 'svc', categories: ALL, sub: ['status'], fields: ['spec.clusterIP', 'spec.type'] },
  ],
};

const WORKLOAD = { categories: ALL, generation: true } as const;

const APPS: Table = {
  controllerrevisions: ['ControllerRevision'],
  daemonsets: ['DaemonSet', { ...WORKLOAD, short: 'ds', sub: ['status'] }],
  deployments: ['Deployment', { ...WORKLOAD, short: 'deploy', sub: ['scale', 'status'] }],
  replicasets: [
    'ReplicaSet',
    { ...WORKLOAD, short: 'rs', sub: ['scale', 'status'], fields: ['status.replicas'] },
  ],
  statefulsets: ['StatefulSet', { ...WORKLOAD, short: 'sts', sub: ['scale', 'status'] }],
};

const BATCH: Table = {
  cronjobs: ['CronJob', { ...WORKLOAD, short: 'cj', sub: ['status'] }],
  jobs: ['Job', { ...WORKLOAD, sub: ['status'], fields: ['status.successful'] }],
};

const NETWORKING: Table = {
  ingressclasses: ['IngressClass', { cluster: true, generation: true, singular: 'ingressclass' }],
  ingresses: ['Ingress', { short: 'ing', sub: ['status'], generation: true, singular: 'ingress' }],
  networkpolicies: ['NetworkPolicy', { short: 'netpol', generation: true, singular: 'networkpolicy' }],
};

const RBAC: Table = {
  clusterrolebindings: ['ClusterRoleBinding', { cluster: true }],
  clusterroles: ['ClusterRole', { cluster: true }],
  rolebindings: ['RoleBinding'],
  roles: ['Role'],
};

const STORAGE: Table = {
  csidrivers: ['CSIDriver', { cluster: true }],
  csinodes: ['CSINode', { cluster: true }],
  csistoragecapacities: ['CSIStorageCapacity', { singular: 'csistoragecapacity' }],
  storageclasses: ['StorageClass', { short: 'sc', cluster: true, singular: 'storageclass' }],
  volumeattachments: ['VolumeAttachment', { cluster: true, sub: ['status'] }],
};

const ADMISSION: Table = {
  mutatingwebhookconfigurations: [
    'MutatingWebhookConfiguration',
    { cluster: true, categories: EXTENSIONS, generation: true },
  ],
  validatingwebhookconfigurations: [
    'ValidatingWebhookConfiguration',
    { cluster: true, categories: EXTENSIONS, generation: true },
  ],
};

const CREATE = { verbs: ['create'], cluster: true } as const;

/** Group and version by resources, in the order of discovery. */
const GROUPS: readonly (readonly [group: string, version: string, table: Table])[] = [
  ['', 'v1', CORE],
  [
    'apiregistration.k8s.io',
    'v1',
    { apiservices: ['APIService', { cluster: true, categories: EXTENSIONS, sub: ['status'] }] },
  ],
  ['apps', 'v1', APPS],
  ['events.k8s.io', 'v1', { events: ['Event', { short: 'ev', fields: [] }] }],
  [
    'authentication.k8s.io',
    'v1',
    { selfsubjectreviews: ['SelfSubjectReview', CREATE], tokenreviews: ['TokenReview', CREATE] },
  ],
  [
    'authorization.k8s.io',
    'v1',
    {
      localsubjectaccessreviews: ['LocalSubjectAccessReview', { verbs: ['create'] }],
      selfsubjectaccessreviews: ['SelfSubjectAccessReview', CREATE],
      selfsubjectrulesreviews: ['SelfSubjectRulesReview', CREATE],
      subjectaccessreviews: ['SubjectAccessReview', CREATE],
    },
  ],
  [
    'autoscaling',
    'v2',
    {
      horizontalpodautoscalers: [
        'HorizontalPodAutoscaler',
        { short: 'hpa', categories: ALL, sub: ['status'] },
      ],
    },
  ],
  ['batch', 'v1', BATCH],
  [
    'certificates.k8s.io',
    'v1',
    {
      certificatesigningrequests: [
        'CertificateSigningRequest',
        {
          short: 'csr',
          cluster: true,
          sub: [{ name: 'approval', kind: 'CertificateSigningRequest', verbs: READ_WRITE }, 'status'],
          fields: ['spec.signerName'],
        },
      ],
    },
  ],
  ['networking.k8s.io', 'v1', NETWORKING],
  [
    'policy',
    'v1',
    { poddisruptionbudgets: ['PodDisruptionBudget', { short: 'pdb', sub: ['status'], generation: true }] },
  ],
  ['rbac.authorization.k8s.io', 'v1', RBAC],
  ['storage.k8s.io', 'v1', STORAGE],
  ['admissionregistration.k8s.io', 'v1', ADMISSION],
  [
    'apiextensions.k8s.io',
    'v1',
    {
      customresourcedefinitions: [
        'CustomResourceDefinition',
        { short: 'crd,crds', cluster: true, categories: EXTENSIONS, sub: ['status'], generation: true },
      ],
    },
  ],
  [
    'scheduling.k8s.io',
    'v1',
    {
      priorityclasses: [
        'PriorityClass',
        { short: 'pc', cluster: true, generation: true, singular: 'priorityclass' },
      ],
    },
  ],
  ['coordination.k8s.io', 'v1', { leases: ['Lease'] }],
  ['node.k8s.io', 'v1', { runtimeclasses: ['RuntimeClass', { cluster: true, singular: 'runtimeclass' }] }],
  ['discovery.k8s.io', 'v1', { endpointslices: ['EndpointSlice', { generation: true }] }],
];

/** Every resource that is served without a CustomResourceDefinition. */
export function builtinResources(schemas: SchemaSource): ResourceDefinition[] {
  return GROUPS.flatMap(([group, version, table]) =>
    Object.entries(table).map(([resource, [kind, row = {}]]) =>
      define({ group, version, resource, kind, row, schemas }),
    ),
  );
}

function define(of: {
  group: string;
  version: string;
  resource: string;
  kind: string;
  row: Row;
  schemas: SchemaSource;
}): ResourceDefinition {
  const { group, version, resource, kind, row } = of;
  const isNewEvent = group === 'events.k8s.io';
  return {
    group,
    version,
    resource,
    kind,
    singular: row.singular ?? kind.toLowerCase(),
    namespaced: row.cluster !== true,
    shortNames: row.short?.split(',') ?? [],
    categories: row.categories ?? [],
    verbs: row.verbs ?? ALL_VERBS,
    subresources: (row.sub ?? []).map((sub) => subresource(sub, kind)),
    storageKey: isNewEvent ? 'events' : qualifiedResource({ resource, group }),
    selectableFields: row.fields ?? [],
    hasGeneration: row.generation === true,
    hasStatus: row.sub?.includes('status') === true,
    schema: of.schemas.builtin({ group, version, kind }),
    ...(isNewEvent && {
      conversion: { toStorage: convertToCoreEvent, fromStorage: convertFromCoreEvent },
    }),
  };
}

function subresource(sub: SubresourceDefinition | 'status' | 'scale', kind: string): SubresourceDefinition {
  if (sub === 'status') return { name: 'status', kind, verbs: READ_WRITE };
  if (sub === 'scale')
    return { name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: READ_WRITE };
  return sub;
}
