import type { KubeObject } from '@krateyard/kube/meta/object';

export interface ContainerWish {
  readonly image: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly limitCpu?: string;
  readonly limitMemory?: string;
  readonly port?: number;
  /** A readiness probe, by which rollouts wait. */
  readonly probe?: boolean;
  readonly command?: readonly string[];
  readonly env?: readonly object[];
  readonly envFrom?: readonly object[];
  readonly mounts?: readonly { name: string; mountPath: string }[];
}

export interface WorkloadWish extends ContainerWish {
  readonly namespace: string;
  readonly name: string;
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Added to the pod's spec. */
  readonly pod?: Readonly<Record<string, unknown>>;
  /** Added to the workload's spec. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly sidecars?: readonly ({ name: string } & ContainerWish)[];
  readonly storage?: string;
}

export function container(name: string, wish: ContainerWish): object {
  const {
    image,
    cpu = '50m',
    memory = '64Mi',
    limitCpu,
    limitMemory,
    port,
    probe,
    command,
    env,
    envFrom,
    mounts,
  } = wish;
  const limits = { ...(limitCpu && { cpu: limitCpu }), ...(limitMemory && { memory: limitMemory }) };
  return {
    name,
    image,
    ...(command && { command: [...command] }),
    ...(port && { ports: [{ name: 'http', containerPort: port }] }),
    ...(env && { env }),
    ...(envFrom && { envFrom }),
    resources: { requests: { cpu, memory }, ...(Object.keys(limits).length > 0 && { limits }) },
    ...(probe && port && { readinessProbe: { httpGet: { path: '/healthz', port }, periodSeconds: 10 } }),
    ...(mounts && { volumeMounts: mounts }),
  };
}

function template(wish: WorkloadWish): object {
  return {
    metadata: { labels: labelsOf(wish), ...(wish.annotations && { annotations: wish.annotations }) },
    spec: {
      containers: [
        container(wish.name, wish),
        ...(wish.sidecars ?? []).map((each) => container(each.name, each)),
      ],
      ...wish.pod,
    },
  };
}

function labelsOf(wish: WorkloadWish): Record<string, string> {
  return { 'app.kubernetes.io/name': wish.name, ...wish.labels };
}

function workload(apiVersion: string, kind: string, wish: WorkloadWish, spec: object): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: wish.name, namespace: wish.namespace, labels: labelsOf(wish) },
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': wish.name } },
      template: template(wish),
      ...spec,
      ...wish.spec,
    },
  };
}

export function deployment(wish: WorkloadWish): KubeObject {
  return workload('apps/v1', 'Deployment', wish, { replicas: wish.replicas ?? 1 });
}

export function statefulSet(wish: WorkloadWish): KubeObject {
  const claims = wish.storage && [
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: wish.storage } } },
    },
  ];
  return workload('apps/v1', 'StatefulSet', wish, {
    serviceName: wish.name,
    replicas: wish.replicas ?? 1,
    ...(claims && { volumeClaimTemplates: claims }),
  });
}

export function daemonSet(wish: WorkloadWish): KubeObject {
  return workload('apps/v1', 'DaemonSet', wish, {});
}

function jobSpec(wish: WorkloadWish): object {
  const pod = template({ ...wish, pod: { restartPolicy: 'Never', ...wish.pod } });
  return { template: pod, ...wish.spec };
}

export function job(wish: WorkloadWish): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: wish.name, namespace: wish.namespace, labels: labelsOf(wish) },
    spec: jobSpec(wish),
  };
}

export function cronJob(schedule: string, wish: WorkloadWish, spec: object = {}): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: wish.name, namespace: wish.namespace, labels: labelsOf(wish) },
    spec: { schedule, jobTemplate: { spec: jobSpec(wish) }, ...spec },
  };
}

export function service(namespace: string, name: string, port: number, spec: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name } },
    spec: {
      selector: { 'app.kubernetes.io/name': name },
      ports: [{ name: 'http', port, targetPort: port }],
      ...spec,
    },
  };
}

export function named(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  rest: object,
): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) }, ...rest };
}
