import type { KubeObject } from '@krateyard/kube/meta/object';
import { cronJob, deployment, job, named, service, statefulSet } from './manifests.ts';

const MIRROR = 'registry.yard.example';

export function demoBusiness(): KubeObject[] {
  return [...shop(), ...payments(), ...data(), ...teams()];
}

/** A healthy shop, but for a checkout whose second version never gets ready. */
function shop(): KubeObject[] {
  const namespace = 'shop';
  const demand = { 'sandbox.krateyard.dev/demand': '300m-1500m/600s' };
  return [
    named('v1', 'ConfigMap', namespace, 'shop-settings', {
      data: { CURRENCY: 'EUR', FEATURE_NEW_CART: 'true', 'storefront.yaml': 'theme: harbour\nlocale: en\n' },
    }),
    named('v1', 'Secret', namespace, 'shop-database', {
      type: 'Opaque',
      stringData: { DATABASE_URL: 'postgres://shop:not-a-real-password@postgres.data:5432/shop' },
    }),
    deployment({
      namespace,
      name: 'storefront',
      image: `${MIRROR}/shop/storefront:4.12.0`,
      replicas: 4,
      cpu: '150m',
      memory: '192Mi',
      limitMemory: '384Mi',
      port: 8080,
      probe: true,
      envFrom: [{ configMapRef: { name: 'shop-settings' } }],
      pod: { volumes: [{ name: 'settings', configMap: { name: 'shop-settings' } }] },
      mounts: [{ name: 'settings', mountPath: '/etc/storefront' }],
    }),
    deployment({
      namespace,
      name: 'cart-api',
      image: `${MIRROR}/shop/cart-api:2.7.3`,
      replicas: 3,
      cpu: '100m',
      memory: '160Mi',
      port: 8080,
      probe: true,
      envFrom: [{ secretRef: { name: 'shop-database' } }],
    }),
    deployment({
      namespace,
      name: 'orders-api',
      image: `${MIRROR}/shop/orders-api:5.1.0`,
      replicas: 2,
      cpu: '200m',
      memory: '192Mi',
      port: 8080,
      probe: true,
      annotations: demand,
    }),
    deployment({
      namespace,
      name: 'search',
      image: `${MIRROR}/shop/search:1.19.2-flaky`,
      replicas: 2,
      cpu: '250m',
      memory: '512Mi',
      port: 9200,
      probe: true,
    }),
    deployment({
      namespace,
      name: 'checkout',
      image: `${MIRROR}/shop/checkout:3.0.0`,
      replicas: 3,
      cpu: '100m',
      memory: '128Mi',
      port: 8080,
      probe: true,
      spec: { progressDeadlineSeconds: 60 },
    }),
    deployment({
      namespace,
      name: 'thumbnailer',
      image: `${MIRROR}/shop/thumbnail-worker:0.9.4`,
      replicas: 2,
      cpu: '150m',
      memory: '256Mi',
    }),
    ...shopSurroundings(),
  ];
}

function shopSurroundings(): KubeObject[] {
  const namespace = 'shop';
  return [
    statefulSet({
      namespace,
      name: 'redis',
      image: 'docker.io/library/redis:8.2',
      cpu: '50m',
      memory: '128Mi',
      port: 6379,
      storage: '4Gi',
    }),
    cronJob('* * * * *', {
      namespace,
      name: 'price-sync',
      image: `${MIRROR}/shop/price-sync-job:1.2.0`,
      cpu: '20m',
      memory: '48Mi',
    }),
    ...(['storefront', 'cart-api', 'orders-api', 'search', 'checkout', 'redis'] as const).map((name) =>
      service(namespace, name, name === 'search' ? 9200 : name === 'redis' ? 6379 : 8080),
    ),
    ingress(namespace, 'shop', 'shop.yard.example', [
      ['/', 'storefront'],
      ['/api/cart', 'cart-api'],
      ['/api/orders', 'orders-api'],
    ]),
    named('autoscaling/v2', 'HorizontalPodAutoscaler', namespace, 'orders-api', {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders-api' },
        minReplicas: 2,
        maxReplicas: 8,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
          },
        ],
      },
    }),
    budget(namespace, 'storefront', { minAvailable: 3 }),
    budget(namespace, 'cart-api', { maxUnavailable: 1 }),
    named('v1', 'ResourceQuota', namespace, 'shop', {
      spec: {
        hard: {
          pods: '40',
          'requests.cpu': '8',
          'requests.memory': '16Gi',
          services: '20',
          persistentvolumeclaims: '8',
        },
      },
    }),
  ];
}

/** The new image of checkout, applied after the first version has been made. */
export const CHECKOUT_UPDATE = {
  namespace: 'shop',
  name: 'checkout',
  container: 'checkout',
  image: `${MIRROR}/shop/checkout:3.1.0-unready`,
} as const;

/** Payments, with a reconciler that has the wrong password and receipts whose image was never pushed. */
function payments(): KubeObject[] {
  const namespace = 'payments';
  return [
    named('v1', 'Secret', namespace, 'ledger-credentials', {
      type: 'kubernetes.io/basic-auth',
      stringData: { username: 'ledger', password: 'not-a-real-password' },
    }),
    named('v1', 'ConfigMap', namespace, 'reconciler', {
      data: { 'config.yaml': 'ledger: ledger.payments.svc:5432\nuser: reconciler\nbatch: 500\n' },
    }),
    deployment({
      namespace,
      name: 'payments-api',
      image: `${MIRROR}/payments/payments-api:8.4.1`,
      replicas: 3,
      cpu: '200m',
      memory: '256Mi',
      limitMemory: '512Mi',
      port: 8443,
      probe: true,
      sidecars: [{ name: 'envoy', image: `${MIRROR}/envoy:distroless-v1.35`, cpu: '50m', memory: '64Mi' }],
    }),
    deployment({
      namespace,
      name: 'reconciler',
      image: `${MIRROR}/payments/reconciler:2.4.1`,
      replicas: 2,
      cpu: '50m',
      memory: '96Mi',
      pod: { volumes: [{ name: 'config', configMap: { name: 'reconciler' } }] },
      mounts: [{ name: 'config', mountPath: '/etc/reconciler' }],
    }),
    deployment({
      namespace,
      name: 'receipts',
      image: `${MIRROR}/payments/receipts:missing-2.0.0`,
      replicas: 2,
      cpu: '50m',
      memory: '96Mi',
      port: 8080,
      probe: true,
    }),
    deployment({
      namespace,
      name: 'fraud-worker',
      image: `${MIRROR}/payments/fraud-worker:1.16.0`,
      replicas: 2,
      cpu: '300m',
      memory: '512Mi',
    }),
    ...paymentsSurroundings(),
  ];
}

function paymentsSurroundings(): KubeObject[] {
  const namespace = 'payments';
  return [
    statefulSet({
      namespace,
      name: 'ledger',
      image: 'docker.io/library/postgres:18.1',
      replicas: 3,
      cpu: '200m',
      memory: '512Mi',
      limitMemory: '1Gi',
      port: 5432,
      probe: true,
      storage: '20Gi',
      env: [
        {
          name: 'POSTGRES_PASSWORD',
          valueFrom: { secretKeyRef: { name: 'ledger-credentials', key: 'password' } },
        },
      ],
    }),
    job({
      namespace,
      name: 'migration-0042',
      image: `${MIRROR}/payments/migration:42-failing-batch`,
      spec: { backoffLimit: 1 },
    }),
    cronJob(
      '*/2 * * * *',
      {
        namespace,
        name: 'settlement-report',
        image: `${MIRROR}/payments/settlement-report:3.3.0`,
        cpu: '50m',
        memory: '64Mi',
      },
      { concurrencyPolicy: 'Forbid', successfulJobsHistoryLimit: 2 },
    ),
    service(namespace, 'payments-api', 8443),
    service(namespace, 'receipts', 8080),
    service(namespace, 'ledger', 5432, { clusterIP: 'None' }),
    ingress(namespace, 'payments', 'pay.yard.example', [['/', 'payments-api']]),
    budget(namespace, 'payments-api', { maxUnavailable: 1 }),
    budget(namespace, 'ledger', { minAvailable: 2 }),
    named('v1', 'LimitRange', namespace, 'defaults', {
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' } }] },
    }),
  ];
}

function data(): KubeObject[] {
  const namespace = 'data';
  const accelerator = 'nvidia-l4';
  return [
    statefulSet({
      namespace,
      name: 'postgres',
      image: 'docker.io/library/postgres:18.1',
      replicas: 2,
      cpu: '250m',
      memory: '1Gi',
      port: 5432,
      probe: true,
      storage: '100Gi',
    }),
    statefulSet({
      namespace,
      name: 'clickhouse',
      image: `${MIRROR}/clickhouse:25.8`,
      replicas: 2,
      cpu: '500m',
      memory: '2Gi',
      port: 8123,
      probe: true,
      storage: '200Gi',
    }),
    deployment({
      namespace,
      name: 'ingest',
      image: `${MIRROR}/data/ingest-worker:6.0.2`,
      replicas: 3,
      cpu: '200m',
      memory: '256Mi',
    }),
    deployment({
      namespace,
      name: 'event-tap',
      image: `${MIRROR}/data/event-tap:0.3.0-spammer`,
      cpu: '50m',
      memory: '64Mi',
    }),
    deployment({
      namespace,
      name: 'recommender',
      image: `${MIRROR}/data/recommender-api:1.8.0`,
      replicas: 3,
      cpu: '1800m',
      memory: '4Gi',
      port: 8080,
      probe: true,
      pod: {
        nodeSelector: { 'yard.example/accelerator': accelerator },
        tolerations: [{ key: 'yard.example/accelerator', operator: 'Exists' }],
      },
    }),
    ...dataSurroundings(),
  ];
}

function dataSurroundings(): KubeObject[] {
  const namespace = 'data';
  return [
    job({
      namespace,
      name: 'backfill-2025',
      image: `${MIRROR}/data/backfill-batch:1.0.3`,
      spec: { completions: 3, parallelism: 2, completionMode: 'Indexed' },
    }),
    cronJob('*/15 * * * *', {
      namespace,
      name: 'postgres-backup',
      image: `${MIRROR}/data/postgres-backup-job:4.1.0`,
      cpu: '100m',
      memory: '128Mi',
    }),
    cronJob(
      '0 3 * * *',
      { namespace, name: 'nightly-etl', image: `${MIRROR}/data/etl-batch:2.2.0` },
      { suspend: true, timeZone: 'Europe/Berlin' },
    ),
    service(namespace, 'postgres', 5432, { clusterIP: 'None' }),
    service(namespace, 'clickhouse', 8123, { clusterIP: 'None' }),
    service(namespace, 'recommender', 8080),
    named('v1', 'PersistentVolumeClaim', namespace, 'archive', {
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: 'archive-nfs',
        resources: { requests: { storage: '1Ti' } },
      },
    }),
  ];
}

function teams(): KubeObject[] {
  const quota = { hard: { pods: '20', 'requests.cpu': '4', 'requests.memory': '8Gi' } };
  return [
    named('v1', 'ConfigMap', 'team-a', 'web', {
      data: { GREETING: 'hello from team a', 'index.html': '<h1>Team A</h1>\n' },
    }),
    named('v1', 'Secret', 'team-a', 'web-session', { type: 'Opaque', stringData: { key: 'not-a-real-key' } }),
    deployment({
      namespace: 'team-a',
      name: 'web',
      image: 'docker.io/library/nginx:1.29',
      replicas: 2,
      cpu: '50m',
      memory: '64Mi',
      port: 8080,
      probe: true,
      envFrom: [{ configMapRef: { name: 'web' } }],
    }),
    deployment({
      namespace: 'team-a',
      name: 'guestbook-api',
      image: `${MIRROR}/team-a/guestbook-api:0.8.0-flaky`,
      replicas: 2,
      cpu: '50m',
      memory: '96Mi',
      port: 8080,
      probe: true,
    }),
    deployment({
      namespace: 'team-a',
      name: 'toolbox',
      image: 'docker.io/library/busybox:1.37',
      command: ['sh', '-c', 'while true; do sleep 3600; done'],
      cpu: '10m',
      memory: '16Mi',
      pod: { terminationGracePeriodSeconds: 2 },
    }),
    service('team-a', 'web', 8080),
    service('team-a', 'guestbook-api', 8080),
    ingress('team-a', 'web', 'a.yard.example', [
      ['/', 'web'],
      ['/api', 'guestbook-api'],
    ]),
    named('v1', 'ResourceQuota', 'team-a', 'team-a', { spec: quota }),
    deployment({
      namespace: 'team-b',
      name: 'notebook',
      image: `${MIRROR}/team-b/notebook-web:2025.10`,
      cpu: '200m',
      memory: '512Mi',
      port: 8888,
      probe: true,
    }),
    deployment({
      namespace: 'team-b',
      name: 'crawler',
      image: `${MIRROR}/team-b/crawl-worker:0.5.1`,
      replicas: 2,
      cpu: '100m',
      memory: '128Mi',
    }),
    cronJob(
      '* * * * *',
      {
        namespace: 'team-b',
        name: 'heartbeat',
        image: 'docker.io/library/busybox:1.37',
        command: ['sh', '-c', 'echo "beat at $(date -u +%FT%TZ)"; sleep 2'],
        cpu: '10m',
        memory: '16Mi',
      },
      { successfulJobsHistoryLimit: 1 },
    ),
    service('team-b', 'notebook', 8888),
    named('v1', 'ResourceQuota', 'team-b', 'team-b', { spec: quota }),
  ];
}

function ingress(
  namespace: string,
  name: string,
  host: string,
  paths: readonly [string, string][],
): KubeObject {
  const rules = paths.map(([path, target]) => ({
    path,
    pathType: 'Prefix',
    backend: { service: { name: target, port: { name: 'http' } } },
  }));
  return {
    ...named('networking.k8s.io/v1', 'Ingress', namespace, name, {
      spec: {
        ingressClassName: 'nginx',
        rules: [{ host, http: { paths: rules } }],
        tls: [{ hosts: [host], secretName: `${name}-tls` }],
      },
    }),
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } },
  };
}

function budget(namespace: string, name: string, spec: object): KubeObject {
  return named('policy/v1', 'PodDisruptionBudget', namespace, name, {
    spec: { ...spec, selector: { matchLabels: { 'app.kubernetes.io/name': name } } },
  });
}
