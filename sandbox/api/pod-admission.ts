import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ObjectStore } from '../store/object-store.ts';
import { forbidden } from './api-errors.ts';
import type { Admission } from './admission.ts';
import { qualifiedResource } from './resource-definition.ts';

interface Toleration {
  key?: string;
  operator?: string;
  effect?: string;
  tolerationSeconds?: number;
}

interface PodSpec {
  serviceAccountName?: string;
  serviceAccount?: string;
  tolerations?: Toleration[];
  priorityClassName?: string;
  priority?: number;
  preemptionPolicy?: string;
}

const TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const TOLERATION_SECONDS = 300;
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** What every pod gets that does not say otherwise: a service account, a priority, patience with nodes that do not answer. */
export function podAdmission(store: ObjectStore): Admission {
  return ({ operation, definition, subresource, object, namespace, name }) => {
    if (operation !== 'CREATE' || subresource !== undefined || !object) return;
    if (qualifiedResource(definition) !== 'pods') return;
    const spec = object['spec'] as PodSpec | undefined;
    if (typeof spec !== 'object' || spec === null) return;
    giveServiceAccount(store, spec, namespace, () => name);
    givePriority(store, spec, () => name);
    tolerate(spec);
    giveQosClass(object);
  };
}

function giveServiceAccount(store: ObjectStore, spec: PodSpec, namespace: string, name: () => string): void {
  spec.serviceAccountName = spec.serviceAccountName || spec.serviceAccount || 'default';
  spec.serviceAccount = spec.serviceAccountName;
  if (spec.serviceAccountName === 'default') return;
  if (store.collection('serviceaccounts').get(`${namespace}/${spec.serviceAccountName}`)) return;
  throw forbidden(
    { resource: 'pods', group: '' },
    name(),
    `error looking up service account ${namespace}/${spec.serviceAccountName}: serviceaccount "${spec.serviceAccountName}" not found`,
  );
}

function givePriority(store: ObjectStore, spec: PodSpec, name: () => string): void {
  const classes = store.collection('priorityclasses.scheduling.k8s.io');
  const wanted = spec.priorityClassName ?? '';
  const byDefault = (): KubeObject | undefined =>
    classes.list().find(({ object }) => object['globalDefault'] === true)?.object;
  const found = wanted === '' ? byDefault() : classes.get(wanted)?.object;
  const value = found ? Number(found['value'] ?? 0) : (SYSTEM_PRIORITIES[wanted] ?? 0);
  if (wanted !== '' && !found && SYSTEM_PRIORITIES[wanted] === undefined)
    throw forbidden(
      { resource: 'pods', group: '' },
      name(),
      `no PriorityClass with name ${wanted} was found`,
    );
  if (found) spec.priorityClassName = found.metadata.name ?? '';
  spec.priority = value;
  spec.preemptionPolicy = (found?.['preemptionPolicy'] as string | undefined) ?? 'PreemptLowerPriority';
}

function tolerate(spec: PodSpec): void {
  const tolerations = spec.tolerations ?? [];
  for (const key of TOLERATED) {
    const known = tolerations.some(
      (one) =>
        (one.key === key || (one.key ?? '') === '') && ['NoExecute', '', undefined].includes(one.effect),
    );
    if (!known)
      tolerations.push({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: TOLERATION_SECONDS,
      });
  }
  spec.tolerations = tolerations;
}

interface Resources {
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

/** `status.qosClass`, which the kubelet evicts by. */
function giveQosClass(pod: KubeObject): void {
  const { containers = [] } = pod['spec'] as { containers?: Resources[] };
  const status = pod['status'] as { qosClass?: string };
  const asks = ({ resources = {} }: Resources) => [resources.requests ?? {}, resources.limits ?? {}];
  const guaranteed = containers.every((container) => {
    const [requests = {}, limits = {}] = asks(container);
    return ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    );
  });
  const nothing = containers.every((container) =>
    asks(container).every((names) => !('cpu' in names) && !('memory' in names)),
  );
  status.qosClass = nothing ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
}
