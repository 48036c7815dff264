/** What one can begin from. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 'deployment',
    title: 'Deployment and Service',
    text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
    spec:
      containers:
        - name: web
          image: nginx:1.29
          ports:
            - name: http
              containerPort: 80
          readinessProbe:
            httpGet:
              path: /
              port: http
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
            limits:
              memory: 128Mi
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  selector:
    app.kubernetes.io/name: web
  ports:
    - name: http
      port: 80
      targetPort: http
`,
  },
  {
    id: 'configmap',
    title: 'ConfigMap',
    text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  LOG_LEVEL: info
  app.yaml: |
    feature: true
`,
  },
  {
    id: 'secret',
    title: 'Secret',
    text: `apiVersion: v1
kind: Secret
metadata:
  name: credentials
type: Opaque
stringData:
  username: ''
  password: ''
`,
  },
  {
    id: 'job',
    title: 'Job',
    text: `apiVersion: batch/v1
kind: Job
metadata:
  name: once
spec:
  backoffLimit: 3
  ttlSecondsAfterFinished: 86400
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: busybox:1.37
          command: [sh, -c, 'echo done']
`,
  },
  {
    id: 'cronjob',
    title: 'CronJob',
    text: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: '15 3 * * *'
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 1
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: main
              image: busybox:1.37
              command: [sh, -c, 'echo done']
`,
  },
  {
    id: 'ingress',
    title: 'Ingress',
    text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  name: http
`,
  },
  {
    id: 'claim',
    title: 'Volume claim',
    text: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: files
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
`,
  },
  {
    id: 'role',
    title: 'Role and binding',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pod-reader
rules:
  - apiGroups: ['']
    resources: [pods, pods/log]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: pod-readers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: pod-reader
subjects:
  - kind: User
    apiGroup: rbac.authorization.k8s.io
    name: somebody@example.com
`,
  },
  {
    id: 'namespace',
    title: 'Namespace with a quota',
    text: `apiVersion: v1
kind: Namespace
metadata:
  name: team
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: quota
  namespace: team
spec:
  hard:
    requests.cpu: '4'
    requests.memory: 8Gi
    pods: '50'
`,
  },
];
