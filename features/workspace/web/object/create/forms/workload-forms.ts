import {
  isCount,
  isGiven,
  isLabelName,
  isPercent,
  isPort,
  isSchedule,
  isSize,
  isCountOrPercent,
} from './form-checks.ts';
import {
  choice,
  containerFields,
  count,
  field,
  inPart,
  labelRows,
  line,
  NAME_LABEL,
  nameField,
  needed,
  withPart,
  yesNo,
} from './form-fields.ts';
import { made, numberOf, selector } from './field-shapes.ts';
import type { CreateForm, Place } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';
import { pathOf, valueAt } from './object-path.ts';

const POD = 'spec.template.spec';

/** Where the name of a workload stands beside its metadata: labels, what selects them, its container. */
const NAMED: readonly Place[] = [
  inPart(0, 'metadata.labels', NAME_LABEL),
  inPart(0, 'spec.selector.matchLabels', NAME_LABEL),
  inPart(0, 'spec.template.metadata.labels', NAME_LABEL),
  inPart(0, `${POD}.containers.0.name`),
];
/** The same in the Service before it. */
const SERVED: readonly Place[] = [
  inPart(1, 'metadata.name'),
  inPart(1, 'metadata.labels', NAME_LABEL),
  inPart(1, 'spec.selector', NAME_LABEL),
];

/** What a workload begins with, so that its fields stand in the order in which people read them. */
const template = (container: object): object => ({
  metadata: { labels: {} },
  spec: { containers: [{ name: '', image: '', ...container }] },
});
const LISTENING = { ports: [{ name: 'http' }], readinessProbe: { tcpSocket: { port: 'http' } } };

const service = (more: object): CreateForm['parts'][number] => ({
  apiVersion: 'v1',
  kind: 'Service',
  start: { metadata: {}, spec: { ...more, selector: {}, ports: [{ name: 'http', targetPort: 'http' }] } },
  within: 'service',
});

export const deploymentForm: CreateForm = {
  id: 'deployment',
  group: 'workloads',
  title: 'Deployment and Service',
  kind: 'apps/deployments',
  parts: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      start: { metadata: {}, spec: { replicas: 2, selector: {}, template: template(LISTENING) } },
    },
    service({}),
  ],
  fields: [
    nameField('web', isLabelName, [...NAMED, ...SERVED]),
    ...containerFields(POD, { image: 'nginx:1.29', command: '', port: '80' }, [
      count(['replicas', strings.replicas, 'spec.replicas'], '2', isCount),
    ]),
    withPart('service', strings.service, 1),
    count(['servicePort', strings.servicePort, inPart(1, 'spec.ports.0.port')], '80', isPort, {
      within: 'service',
    }),
  ],
};

const CLAIM = 'spec.volumeClaimTemplates.0.spec';

export const statefulSetForm: CreateForm = {
  id: 'statefulset',
  group: 'workloads',
  title: 'StatefulSet',
  kind: 'apps/statefulsets',
  parts: [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      start: {
        metadata: {},
        spec: {
          serviceName: '',
          replicas: 1,
          selector: {},
          template: template({ ...LISTENING, volumeMounts: [{ name: 'data' }] }),
          volumeClaimTemplates: [
            { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: {} } },
          ],
        },
      },
    },
    service({ clusterIP: 'None' }),
  ],
  fields: [
    nameField('store', isLabelName, [inPart(0, 'spec.serviceName'), ...NAMED, ...SERVED]),
    ...containerFields(POD, { image: 'redis:8', command: '', port: '6379' }, [
      count(['replicas', strings.replicas, 'spec.replicas'], '1', isCount),
    ]),
    needed(['size', strings.volumeSize, `${CLAIM}.resources.requests.storage`], '1Gi', isSize),
    needed(['mountPath', strings.mountPath, `${POD}.containers.0.volumeMounts.0.mountPath`], '/data'),
    line(['storageClass', strings.storageClass, `${CLAIM}.storageClassName`], '', {
      placeholder: strings.byDefault,
      wide: true,
    }),
    withPart('service', strings.headless, 1),
    count(['servicePort', strings.servicePort, inPart(1, 'spec.ports.0.port')], '6379', isPort, {
      within: 'service',
    }),
  ],
};

export const daemonSetForm: CreateForm = {
  id: 'daemonset',
  group: 'workloads',
  title: 'DaemonSet',
  kind: 'apps/daemonsets',
  parts: [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      start: { metadata: {}, spec: { selector: {}, template: template({}) } },
    },
  ],
  fields: [
    nameField('agent', isLabelName, NAMED),
    ...containerFields(POD, { image: 'busybox:1.37', command: 'sleep infinity' }),
  ],
};

const once = { spec: { restartPolicy: 'Never', containers: [{ name: '', image: '' }] } };

export const jobForm: CreateForm = {
  id: 'job',
  group: 'workloads',
  title: 'Job',
  kind: 'batch/jobs',
  parts: [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      start: { metadata: {}, spec: { template: once, ttlSecondsAfterFinished: 86_400 } },
    },
  ],
  fields: [
    nameField('once', isLabelName, [inPart(0, `${POD}.containers.0.name`)]),
    ...containerFields(POD, { image: 'busybox:1.37', command: 'echo done' }),
    count(['completions', strings.completions, 'spec.completions'], '1', isCount),
    count(['parallelism', strings.parallelism, 'spec.parallelism'], '1', isCount),
    count(['retries', strings.retries, 'spec.backoffLimit'], '3', isCount),
  ],
};

const JOB = 'spec.jobTemplate.spec';

export const cronJobForm: CreateForm = {
  id: 'cronjob',
  group: 'workloads',
  title: 'CronJob',
  kind: 'batch/cronjobs',
  parts: [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      start: { metadata: {}, spec: { schedule: '', jobTemplate: { spec: { template: once } } } },
    },
  ],
  fields: [
    nameField('nightly', isLabelName, [inPart(0, `${JOB}.template.spec.containers.0.name`)]),
    needed(['schedule', strings.schedule, 'spec.schedule'], '15 3 * * *', isSchedule, {
      hint: strings.scheduleHint,
    }),
    needed(['timeZone', strings.timeZone, 'spec.timeZone'], 'Etc/UTC'),
    choice(['concurrency', strings.concurrency, 'spec.concurrencyPolicy'], ['Forbid', 'Allow', 'Replace']),
    count(['retries', strings.retries, `${JOB}.backoffLimit`], '1', isCount),
    ...containerFields(`${JOB}.template.spec`, { image: 'busybox:1.37', command: 'echo done' }),
    yesNo(['suspend', strings.suspend, 'spec.suspend'], ''),
  ],
};

/** The only metric of an autoscaler: how much of what they requested pods use, in percent. */
const cpuUse = made(
  (percent) => [
    {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: numberOf(percent) } },
    },
  ],
  (value) => valueAt(value, pathOf('0.resource.target.averageUtilization')),
);

export const scalerForm: CreateForm = {
  id: 'scaler',
  group: 'limits',
  title: 'Autoscaler',
  kind: 'autoscaling/horizontalpodautoscalers',
  parts: [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      start: { metadata: {}, spec: { scaleTargetRef: { apiVersion: 'apps/v1' } } },
    },
  ],
  fields: [
    nameField('web'),
    choice(['targetKind', strings.targetKind, 'spec.scaleTargetRef.kind'], ['Deployment', 'StatefulSet']),
    needed(['targetName', strings.targetName, 'spec.scaleTargetRef.name'], 'web'),
    count(['min', strings.minReplicas, 'spec.minReplicas'], '2', isCount),
    count(['max', strings.maxReplicas, 'spec.maxReplicas'], '10', isCount),
    field('text', cpuUse, ['cpu', strings.cpuTarget, 'spec.metrics'], '75', {
      check: isPercent,
      wide: true,
    }),
  ],
};

export const disruptionForm: CreateForm = {
  id: 'disruption',
  group: 'limits',
  title: 'Disruption budget',
  kind: 'policy/poddisruptionbudgets',
  parts: [{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', start: { metadata: {}, spec: {} } }],
  fields: [
    nameField('web'),
    count(
      ['minAvailable', strings.minAvailable, 'spec.minAvailable'],
      '1',
      (value) => isGiven(value) ?? isCountOrPercent(value),
      {
        hint: strings.minAvailableHint,
        wide: true,
      },
    ),
    labelRows(['selects', strings.selects, 'spec.selector'], { [NAME_LABEL]: 'web' }, selector, {
      hint: strings.allPods,
    }),
  ],
};
