/** What Kubernetes fills in for its own kinds: the tables of its `defaults.go` files and of what runs before storage. */
import type { GroupVersionKind } from '@krateyard/kube/meta/group-version';

import { ensureObject, fill, objectAt, objectsAt, textAt } from './json-access.ts';
import { defaultPod, defaultTemplate } from './pod-defaults.ts';
import type { JsonObject } from './schema-node.ts';

type Defaulter = (object: JsonObject, spec: JsonObject) => void;

const MAX_INT32 = 2_147_483_647;
const RBAC = 'rbac.authorization.k8s.io';

const deployment: Defaulter = (_, spec) => {
  fill(spec, { replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = ensureObject(spec, 'strategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    fill(ensureObject(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
  defaultTemplate(spec);
};

const replicaSet: Defaulter = (_, spec) => {
  fill(spec, { replicas: 1 });
  defaultTemplate(spec);
};

const replicationController: Defaulter = (object, spec) => {
  fill(spec, { replicas: 1 });
  defaultTemplate(spec);
  const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (!labels) return;
  fill(spec, { selector: labels });
  fill(ensureObject(object, 'metadata'), { labels });
};

const statefulSet: Defaulter = (_, spec) => {
  fill(spec, {
    podManagementPolicy: 'OrderedReady',
    replicas: 1,
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
    updateStrategy: {},
  });
  const strategy = ensureObject(spec, 'updateStrategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate') fill(ensureObject(strategy, 'rollingUpdate'), { partition: 0 });
  fill(ensureObject(spec, 'persistentVolumeClaimRetentionPolicy'), {
    whenDeleted: 'Retain',
    whenScaled: 'Retain',
  });
  for (const claim of objectsAt(spec, 'volumeClaimTemplates')) {
    fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
    persistentVolumeClaim(claim, ensureObject(claim, 'spec'));
  }
  defaultTemplate(spec);
};

const daemonSet: Defaulter = (_, spec) => {
  fill(spec, { revisionHistoryLimit: 10, updateStrategy: {} });
  const strategy = ensureObject(spec, 'updateStrategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    fill(ensureObject(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 });
  defaultTemplate(spec);
};

/** The selector and its labels need the uid, so they come once that is known. */
const job: Defaulter = (object, spec) => {
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  fill(spec, {
    parallelism: 1,
    backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : MAX_INT32,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
  const metadata = ensureObject(object, 'metadata');
  const uid = textAt(metadata, 'uid');
  if (uid !== undefined && spec['manualSelector'] !== true)
    selectByUid(spec, uid, textAt(metadata, 'name') ?? '');
  defaultTemplate(spec);
  const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (labels && metadata['labels'] === undefined) metadata['labels'] = { ...labels };
};

function selectByUid(spec: JsonObject, uid: string, name: string): void {
  const labels = ensureObject(ensureObject(ensureObject(spec, 'template'), 'metadata'), 'labels');
  fill(labels, {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  });
  fill(spec, { selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } } });
}

const cronJob: Defaulter = (_, spec) => {
  fill(spec, {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const template = ensureObject(spec, 'jobTemplate');
  ensureObject(template, 'metadata');
  defaultTemplate(ensureObject(template, 'spec'));
};

const service: Defaulter = (_, spec) => {
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  const type = spec['type'];
  if (spec['sessionAffinity'] === 'ClientIP')
    fill(ensureObject(ensureObject(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10_800 });
  for (const port of objectsAt(spec, 'ports')) fill(port, { protocol: 'TCP', targetPort: port['port'] });
  if (type === 'NodePort' || type === 'LoadBalancer') fill(spec, { externalTrafficPolicy: 'Cluster' });
  if (type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true });
  if (type !== 'ExternalName')
    fill(spec, { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
};

const secret: Defaulter = (object) => {
  fill(object, { type: 'Opaque' });
  const texts = objectAt(object, 'stringData');
  if (!texts) return;
  const values = ensureObject(object, 'data');
  for (const [key, text] of Object.entries(texts)) values[key] = Buffer.from(String(text)).toString('base64');
  delete object['stringData'];
};

const persistentVolumeClaim: Defaulter = (object, spec) => {
  fill(spec, { volumeMode: 'Filesystem' });
  fill(ensureObject(object, 'status'), { phase: 'Pending' });
};

const persistentVolume: Defaulter = (object, spec) => {
  fill(spec, { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' });
  fill(ensureObject(object, 'status'), { phase: 'Pending' });
  const path = objectAt(spec, 'hostPath');
  if (path) fill(path, { type: '' });
};

const networkPolicy: Defaulter = (_, spec) => {
  fill(spec, {
    podSelector: {},
    policyTypes: ['Ingress', ...(spec['egress'] === undefined ? [] : ['Egress'])],
  });
  for (const rule of [...objectsAt(spec, 'ingress'), ...objectsAt(spec, 'egress')])
    for (const port of objectsAt(rule, 'ports')) fill(port, { protocol: 'TCP' });
};

const autoscaler: Defaulter = (_, spec) => {
  fill(spec, { minReplicas: 1 });
  fill(spec, {
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ],
  });
};

const binding: Defaulter = (object) => {
  for (const subject of objectsAt(object, 'subjects'))
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') fill(subject, { apiGroup: RBAC });
  const role = objectAt(object, 'roleRef');
  if (role && !role['apiGroup']) role['apiGroup'] = RBAC;
};

const customResourceDefinition: Defaulter = (_, spec) => {
  const names = ensureObject(spec, 'names');
  const kind = textAt(names, 'kind') ?? '';
  if (kind !== '') fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  fill(ensureObject(spec, 'conversion'), { strategy: 'None' });
};

const namespace: Defaulter = (object) => {
  const metadata = ensureObject(object, 'metadata');
  const name = textAt(metadata, 'name');
  if (name !== undefined) ensureObject(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
  fill(ensureObject(object, 'status'), { phase: 'Active' });
};

const limitRange: Defaulter = (_, spec) => {
  for (const limit of objectsAt(spec, 'limits').filter((at) => at['type'] === 'Container')) {
    const maximum = objectAt(limit, 'max');
    if (maximum) fill(ensureObject(limit, 'default'), maximum);
    const standard = objectAt(limit, 'default');
    if (standard) fill(ensureObject(limit, 'defaultRequest'), standard);
    const minimum = objectAt(limit, 'min');
    if (minimum) fill(ensureObject(limit, 'defaultRequest'), minimum);
  }
};

const webhooks: Defaulter = (object) => {
  for (const webhook of objectsAt(object, 'webhooks')) {
    fill(webhook, {
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
      ...(object['kind'] === 'MutatingWebhookConfiguration' && { reinvocationPolicy: 'Never' }),
    });
    for (const rule of objectsAt(webhook, 'rules')) fill(rule, { scope: '*' });
  }
};

const endpoints: Defaulter = (object) => {
  for (const subset of objectsAt(object, 'subsets'))
    for (const port of objectsAt(subset, 'ports')) fill(port, { protocol: 'TCP' });
};

const endpointSlice: Defaulter = (object) => {
  for (const endpoint of objectsAt(object, 'endpoints')) fill(endpoint, { conditions: {} });
  for (const port of objectsAt(object, 'ports')) fill(port, { name: '', protocol: 'TCP' });
};

const DEFAULTERS: Readonly<Record<string, Defaulter>> = {
  '/Pod': defaultPod,
  '/PodTemplate': (object) => defaultTemplate(object),
  '/ReplicationController': replicationController,
  '/Service': service,
  '/Secret': secret,
  '/Endpoints': endpoints,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/PersistentVolume': persistentVolume,
  '/Namespace': namespace,
  '/LimitRange': limitRange,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'storage.k8s.io/StorageClass': (object) =>
    fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'storage.k8s.io/CSIDriver': (_, spec) =>
    fill(spec, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      requiresRepublish: false,
      seLinuxMount: false,
    }),
  'scheduling.k8s.io/PriorityClass': (object) => fill(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  'discovery.k8s.io/EndpointSlice': endpointSlice,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooks,
};

/** What new objects show of their status before anybody has written it. */
const STATUS: Readonly<Record<string, JsonObject>> = {
  '/ReplicationController': { replicas: 0 },
  '/Service': { loadBalancer: {} },
  '/ResourceQuota': {},
  'apps/Deployment': {},
  'apps/ReplicaSet': { replicas: 0 },
  'apps/StatefulSet': { replicas: 0, availableReplicas: 0 },
  'apps/DaemonSet': {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  },
  'batch/Job': {},
  'batch/CronJob': {},
  'networking.k8s.io/Ingress': { loadBalancer: {} },
  'autoscaling/HorizontalPodAutoscaler': { desiredReplicas: 0 },
  'policy/PodDisruptionBudget': {
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  },
};

/** Kinds whose object always shows a `spec`, even an empty one. */
const WITH_SPEC =
  /^(\/(Pod|Service|PersistentVolumeClaim|PersistentVolume|LimitRange|ReplicationController|Node|Namespace|ResourceQuota)|apps\/(?!ControllerRevision).*|batch\/.*|networking\.k8s\.io\/(NetworkPolicy|Ingress)|policy\/PodDisruptionBudget|coordination\.k8s\.io\/Lease|autoscaling\/.*|apiextensions\.k8s\.io\/.*|storage\.k8s\.io\/CSIDriver)$/;

/** Fills in, in place, what the kind's objects have without being asked. Idempotent. */
export function applyBuiltinDefaults(gvk: GroupVersionKind, object: JsonObject): void {
  const key = `${gvk.group}/${gvk.kind}`;
  const status = STATUS[key];
  if (status) fill(ensureObject(object, 'status'), status);
  if (WITH_SPEC.test(key)) ensureObject(object, 'spec');
  const defaulter = DEFAULTERS[key];
  if (!defaulter) return;
  if (gvk.group === 'autoscaling' && gvk.version === 'v1')
    fill(ensureObject(object, 'spec'), { minReplicas: 1 });
  else defaulter(object, objectAt(object, 'spec') ?? {});
}
