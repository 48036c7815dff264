import { humanDuration } from '@krateyard/kube/meta/human-duration';
import type { KubeObject } from '@krateyard/kube/meta/object';

import { objectAt, objectsAt, textAt } from '../schema/json-access.ts';
import type { JsonObject } from '../schema/schema-node.ts';
import {
  ageOf,
  columnsOf,
  countAt,
  nameOf,
  since,
  sizeOf,
  specOf,
  statusOf,
  textOr,
  type Printer,
} from './printer.ts';

const ROLE_LABEL = 'node-role.kubernetes.io/';

function nodeRoles(object: KubeObject): string {
  const roles = Object.entries(object.metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_LABEL) && key.length > ROLE_LABEL.length) return [key.slice(ROLE_LABEL.length)];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return [...new Set(roles)].sort().join(',') || '<none>';
}

function nodeState(object: KubeObject): string {
  const ready = objectsAt(statusOf(object), 'conditions').find((condition) => condition['type'] === 'Ready');
  const state = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
  return specOf(object)['unschedulable'] === true ? `${state},SchedulingDisabled` : state;
}

function nodeAddress(status: JsonObject, type: string): string {
  return textOr(
    objectsAt(status, 'addresses').find((address) => address['type'] === type),
    'address',
    '<none>',
  );
}

const node: Printer = {
  columns: columnsOf(
    'Name',
    'Status',
    'Roles',
    'Age',
    'Version',
    '+Internal-IP',
    '+External-IP',
    '+OS-Image',
    '+Kernel-Version',
    '+Container-Runtime',
  ),
  cells: (object, nowMs) => {
    const status = statusOf(object);
    const info = objectAt(status, 'nodeInfo');
    return [
      nameOf(object),
      nodeState(object),
      nodeRoles(object),
      ageOf(object, nowMs),
      textAt(info, 'kubeletVersion') ?? '',
      nodeAddress(status, 'InternalIP'),
      nodeAddress(status, 'ExternalIP'),
      textOr(info, 'osImage', '<unknown>'),
      textOr(info, 'kernelVersion', '<unknown>'),
      textOr(info, 'containerRuntimeVersion', '<unknown>'),
    ];
  },
};

const namespace: Printer = {
  columns: columnsOf('Name', 'Status', 'Age'),
  cells: (object, nowMs) => [nameOf(object), textAt(statusOf(object), 'phase') ?? '', ageOf(object, nowMs)],
};

const configMap: Printer = {
  columns: columnsOf('Name', 'Data', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    sizeOf(objectAt(object, 'data')) + sizeOf(objectAt(object, 'binaryData')),
    ageOf(object, nowMs),
  ],
};

const secret: Printer = {
  columns: columnsOf('Name', 'Type', 'Data', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    textAt(object, 'type') ?? '',
    sizeOf(objectAt(object, 'data')),
    ageOf(object, nowMs),
  ],
};

const serviceAccount: Printer = {
  columns: columnsOf('Name', 'Secrets', 'Age'),
  cells: (object, nowMs) => [nameOf(object), objectsAt(object, 'secrets').length, ageOf(object, nowMs)],
};

function eventSource(object: JsonObject): string {
  const source = objectAt(object, 'source');
  const component =
    textAt(source, 'component') ||
    textAt(object, 'reportingComponent') ||
    textAt(object, 'reportingController') ||
    textAt(objectAt(object, 'deprecatedSource'), 'component') ||
    '';
  const host =
    textAt(source, 'host') ||
    textAt(object, 'reportingInstance') ||
    textAt(objectAt(object, 'deprecatedSource'), 'host') ||
    '';
  return host === '' ? component : `${component}, ${host}`;
}

function eventTimes(object: JsonObject, nowMs: number): { first: string; last: string; count: number } {
  const series = objectAt(object, 'series');
  const first = since(
    object['firstTimestamp'] ?? object['eventTime'] ?? object['deprecatedFirstTimestamp'],
    nowMs,
  );
  const lastTime = object['lastTimestamp'] ?? object['deprecatedLastTimestamp'];
  const last = lastTime === undefined || lastTime === null ? first : since(lastTime, nowMs);
  const count = countAt(object, 'count') || countAt(object, 'deprecatedCount') || 1;
  if (!series) return { first, last, count };
  return { first, last: since(series['lastObservedTime'], nowMs), count: countAt(series, 'count') };
}

/** Of both groups: `events.k8s.io` calls the object `regarding` and the message `note`. */
const event: Printer = {
  columns: columnsOf(
    'Last Seen',
    'Type',
    'Reason',
    'Object',
    '+Subobject',
    '+Source',
    'Message',
    '+First Seen',
    '+Count',
    '+Name',
  ),
  cells: (object, nowMs) => {
    const about = objectAt(object, 'involvedObject') ?? objectAt(object, 'regarding');
    const kind = (textAt(about, 'kind') ?? '').toLowerCase();
    const name = textAt(about, 'name') ?? '';
    const { first, last, count } = eventTimes(object, nowMs);
    return [
      last,
      textAt(object, 'type') ?? '',
      textAt(object, 'reason') ?? '',
      name === '' ? kind : `${kind}/${name}`,
      textAt(about, 'fieldPath') ?? '',
      eventSource(object),
      (textAt(object, 'message') ?? textAt(object, 'note') ?? '').trim(),
      first,
      count,
      nameOf(object),
    ];
  },
};

const role: Printer = {
  columns: columnsOf('Name', '@Created At'),
  cells: (object) => [nameOf(object), object.metadata.creationTimestamp ?? ''],
};

function subjectsOf(object: JsonObject, kind: string): string {
  const subjects = objectsAt(object, 'subjects').filter((subject) => subject['kind'] === kind);
  const names = subjects.map((subject) =>
    kind === 'ServiceAccount'
      ? `${textAt(subject, 'namespace') ?? ''}/${textAt(subject, 'name')}`
      : textAt(subject, 'name'),
  );
  return names.join(', ');
}

const roleBinding: Printer = {
  columns: columnsOf('Name', 'Role', 'Age', '+Users', '+Groups', '+ServiceAccounts'),
  cells: (object, nowMs) => {
    const reference = objectAt(object, 'roleRef');
    return [
      nameOf(object),
      `${textAt(reference, 'kind') ?? ''}/${textAt(reference, 'name') ?? ''}`,
      ageOf(object, nowMs),
      subjectsOf(object, 'User'),
      subjectsOf(object, 'Group'),
      subjectsOf(object, 'ServiceAccount'),
    ];
  },
};

const lease: Printer = {
  columns: columnsOf('Name', 'Holder', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    textAt(specOf(object), 'holderIdentity') ?? '',
    ageOf(object, nowMs),
  ],
};

const priorityClass: Printer = {
  columns: columnsOf('Name', '#Value', '?Global-Default', 'Age', 'PreemptionPolicy'),
  cells: (object, nowMs) => [
    nameOf(object),
    countAt(object, 'value'),
    object['globalDefault'] === true,
    ageOf(object, nowMs),
    textAt(object, 'preemptionPolicy') ?? '',
  ],
};

const resourceQuota: Printer = {
  columns: columnsOf('Name', 'Request', 'Limit', 'Age'),
  cells: (object, nowMs) => {
    const status = statusOf(object);
    const [hard, used] = [objectAt(status, 'hard') ?? {}, objectAt(status, 'used') ?? {}];
    const names = Object.keys(hard).sort();
    const list = (limits: boolean): string =>
      names
        .filter((name) => name.startsWith('limits.') === limits)
        .map((name) => `${name}: ${textAt(used, name) ?? '0'}/${textAt(hard, name) ?? '0'}`)
        .join(', ');
    return [nameOf(object), list(false), list(true), ageOf(object, nowMs)];
  },
};

const limitRange: Printer = {
  columns: columnsOf('Name', '@Created At'),
  cells: (object) => [nameOf(object), object.metadata.creationTimestamp ?? ''],
};

function requestState(object: KubeObject): string {
  const status = statusOf(object);
  const has = (type: string): boolean => objectsAt(status, 'conditions').some((at) => at['type'] === type);
  const state = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${state}${has('Failed') ? ',Failed' : ''}${textAt(status, 'certificate') ? ',Issued' : ''}`;
}

const signingRequest: Printer = {
  columns: columnsOf('Name', 'Age', 'SignerName', 'Requestor', 'RequestedDuration', 'Condition'),
  cells: (object, nowMs) => {
    const spec = specOf(object);
    const seconds = spec['expirationSeconds'];
    return [
      nameOf(object),
      ageOf(object, nowMs),
      textOr(spec, 'signerName', '<none>'),
      textAt(spec, 'username') ?? '',
      typeof seconds === 'number' ? humanDuration(seconds * 1000) : '<none>',
      requestState(object),
    ];
  },
};

const apiService: Printer = {
  columns: columnsOf('Name', 'Service', 'Available', 'Age'),
  cells: (object, nowMs) => {
    const service = objectAt(specOf(object), 'service');
    const available = objectsAt(statusOf(object), 'conditions').find((at) => at['type'] === 'Available');
    const state = textAt(available, 'status') ?? 'Unknown';
    const reason = textAt(available, 'reason');
    return [
      nameOf(object),
      service ? `${textAt(service, 'namespace')}/${textAt(service, 'name')}` : 'Local',
      state === 'True' || reason === undefined ? state : `${state} (${reason})`,
      ageOf(object, nowMs),
    ];
  },
};

const customResourceDefinition: Printer = {
  columns: columnsOf('Name', '@Created At'),
  cells: (object) => [nameOf(object), object.metadata.creationTimestamp ?? ''],
};

const runtimeClass: Printer = {
  columns: columnsOf('Name', 'Handler', 'Age'),
  cells: (object, nowMs) => [nameOf(object), textAt(object, 'handler') ?? '', ageOf(object, nowMs)],
};

const webhookConfiguration: Printer = {
  columns: columnsOf('Name', '#Webhooks', 'Age'),
  cells: (object, nowMs) => [nameOf(object), objectsAt(object, 'webhooks').length, ageOf(object, nowMs)],
};

export const CLUSTER_PRINTERS: Readonly<Record<string, Printer>> = {
  '/Node': node,
  '/Namespace': namespace,
  '/ConfigMap': configMap,
  '/Secret': secret,
  '/ServiceAccount': serviceAccount,
  '/Event': event,
  'events.k8s.io/Event': event,
  '/ResourceQuota': resourceQuota,
  '/LimitRange': limitRange,
  'rbac.authorization.k8s.io/Role': role,
  'rbac.authorization.k8s.io/ClusterRole': role,
  'rbac.authorization.k8s.io/RoleBinding': roleBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': roleBinding,
  'coordination.k8s.io/Lease': lease,
  'scheduling.k8s.io/PriorityClass': priorityClass,
  'certificates.k8s.io/CertificateSigningRequest': signingRequest,
  'apiregistration.k8s.io/APIService': apiService,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
  'node.k8s.io/RuntimeClass': runtimeClass,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhookConfiguration,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhookConfiguration,
};
