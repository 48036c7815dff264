import type { KubeObject } from '@krateyard/kube/meta/object';
import { container, cronJob, daemonSet, deployment, job, named, service, statefulSet } from './manifests.ts';
import { namespaceObject } from './scene-basics.ts';
import { nodeObject } from './scene-nodes.ts';

const CONTROL_PLANE = 'control-1';
const MIRROR = 'registry.yard.example';
const EVERYWHERE = { tolerations: [{ operator: 'Exists' }] };

/** Five nodes: a control plane, two for everybody, one cordoned and short of disk, one with a GPU that is nearly full. */
export function demoNodes(): KubeObject[] {
  const gpu = 'nvidia-l4';
  return [
    nodeObject({
      name: CONTROL_PLANE,
      index: 0,
      cpu: 4,
      memoryGi: 8,
      labels: { 'node-role.kubernetes.io/control-plane': '' },
      taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    }),
    nodeObject({ name: 'worker-1', index: 1, cpu: 8, memoryGi: 32 }),
    nodeObject({ name: 'worker-2', index: 2, cpu: 8, memoryGi: 32 }),
    nodeObject({
      name: 'worker-3',
      index: 3,
      cpu: 8,
      memoryGi: 16,
      unschedulable: true,
      pressure: 'DiskPressure',
    }),
    nodeObject({
      name: 'gpu-1',
      index: 4,
      cpu: 4,
      memoryGi: 16,
      labels: { 'yard.example/accelerator': gpu },
      taints: [{ key: 'yard.example/accelerator', value: gpu, effect: 'NoSchedule' }],
    }),
  ];
}

export function demoNamespaces(): KubeObject[] {
  const owners: [string, string][] = [
    ['shop', 'storefront'],
    ['payments', 'money'],
    ['platform', 'platform'],
    ['monitoring', 'platform'],
    ['data', 'insight'],
  ];
  return owners.map(([name, team]) => namespaceObject(name, { team }));
}

export function demoSystem(): KubeObject[] {
  return [
    ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(staticPod),
    daemonSet({
      namespace: 'kube-system',
      name: 'kube-proxy',
      image: 'registry.k8s.io/kube-proxy:v1.34.4',
      pod: { ...EVERYWHERE, hostNetwork: true },
    }),
    daemonSet({
      namespace: 'kube-system',
      name: 'csi-node',
      image: `${MIRROR}/csi-node-driver:1.9.2`,
      pod: EVERYWHERE,
      cpu: '20m',
      memory: '48Mi',
    }),
    deployment({
      namespace: 'kube-system',
      name: 'coredns',
      image: 'registry.k8s.io/coredns/coredns:v1.12.1',
      replicas: 2,
      cpu: '100m',
      memory: '70Mi',
      limitMemory: '170Mi',
      port: 9153,
      probe: true,
    }),
    deployment({
      namespace: 'kube-system',
      name: 'metrics-server',
      image: 'registry.k8s.io/metrics-server/metrics-agent:v0.8.0',
      cpu: '100m',
      memory: '200Mi',
      port: 10250,
      probe: true,
    }),
    service('kube-system', 'kube-dns', 53, { selector: { 'app.kubernetes.io/name': 'coredns' } }),
    ...monitoring(),
    ...platform(),
  ];
}

function staticPod(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${CONTROL_PLANE}`,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
    },
    spec: {
      nodeName: CONTROL_PLANE,
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      containers: [
        container(name, {
          image: `registry.k8s.io/${name === 'etcd' ? 'etcd:3.6.4-0' : `${name}:v1.34.4`}`,
          cpu: '200m',
          memory: '256Mi',
        }),
      ],
      tolerations: [{ operator: 'Exists' }],
    },
  };
}

function monitoring(): KubeObject[] {
  const namespace = 'monitoring';
  return [
    statefulSet({
      namespace,
      name: 'prometheus',
      image: `${MIRROR}/prometheus:v3.6.0`,
      replicas: 2,
      cpu: '250m',
      memory: '1Gi',
      limitMemory: '2Gi',
      port: 9090,
      probe: true,
      storage: '50Gi',
      sidecars: [
        {
          name: 'config-reloader',
          image: `${MIRROR}/config-reload-agent:0.85.0`,
          cpu: '10m',
          memory: '32Mi',
        },
      ],
    }),
    statefulSet({
      namespace,
      name: 'alertmanager',
      image: `${MIRROR}/alertmanager:v0.28.1`,
      cpu: '20m',
      memory: '64Mi',
      port: 9093,
      probe: true,
      storage: '2Gi',
    }),
    statefulSet({
      namespace,
      name: 'loki',
      image: `${MIRROR}/loki:3.5.3`,
      cpu: '150m',
      memory: '512Mi',
      port: 3100,
      probe: true,
      storage: '80Gi',
    }),
    deployment({
      namespace,
      name: 'grafana',
      image: `${MIRROR}/grafana:12.2.0`,
      cpu: '50m',
      memory: '256Mi',
      port: 3000,
      probe: true,
      envFrom: [{ secretRef: { name: 'grafana-admin' } }],
    }),
    daemonSet({
      namespace,
      name: 'node-exporter',
      image: `${MIRROR}/node-exporter:v1.9.1`,
      pod: { ...EVERYWHERE, hostNetwork: true },
      cpu: '10m',
      memory: '32Mi',
      port: 9100,
    }),
    named('v1', 'Secret', namespace, 'grafana-admin', {
      type: 'Opaque',
      stringData: { GF_SECURITY_ADMIN_USER: 'admin', GF_SECURITY_ADMIN_PASSWORD: 'not-a-real-password' },
    }),
    ...(['prometheus', 'alertmanager', 'loki', 'grafana'] as const).map((name, at) =>
      service(namespace, name, [9090, 9093, 3100, 3000][at]!),
    ),
  ];
}

function platform(): KubeObject[] {
  const namespace = 'platform';
  return [
    deployment({
      namespace,
      name: 'ingress-nginx',
      image: `${MIRROR}/ingress-nginx-controller:v1.13.2`,
      replicas: 2,
      cpu: '100m',
      memory: '128Mi',
      port: 8080,
      probe: true,
    }),
    deployment({
      namespace,
      name: 'cert-controller',
      image: `${MIRROR}/cert-controller:v1.18.2`,
      cpu: '30m',
      memory: '96Mi',
    }),
    deployment({
      namespace,
      name: 'deploy-bot',
      image: `${MIRROR}/platform/deploy-bot:0.42.0`,
      cpu: '50m',
      memory: '128Mi',
    }),
    deployment({
      namespace,
      name: 'ci-runner',
      image: `${MIRROR}/platform/ci-runner-worker:7.1.0`,
      replicas: 3,
      cpu: '300m',
      memory: '512Mi',
      limitMemory: '1Gi',
    }),
    deployment({
      namespace,
      name: 'audit-sink',
      image: `${MIRROR}/platform/audit-sink:1.3.0-leaker`,
      cpu: '50m',
      memory: '192Mi',
      limitMemory: '200Mi',
      port: 8080,
      probe: true,
    }),
    cronJob(
      '*/5 * * * *',
      {
        namespace,
        name: 'registry-cleanup',
        image: `${MIRROR}/platform/registry-cleanup:2.0.1`,
        cpu: '50m',
        memory: '64Mi',
      },
      { concurrencyPolicy: 'Forbid' },
    ),
    job({
      namespace,
      name: 'platform-bootstrap',
      image: `${MIRROR}/platform/bootstrap-job:1.0.0`,
      spec: { backoffLimit: 2 },
    }),
    service(namespace, 'ingress-nginx', 8080, { type: 'LoadBalancer' }),
    named('networking.k8s.io/v1', 'NetworkPolicy', namespace, 'only-from-ingress', {
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'deploy-bot' } },
        policyTypes: ['Ingress'],
        ingress: [
          { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } } }] },
        ],
      },
    }),
  ];
}
