import {
  isAmount,
  isCount,
  isGiven,
  isLabelName,
  isName,
  isPairs,
  isPort,
  isSchedule,
  linesOf,
  pairsOf,
} from './form-checks.ts';
import type { CreateForm, FormField, FormValues } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';

const name = (first: string, check: FormField['check'] = isName): FormField => ({
  name: 'name',
  label: strings.name,
  type: 'text',
  first,
  check,
});
const image = (first: string): FormField => ({
  name: 'image',
  label: strings.image,
  type: 'text',
  first,
  check: isGiven,
});
const command = (first: string): FormField => ({
  name: 'command',
  label: strings.command,
  hint: strings.commandHint,
  type: 'text',
  first,
});
const environment: FormField = {
  name: 'environment',
  label: strings.environment,
  hint: strings.pairsHint,
  type: 'lines',
  first: '',
  check: isPairs,
};
const amount = (field: string, label: string, first: string): FormField => ({
  name: field,
  label,
  placeholder: strings.none,
  type: 'text',
  first,
  check: isAmount,
});
const AMOUNTS: readonly FormField[] = [
  amount('cpu', strings.cpu, '50m'),
  amount('memory', strings.memory, '64Mi'),
  amount('memoryLimit', strings.memoryLimit, '128Mi'),
];

export const deploymentForm: CreateForm = {
  id: 'deployment',
  title: 'Deployment and Service',
  kind: 'apps/deployments',
  fields: [
    name('web', isLabelName),
    image('nginx:1.29'),
    { name: 'replicas', label: strings.replicas, type: 'text', first: '2', check: isCount },
    { name: 'port', label: strings.port, type: 'text', first: '80', check: isPort },
    { name: 'service', label: strings.service, type: 'flag', first: 'yes' },
    {
      name: 'servicePort',
      label: strings.servicePort,
      type: 'text',
      first: '80',
      check: isPort,
      within: 'service',
    },
    ...AMOUNTS,
    environment,
    command(''),
  ],
  objects: (values) => [deployment(values), ...(values['service'] ? [serviceOf(values)] : [])],
};

const labelsOf = (values: FormValues): object => ({ 'app.kubernetes.io/name': values['name'] });

function deployment(values: FormValues): object {
  const labels = labelsOf(values);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: values['name'], labels },
    spec: {
      replicas: numberOf(values['replicas']),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            container(values, {
              ports: [{ name: 'http', containerPort: numberOf(values['port']) }],
              readinessProbe: { tcpSocket: { port: 'http' } },
            }),
          ],
        },
      },
    },
  };
}

function serviceOf(values: FormValues): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: values['name'], labels: labelsOf(values) },
    spec: {
      selector: labelsOf(values),
      ports: [{ name: 'http', port: numberOf(values['servicePort']), targetPort: 'http' }],
    },
  };
}

export const jobForm: CreateForm = {
  id: 'job',
  title: 'Job',
  kind: 'batch/jobs',
  fields: [
    name('once'),
    image('busybox:1.37'),
    command('echo done'),
    { name: 'retries', label: strings.retries, type: 'text', first: '3', check: isCount },
    ...AMOUNTS,
    environment,
  ],
  objects: (values) => [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: values['name'] },
      spec: { ...jobSpec(values), ttlSecondsAfterFinished: 86_400 },
    },
  ],
};

export const cronJobForm: CreateForm = {
  id: 'cronjob',
  title: 'CronJob',
  kind: 'batch/cronjobs',
  fields: [
    name('nightly'),
    {
      name: 'schedule',
      label: strings.schedule,
      hint: strings.scheduleHint,
      type: 'text',
      first: '15 3 * * *',
      check: isSchedule,
    },
    { name: 'timeZone', label: strings.timeZone, type: 'text', first: 'Etc/UTC', check: isGiven },
    image('busybox:1.37'),
    command('echo done'),
    { name: 'retries', label: strings.retries, type: 'text', first: '1', check: isCount },
    ...AMOUNTS,
    environment,
  ],
  objects: (values) => [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: values['name'] },
      spec: {
        schedule: values['schedule'],
        timeZone: values['timeZone'],
        concurrencyPolicy: 'Forbid',
        jobTemplate: { spec: jobSpec(values) },
      },
    },
  ],
};

function jobSpec(values: FormValues): object {
  return {
    backoffLimit: numberOf(values['retries']),
    template: { spec: { restartPolicy: 'Never', containers: [container(values, {})] } },
  };
}

function container(values: FormValues, more: object): object {
  const { command: line = '', environment: pairs = '', cpu = '', memory = '', memoryLimit = '' } = values;
  const env = Object.entries(pairsOf(pairs)).map(([key, value]) => ({ name: key, value }));
  const requests = { ...(cpu !== '' && { cpu }), ...(memory !== '' && { memory }) };
  const resources = {
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(memoryLimit !== '' && { limits: { memory: memoryLimit } }),
  };
  return {
    name: values['name'],
    image: values['image'],
    ...(linesOf(line).length > 0 && { command: ['sh', '-c', line] }),
    ...(env.length > 0 && { env }),
    ...more,
    ...(Object.keys(resources).length > 0 && { resources }),
  };
}

/** What is no number stays as it was typed: the dry run says what it thinks of it. */
export function numberOf(value: string | undefined): number | string | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : value;
}
