import type { Wire } from './wire.ts';

/** What both targets run: the sandbox plays any busybox image, the lab has this one. */
export const BUSYBOX = 'local/busybox:1';

export function configMap(name: string, data: Record<string, string> = {}, metadata: Wire = {}): Wire {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

/** A container that stays until it is told to go, and then goes at once. */
export const STAY = 'trap "exit 0" TERM INT; while true; do sleep 1; done';

export function container(script: string, more: Wire = {}): Wire {
  return { name: 'main', image: BUSYBOX, imagePullPolicy: 'Never', command: ['sh', '-c', script], ...more };
}

export function pod(name: string, script: string = STAY, spec: Wire = {}, metadata: Wire = {}): Wire {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { terminationGracePeriodSeconds: 1, containers: [container(script)], ...spec },
  };
}

/** A pod that runs, and where nothing can be run but what runs. */
export function podWithoutShell(name: string, target: 'sandbox' | 'cluster'): Wire {
  if (target === 'sandbox')
    return pod(name, '', { containers: [{ name: 'main', image: 'registry.example/distroless/app:1' }] });
  const mount = (mountPath: string): object => ({ volumeMounts: [{ name: 'bin', mountPath }] });
  return pod(name, '', {
    initContainers: [{ ...container('cp /bin/busybox /only/sleep'), name: 'copy', ...mount('/only') }],
    containers: [{ ...container(''), command: ['/bin/sleep', '1000000'], ...mount('/bin') }],
    volumes: [{ name: 'bin', emptyDir: {} }],
  });
}

function template(app: string, script: string): Wire {
  return {
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 1, containers: [container(script)] },
  };
}

function workload(kind: string, name: string, spec: Wire, script: string): Wire {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: template(name, script), ...spec },
  };
}

export function deployment(name: string, replicas: number, spec: Wire = {}, script: string = STAY): Wire {
  return workload('Deployment', name, { replicas, ...spec }, script);
}

export function replicaSet(name: string, replicas: number): Wire {
  return workload('ReplicaSet', name, { replicas }, STAY);
}

export function statefulSet(name: string, replicas: number, spec: Wire = {}): Wire {
  return workload('StatefulSet', name, { replicas, serviceName: name, ...spec }, STAY);
}

export function daemonSet(name: string): Wire {
  return workload('DaemonSet', name, {}, STAY);
}

export function job(name: string, script: string, spec: Wire = {}): Wire {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container(script)] } }, ...spec },
  };
}

/** A CustomResourceDefinition `PLURAL.GROUP` of a namespaced kind `Widget`, served as v1 (stored) and v1beta1. */
export function widgetCrd(group: string, more: { spec?: Wire; v1?: Wire } = {}): Wire {
  const schema = { openAPIV3Schema: { ...WIDGET_SCHEMA, description: 'A widget.' } };
  const v1 = {
    name: 'v1',
    served: true,
    storage: true,
    schema,
    subresources: {
      status: {},
      scale: {
        specReplicasPath: '.spec.replicas',
        statusReplicasPath: '.status.replicas',
        labelSelectorPath: '.status.selector',
      },
    },
    additionalPrinterColumns: [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'How big' },
      { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
      { name: 'Colour', type: 'string', jsonPath: '.spec.colour', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
    selectableFields: [{ jsonPath: '.spec.colour' }],
    ...more.v1,
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        listKind: 'WidgetList',
        shortNames: ['wd'],
        categories: ['toys'],
      },
      versions: [
        v1,
        { name: 'v1beta1', served: true, storage: false, schema: { openAPIV3Schema: WIDGET_SCHEMA } },
      ],
      ...more.spec,
    },
  };
}

const WIDGET_SCHEMA = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 10 },
        colour: { type: 'string', default: 'red', enum: ['red', 'green', 'blue'] },
        name: { type: 'string', pattern: '^[a-z]+$', maxLength: 8 },
        replicas: { type: 'integer' },
        parts: {
          type: 'array',
          maxItems: 3,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['id'],
          items: {
            type: 'object',
            required: ['id'],
            properties: { id: { type: 'string' }, weight: { type: 'integer', default: 7 } },
          },
        },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        either: { 'x-kubernetes-int-or-string': true },
        maybe: { type: 'string', nullable: true },
      },
    },
    status: {
      type: 'object',
      properties: { phase: { type: 'string' }, replicas: { type: 'integer' }, selector: { type: 'string' } },
    },
  },
};

export function widget(group: string, name: string, spec: Wire, version = 'v1', metadata: Wire = {}): Wire {
  return { apiVersion: `${group}/${version}`, kind: 'Widget', metadata: { name, ...metadata }, spec };
}
