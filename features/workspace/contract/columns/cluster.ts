import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Column } from '../column.ts';
import type { StatusCell } from '../status-word.ts';
import {
  ageColumn,
  at,
  column,
  conditionStatus,
  dateAt,
  fieldsAt,
  joined,
  listAt,
  nameColumn,
  namespaceColumn,
  numberAt,
  status,
  textAt,
} from './read.ts';

const wide = { wide: true };

export const nodeColumns: readonly Column[] = [
  column('Status', 'status', nodeStatus),
  column('Roles', 'text', rolesOf),
  column('Version', 'text', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion')),
  column('CPU', 'quantity', (node) => textAt(node, 'status', 'capacity', 'cpu')),
  column('Memory', 'quantity', (node) => textAt(node, 'status', 'capacity', 'memory')),
  column('Pods', 'quantity', (node) => textAt(node, 'status', 'capacity', 'pods'), wide),
  column('Internal IP', 'text', (node) => addressOf(node, 'InternalIP'), wide),
  column('External IP', 'text', (node) => addressOf(node, 'ExternalIP'), wide),
  column('OS image', 'text', (node) => textAt(node, 'status', 'nodeInfo', 'osImage'), wide),
  column('Kernel version', 'text', (node) => textAt(node, 'status', 'nodeInfo', 'kernelVersion'), wide),
  column(
    'Container runtime',
    'text',
    (node) => textAt(node, 'status', 'nodeInfo', 'containerRuntimeVersion'),
    wide,
  ),
];

export const namespaceColumns: readonly Column[] = [column('Status', 'status', namespaceStatus)];

/** All columns of an event, first what one reads it for: its own name says nothing, what it is about names the row. */
export const eventColumns: readonly Column[] = [
  column('Last seen', 'date', lastSeen),
  column('Type', 'status', (event) => {
    const type = textAt(event, 'type') ?? 'Normal';
    // What is as usual must not look like news.
    return status(type === 'Normal' ? 'Stopped' : 'Failed', type);
  }),
  column('Reason', 'text', (event) => textAt(event, 'reason')),
  { ...column('Object', 'text', subjectOf), lead: true },
  column('Message', 'text', (event) => textAt(event, 'message') ?? textAt(event, 'note')),
  namespaceColumn,
  column('Count', 'number', (event) => numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1),
  column(
    'Source',
    'text',
    (event) => textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent'),
    wide,
  ),
  column(
    'First seen',
    'date',
    (event) => dateAt(event, 'firstTimestamp') ?? dateAt(event, 'eventTime'),
    wide,
  ),
  { ...nameColumn, priority: 2 },
  { ...ageColumn, priority: 2 },
];

export const crdColumns: readonly Column[] = [
  column('Status', 'status', (crd) =>
    conditionStatus(crd, 'Established') === 'True'
      ? status('Running', 'Established')
      : status('Pending', 'Not established'),
  ),
  column('Group', 'text', (crd) => textAt(crd, 'spec', 'group')),
  column('Kind', 'text', (crd) => textAt(crd, 'spec', 'names', 'kind')),
  column('Versions', 'text', (crd) =>
    joined(
      listAt(crd, 'spec', 'versions')
        .filter((v) => at(v, 'served') === true)
        .map((v) => textAt(v, 'name')),
    ),
  ),
  column('Scope', 'text', (crd) => textAt(crd, 'spec', 'scope')),
];

export const serviceAccountColumns: readonly Column[] = [
  column('Secrets', 'number', (account) => listAt(account, 'secrets').length),
];

/** RoleBinding and ClusterRoleBinding. */
export const bindingColumns: readonly Column[] = [
  column(
    'Role',
    'text',
    (binding) => `${textAt(binding, 'roleRef', 'kind')}/${textAt(binding, 'roleRef', 'name')}`,
  ),
  column('Users', 'text', (binding) => subjects(binding, 'User')),
  column('Groups', 'text', (binding) => subjects(binding, 'Group')),
  column('Service accounts', 'text', (binding) => subjects(binding, 'ServiceAccount'), wide),
];

export const leaseColumns: readonly Column[] = [
  column('Holder', 'text', (lease) => textAt(lease, 'spec', 'holderIdentity')),
  column('Renewed', 'date', (lease) => dateAt(lease, 'spec', 'renewTime')),
];

function nodeStatus(node: KubeObject): StatusCell {
  const ready = conditionStatus(node, 'Ready');
  const cordoned = at(node, 'spec', 'unschedulable') === true;
  const suffix = cordoned ? ',SchedulingDisabled' : '';
  if (ready === 'True') return status(cordoned ? 'Pending' : 'Running', `Ready${suffix}`);
  return ready === 'False' ? status('Failed', `NotReady${suffix}`) : status('Unknown', `Unknown${suffix}`);
}

function rolesOf(node: KubeObject): string | null {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(fieldsAt(node, 'metadata', 'labels')).filter((label) => label.startsWith(prefix));
  return joined(roles.map((label) => label.slice(prefix.length)).toSorted());
}

function addressOf(node: KubeObject, type: string): string | null {
  return textAt(
    listAt(node, 'status', 'addresses').find((address) => at(address, 'type') === type),
    'address',
  );
}

function namespaceStatus(namespace: KubeObject): StatusCell {
  const phase = textAt(namespace, 'status', 'phase') ?? 'Active';
  return status(phase === 'Active' ? 'Running' : 'Pending', phase);
}

function subjectOf(event: KubeObject): string | null {
  const subject = at(event, 'involvedObject') ?? at(event, 'regarding');
  const name = textAt(subject, 'name');
  return name === null ? null : `${(textAt(subject, 'kind') ?? '').toLowerCase()}/${name}`;
}

function lastSeen(event: KubeObject): number | null {
  return (
    dateAt(event, 'series', 'lastObservedTime') ??
    dateAt(event, 'lastTimestamp') ??
    dateAt(event, 'eventTime') ??
    dateAt(event, 'metadata', 'creationTimestamp')
  );
}

function subjects(binding: KubeObject, kind: string): string | null {
  return joined(
    listAt(binding, 'subjects')
      .filter((subject) => at(subject, 'kind') === kind)
      .map((subject) => textAt(subject, 'name')),
  );
}
