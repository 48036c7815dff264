/** The JSON of the n-th of many pods (some 5.8 KB, 30 % of it managedFields), as deployments of ten replicas make them. */
export function podJson(index: number): string {
  const app = Math.floor(index / 10);
  const hex = (seed: number, length: number): string =>
    ((seed * 2654435761) >>> 0).toString(16).padStart(8, '0').repeat(8).slice(0, length);
  const name = `app-${app}-${hex(app, 9)}-${index.toString(36).padStart(5, 'x')}`;
  const uid = `${hex(index, 8)}-${hex(index + 7, 4)}-4${hex(index + 3, 3)}-8${hex(index + 5, 3)}-${hex(index + 1, 12)}`;
  const ip = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  const host = `10.99.${(index % 500) >> 8}.${index % 250}`;
  const time = (offset: number): string =>
    new Date(Date.UTC(2026, 10, 1) + (index * 37 + offset) * 1000).toISOString().replace('.000', '');
  const condition = (type: string, offset: number): unknown => ({
    type,
    status: 'True',
    observedGeneration: 1,
    lastProbeTime: null,
    lastTransitionTime: time(offset),
  });
  const pod = {
    metadata: {
      name,
      generateName: `app-${app}-${hex(app, 9)}-`,
      namespace: `team-${app % 100}`,
      uid,
      resourceVersion: String(100_000 + index),
      generation: 1,
      creationTimestamp: time(0),
      labels: {
        app: `app-${app}`,
        'app.kubernetes.io/part-of': `suite-${app % 40}`,
        'pod-template-hash': hex(app, 9),
        tier: app % 2 ? 'web' : 'worker',
      },
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'example.com/checksum': hex(app + 11, 40),
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `app-${app}-${hex(app, 9)}`,
          uid: `${hex(app, 8)}-1111-4222-8333-${hex(app, 12)}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: managedFields(uid, time(1)),
    },
    spec: {
      volumes: [
        {
          name: `kube-api-access-${hex(index, 5)}`,
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              {
                downwardAPI: {
                  items: [
                    { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
                  ],
                },
              },
            ],
            defaultMode: 420,
          },
        },
        { name: 'config', configMap: { name: `app-${app}-config`, defaultMode: 420 } },
      ],
      containers: [
        {
          name: 'main',
          image: `registry.example.com/suite-${app % 40}/app-${app}:v1.${app % 20}.0`,
          args: ['--listen=:8080', `--name=app-${app}`],
          ports: [
            { name: 'http', containerPort: 8080, protocol: 'TCP' },
            { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
          ],
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
            { name: 'DATABASE', value: `postgres.team-${app % 100}.svc` },
            { name: 'LOG_LEVEL', value: 'info' },
          ],
          resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
          volumeMounts: [
            { name: 'config', mountPath: '/etc/app' },
            {
              name: `kube-api-access-${hex(index, 5)}`,
              readOnly: true,
              mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
            },
          ],
          livenessProbe: {
            httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          readinessProbe: {
            httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 5,
            successThreshold: 1,
            failureThreshold: 3,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      nodeName: `node-${index % 500}`,
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      phase: 'Running',
      observedGeneration: 1,
      conditions: [
        condition('PodReadyToStartContainers', 2),
        condition('Initialized', 0),
        condition('Ready', 5),
        condition('ContainersReady', 5),
        condition('PodScheduled', 0),
      ],
      hostIP: host,
      hostIPs: [{ ip: host }],
      podIP: ip,
      podIPs: [{ ip }],
      startTime: time(0),
      containerStatuses: [
        {
          name: 'main',
          state: { running: { startedAt: time(3) } },
          lastState: {},
          ready: true,
          restartCount: index % 3,
          image: `registry.example.com/suite-${app % 40}/app-${app}:v1.${app % 20}.0`,
          imageID: `registry.example.com/suite-${app % 40}/app-${app}@sha256:${hex(app, 64)}`,
          containerID: `containerd://${hex(index, 64)}`,
          started: true,
          resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
        },
      ],
      qosClass: 'Burstable',
    },
  };
  return JSON.stringify(pod);
}

function managedFields(uid: string, time: string): unknown[] {
  const some = (...names: string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
  return [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': {
          'f:annotations': {
            '.': {},
            ...some('prometheus.io/scrape', 'prometheus.io/port', 'example.com/checksum'),
          },
          ...some('generateName'),
          'f:labels': { '.': {}, ...some('app', 'app.kubernetes.io/part-of', 'pod-template-hash', 'tier') },
          'f:ownerReferences': { '.': {}, [`k:{"uid":"${uid}"}`]: {} },
        },
        'f:spec': {
          'f:containers': {
            'k:{"name":"main"}': {
              '.': {},
              ...some(
                'args',
                'env',
                'image',
                'imagePullPolicy',
                'livenessProbe',
                'name',
                'ports',
                'readinessProbe',
                'resources',
                'terminationMessagePath',
                'terminationMessagePolicy',
                'volumeMounts',
              ),
            },
          },
          ...some(
            'dnsPolicy',
            'enableServiceLinks',
            'restartPolicy',
            'schedulerName',
            'securityContext',
            'terminationGracePeriodSeconds',
            'volumes',
          ),
        },
      },
    },
    {
      manager: 'kubelet',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:status': {
          'f:conditions': Object.fromEntries(
            ['ContainersReady', 'Initialized', 'Ready', 'PodReadyToStartContainers'].map((type) => [
              `k:{"type":"${type}"}`,
              { '.': {}, ...some('lastProbeTime', 'lastTransitionTime', 'status', 'type') },
            ]),
          ),
          ...some('containerStatuses', 'hostIP', 'hostIPs', 'phase', 'podIP', 'podIPs', 'startTime'),
        },
      },
      subresource: 'status',
    },
  ];
}
