import { humanDuration } from '@krateyard/kube/meta/human-duration';

import { objectAt, objectsAt, textAt } from '../schema/json-access.ts';
import type { JsonObject } from '../schema/schema-node.ts';
import {
  ageOf,
  columnsOf,
  countAt,
  formatLabels,
  formatSelector,
  nameOf,
  since,
  specOf,
  statusOf,
  type Printer,
} from './printer.ts';

/** Names and images of a template's containers. */
function containersOf(template: JsonObject | undefined): [string, string] {
  const containers = objectsAt(objectAt(template, 'spec'), 'containers');
  return [
    containers.map((container) => textAt(container, 'name') ?? '').join(','),
    containers.map((container) => textAt(container, 'image') ?? '').join(','),
  ];
}

const templateOf = (object: JsonObject): JsonObject | undefined => objectAt(specOf(object), 'template');

const deployment: Printer = {
  columns: columnsOf(
    'Name',
    'Ready',
    'Up-to-date',
    'Available',
    'Age',
    '+Containers',
    '+Images',
    '+Selector',
  ),
  cells: (object, nowMs) => {
    const [spec, status] = [specOf(object), statusOf(object)];
    return [
      nameOf(object),
      `${countAt(status, 'readyReplicas')}/${countAt(spec, 'replicas')}`,
      countAt(status, 'updatedReplicas'),
      countAt(status, 'availableReplicas'),
      ageOf(object, nowMs),
      ...containersOf(templateOf(object)),
      formatSelector(spec['selector']),
    ];
  },
};

const replicas = (formatted: (spec: JsonObject) => string): Printer => ({
  columns: columnsOf('Name', '#Desired', '#Current', '#Ready', 'Age', '+Containers', '+Images', '+Selector'),
  cells: (object, nowMs) => {
    const [spec, status] = [specOf(object), statusOf(object)];
    return [
      nameOf(object),
      countAt(spec, 'replicas'),
      countAt(status, 'replicas'),
      countAt(status, 'readyReplicas'),
      ageOf(object, nowMs),
      ...containersOf(templateOf(object)),
      formatted(spec),
    ];
  },
});

const statefulSet: Printer = {
  columns: columnsOf('Name', 'Ready', 'Age', '+Containers', '+Images'),
  cells: (object, nowMs) => [
    nameOf(object),
    `${countAt(statusOf(object), 'readyReplicas')}/${countAt(specOf(object), 'replicas')}`,
    ageOf(object, nowMs),
    ...containersOf(templateOf(object)),
  ],
};

const daemonSet: Printer = {
  columns: columnsOf(
    'Name',
    '#Desired',
    '#Current',
    '#Ready',
    '#Up-to-date',
    '#Available',
    'Node Selector',
    'Age',
    '+Containers',
    '+Images',
    '+Selector',
  ),
  cells: (object, nowMs) => {
    const status = statusOf(object);
    return [
      nameOf(object),
      countAt(status, 'desiredNumberScheduled'),
      countAt(status, 'currentNumberScheduled'),
      countAt(status, 'numberReady'),
      countAt(status, 'updatedNumberScheduled'),
      countAt(status, 'numberAvailable'),
      formatLabels(objectAt(objectAt(templateOf(object), 'spec'), 'nodeSelector')),
      ageOf(object, nowMs),
      ...containersOf(templateOf(object)),
      formatSelector(specOf(object)['selector']),
    ];
  },
};

const JOB_ENDS = ['Complete', 'Failed'];
const JOB_PROGRESS = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

function jobState(object: JsonObject, deleting: boolean): string {
  const met = new Set(
    objectsAt(statusOf(object), 'conditions')
      .filter((condition) => condition['status'] === 'True')
      .map((condition) => condition['type']),
  );
  const end = JOB_ENDS.find((condition) => met.has(condition));
  if (end !== undefined) return end;
  if (deleting) return 'Terminating';
  return JOB_PROGRESS.find((condition) => met.has(condition)) ?? 'Running';
}

function jobCompletions(spec: JsonObject, status: JsonObject): string {
  const succeeded = countAt(status, 'succeeded');
  if (typeof spec['completions'] === 'number') return `${succeeded}/${spec['completions']}`;
  const parallelism = countAt(spec, 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(status: JsonObject, nowMs: number): string {
  const start = textAt(status, 'startTime');
  if (start === undefined) return '';
  const end = textAt(status, 'completionTime');
  return humanDuration((end === undefined ? nowMs : Date.parse(end)) - Date.parse(start));
}

const job: Printer = {
  columns: columnsOf(
    'Name',
    'Status',
    'Completions',
    'Duration',
    'Age',
    '+Containers',
    '+Images',
    '+Selector',
  ),
  cells: (object, nowMs) => {
    const [spec, status] = [specOf(object), statusOf(object)];
    return [
      nameOf(object),
      jobState(object, object.metadata.deletionTimestamp !== undefined),
      jobCompletions(spec, status),
      jobDuration(status, nowMs),
      ageOf(object, nowMs),
      ...containersOf(templateOf(object)),
      formatSelector(spec['selector']),
    ];
  },
};

const cronJob: Printer = {
  columns: columnsOf(
    'Name',
    'Schedule',
    'Timezone',
    '?Suspend',
    '#Active',
    'Last Schedule',
    'Age',
    '+Containers',
    '+Images',
    '+Selector',
  ),
  cells: (object, nowMs) => {
    const [spec, status] = [specOf(object), statusOf(object)];
    const jobSpec = objectAt(objectAt(spec, 'jobTemplate'), 'spec');
    const last = textAt(status, 'lastScheduleTime');
    return [
      nameOf(object),
      textAt(spec, 'schedule') ?? '',
      textAt(spec, 'timeZone') ?? '<none>',
      spec['suspend'] === true ? 'True' : spec['suspend'] === false ? 'False' : '<unset>',
      objectsAt(status, 'active').length,
      last === undefined ? '<none>' : since(last, nowMs),
      ageOf(object, nowMs),
      ...containersOf(objectAt(jobSpec, 'template')),
      formatSelector(jobSpec?.['selector']),
    ];
  },
};

const controllerRevision: Printer = {
  columns: columnsOf('Name', 'Controller', 'Revision', 'Age'),
  cells: (object, nowMs) => {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
    return [
      nameOf(object),
      owner ? `${`${owner.kind}${group}`.toLowerCase()}/${owner.name}` : '<none>',
      countAt(object, 'revision'),
      ageOf(object, nowMs),
    ];
  },
};

const MAX_METRICS = 2;

function metricText(spec: JsonObject, status: JsonObject | undefined): string {
  const type = textAt(spec, 'type') ?? '';
  const key = type.charAt(0).toLowerCase() + type.slice(1);
  const source = objectAt(spec, key);
  const target = objectAt(source, 'target');
  const current = objectAt(objectAt(status, key), 'current');
  const named = type === 'Resource' || type === 'ContainerResource' ? `${textAt(source, 'name')}: ` : '';
  const wantedAverage = textAt(target, 'averageValue');
  if (wantedAverage !== undefined) {
    const average = type === 'Object' || type === 'External' ? ' (avg)' : '';
    return `${named}${textAt(current, 'averageValue') ?? '<unknown>'}/${wantedAverage}${average}`;
  }
  if (named === '') return `${textAt(current, 'value') ?? '<unknown>'}/${textAt(target, 'value') ?? '0'}`;
  const now = current?.['averageUtilization'];
  const wanted = target?.['averageUtilization'];
  return `${named}${typeof now === 'number' ? `${now}%` : '<unknown>'}/${typeof wanted === 'number' ? `${wanted}%` : '<auto>'}`;
}

function metricsText(spec: JsonObject, status: JsonObject): string {
  const specs = objectsAt(spec, 'metrics');
  if (specs.length === 0) return classicMetrics(spec, status);
  const statuses = objectsAt(status, 'currentMetrics');
  const texts = specs.map((metric, index) => metricText(metric, statuses[index]));
  const more = texts.length > MAX_METRICS ? ` + ${texts.length - MAX_METRICS} more...` : '';
  return texts.slice(0, MAX_METRICS).join(', ') + more;
}

/** `autoscaling/v1` knows only a CPU percentage. */
function classicMetrics(spec: JsonObject, status: JsonObject): string {
  const target = spec['targetCPUUtilizationPercentage'];
  if (typeof target !== 'number') return '<none>';
  const current = status['currentCPUUtilizationPercentage'];
  return `cpu: ${typeof current === 'number' ? `${current}%` : '<unknown>'}/${target}%`;
}

const autoscaler: Printer = {
  columns: columnsOf('Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'),
  cells: (object, nowMs) => {
    const [spec, status] = [specOf(object), statusOf(object)];
    const target = objectAt(spec, 'scaleTargetRef');
    return [
      nameOf(object),
      `${textAt(target, 'kind') ?? ''}/${textAt(target, 'name') ?? ''}`,
      metricsText(spec, status),
      typeof spec['minReplicas'] === 'number' ? `${spec['minReplicas']}` : '<unset>',
      countAt(spec, 'maxReplicas'),
      countAt(status, 'currentReplicas'),
      ageOf(object, nowMs),
    ];
  },
};

const disruptionBudget: Printer = {
  columns: columnsOf('Name', 'Min Available', 'Max Unavailable', '#Allowed Disruptions', 'Age'),
  cells: (object, nowMs) => {
    const spec = specOf(object);
    const limit = (key: string): string => {
      const value = spec[key];
      return typeof value === 'number' || typeof value === 'string' ? `${value}` : 'N/A';
    };
    return [
      nameOf(object),
      limit('minAvailable'),
      limit('maxUnavailable'),
      countAt(statusOf(object), 'disruptionsAllowed'),
      ageOf(object, nowMs),
    ];
  },
};

const podTemplate: Printer = {
  columns: columnsOf('Name', 'Containers', 'Images', 'Pod Labels'),
  cells: (object) => [
    nameOf(object),
    ...containersOf(objectAt(object, 'template')),
    formatLabels(objectAt(objectAt(objectAt(object, 'template'), 'metadata'), 'labels')),
  ],
};

const scale: Printer = {
  columns: columnsOf('Name', '#Desired', '#Available', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    countAt(specOf(object), 'replicas'),
    countAt(statusOf(object), 'replicas'),
    ageOf(object, nowMs),
  ],
};

export const WORKLOAD_PRINTERS: Readonly<Record<string, Printer>> = {
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicas((spec) => formatSelector(spec['selector'])),
  '/ReplicationController': replicas((spec) => formatLabels(objectAt(spec, 'selector'))),
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ControllerRevision': controllerRevision,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'autoscaling/Scale': scale,
  'policy/PodDisruptionBudget': disruptionBudget,
  '/PodTemplate': podTemplate,
};
