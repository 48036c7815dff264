import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Column } from '../column.ts';
import type { StatusCell } from '../status-word.ts';
import {
  at,
  column,
  conditionStatus,
  dateAt,
  fieldsAt,
  joined,
  listAt,
  numberAt,
  status,
  textAt,
} from './read.ts';

const wide = { wide: true };
const count = (object: KubeObject, ...path: string[]): number => numberAt(object, ...path) ?? 0;

const containers = column('Containers', 'text', (object) => containersOf(object, 'name'), wide);
const images = column('Images', 'text', (object) => containersOf(object, 'image'), wide);
const selector = column('Selector', 'text', (object) => selectorText(at(object, 'spec', 'selector')), wide);

export const deploymentColumns: readonly Column[] = [
  column('Status', 'status', deploymentStatus),
  column(
    'Ready',
    'text',
    (d) => `${count(d, 'status', 'readyReplicas')}/${numberAt(d, 'spec', 'replicas') ?? 1}`,
  ),
  column('Up-to-date', 'number', (d) => count(d, 'status', 'updatedReplicas')),
  column('Available', 'number', (d) => count(d, 'status', 'availableReplicas')),
  containers,
  images,
  selector,
];

export const statefulSetColumns: readonly Column[] = [
  column('Status', 'status', (s) =>
    replicaStatus(numberAt(s, 'spec', 'replicas') ?? 1, count(s, 'status', 'readyReplicas')),
  ),
  column(
    'Ready',
    'text',
    (s) => `${count(s, 'status', 'readyReplicas')}/${numberAt(s, 'spec', 'replicas') ?? 1}`,
  ),
  containers,
  images,
];

export const replicaSetColumns: readonly Column[] = [
  column('Status', 'status', (r) =>
    replicaStatus(numberAt(r, 'spec', 'replicas') ?? 1, count(r, 'status', 'readyReplicas')),
  ),
  column('Desired', 'number', (r) => numberAt(r, 'spec', 'replicas') ?? 1),
  column('Current', 'number', (r) => count(r, 'status', 'replicas')),
  column('Ready', 'number', (r) => count(r, 'status', 'readyReplicas')),
  containers,
  images,
  selector,
];

export const daemonSetColumns: readonly Column[] = [
  column('Status', 'status', (d) =>
    replicaStatus(count(d, 'status', 'desiredNumberScheduled'), count(d, 'status', 'numberReady')),
  ),
  column('Desired', 'number', (d) => count(d, 'status', 'desiredNumberScheduled')),
  column('Current', 'number', (d) => count(d, 'status', 'currentNumberScheduled')),
  column('Ready', 'number', (d) => count(d, 'status', 'numberReady')),
  column('Up-to-date', 'number', (d) => count(d, 'status', 'updatedNumberScheduled')),
  column('Available', 'number', (d) => count(d, 'status', 'numberAvailable')),
  column('Node selector', 'text', (d) => pairs(fieldsAt(d, 'spec', 'template', 'spec', 'nodeSelector'))),
  containers,
  images,
  selector,
];

export const jobColumns: readonly Column[] = [
  column('Status', 'status', jobStatus),
  column(
    'Completions',
    'text',
    (j) => `${count(j, 'status', 'succeeded')}/${numberAt(j, 'spec', 'completions') ?? 1}`,
  ),
  column('Started', 'date', (j) => dateAt(j, 'status', 'startTime'), wide),
  column('Finished', 'date', (j) => dateAt(j, 'status', 'completionTime'), wide),
  containers,
  images,
  selector,
];

export const cronJobColumns: readonly Column[] = [
  column('Schedule', 'text', (c) => textAt(c, 'spec', 'schedule')),
  column('Timezone', 'text', (c) => textAt(c, 'spec', 'timeZone'), wide),
  column('Suspend', 'text', (c) => textAt(c, 'spec', 'suspend') ?? 'false'),
  column('Active', 'number', (c) => listAt(c, 'status', 'active').length),
  column('Last schedule', 'date', (c) => dateAt(c, 'status', 'lastScheduleTime')),
];

export const autoscalerColumns: readonly Column[] = [
  column(
    'Reference',
    'text',
    (h) => `${textAt(h, 'spec', 'scaleTargetRef', 'kind')}/${textAt(h, 'spec', 'scaleTargetRef', 'name')}`,
  ),
  column('Min pods', 'number', (h) => numberAt(h, 'spec', 'minReplicas') ?? 1),
  column('Max pods', 'number', (h) => numberAt(h, 'spec', 'maxReplicas')),
  column('Replicas', 'number', (h) => numberAt(h, 'status', 'currentReplicas')),
];

function deploymentStatus(deployment: KubeObject): StatusCell {
  if (at(deployment, 'spec', 'paused') === true) return status('Pending', 'Paused');
  const progressing = listAt(deployment, 'status', 'conditions').find((c) => at(c, 'type') === 'Progressing');
  if (textAt(progressing, 'status') === 'False')
    return status('Failed', textAt(progressing, 'reason') ?? 'Stalled');
  if (conditionStatus(deployment, 'ReplicaFailure') === 'True') return status('Failed', 'ReplicaFailure');
  const desired = numberAt(deployment, 'spec', 'replicas') ?? 1;
  if (count(deployment, 'status', 'updatedReplicas') < desired) return status('Pending', 'Updating');
  return replicaStatus(desired, count(deployment, 'status', 'availableReplicas'));
}

function replicaStatus(desired: number, ready: number): StatusCell {
  if (desired === 0) return status('Stopped', 'Scaled to 0');
  if (ready >= desired) return status('Running', 'Ready');
  return ready === 0 ? status('Pending', 'Not ready') : status('Pending', 'Partly ready');
}

function jobStatus(job: KubeObject): StatusCell {
  if (conditionStatus(job, 'Complete') === 'True') return status('Stopped', 'Complete');
  if (conditionStatus(job, 'Failed') === 'True') return status('Failed', 'Failed');
  if (conditionStatus(job, 'FailureTarget') === 'True') return status('Failed', 'FailureTarget');
  if (conditionStatus(job, 'Suspended') === 'True') return status('Stopped', 'Suspended');
  return count(job, 'status', 'active') > 0 ? status('Running', 'Running') : status('Pending', 'Pending');
}

function containersOf(object: KubeObject, field: string): string | null {
  return joined(listAt(object, 'spec', 'template', 'spec', 'containers').map((c) => textAt(c, field)));
}

function selectorText(value: unknown): string | null {
  const expressions = listAt(value, 'matchExpressions').map((term) => {
    const values = listAt(term, 'values').join(',');
    return `${textAt(term, 'key')} ${textAt(term, 'operator')}${values === '' ? '' : ` (${values})`}`;
  });
  return joined([pairs(fieldsAt(value, 'matchLabels')), ...expressions]);
}

function pairs(fields: Readonly<Record<string, unknown>>): string | null {
  return joined(Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`));
}
