/** What `kubectl explain` says of the types and fields that people ask for most. Ours, in few words. */
const COMMON: Readonly<Record<string, string>> = {
  apiVersion: 'Group and version of the schema that this object follows.',
  kind: 'The kind of object that this is, in CamelCase.',
  metadata: 'Name, labels and the other facts that every object has.',
  spec: 'What is wanted.',
  status: 'What is observed; written by the system.',
};

/** By the name of the type after `io.k8s.`; '' is the type itself. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'apimachinery.pkg.apis.meta.v1.ObjectMeta': {
    '': 'What every object has: its name, labels, annotations, owners and history.',
    name: 'Unique among the objects of its kind in its namespace; cannot change.',
    generateName: 'Beginning of a name that the server completes, where no name is given.',
    namespace: 'The namespace that the object lives in; empty for objects of the whole cluster.',
    labels: 'Keys and values to select objects by.',
    annotations: 'Keys and values for tools and people; nothing is selected by them.',
    uid: 'Unique in time and space: tells an object from a later one of the same name.',
    resourceVersion:
      'The state of the object; changes with every write, and guards updates against each other.',
    generation: 'Counts the changes of what is wanted.',
    creationTimestamp: 'When the object was made.',
    deletionTimestamp: 'When the object is to be gone; set by the server when it is deleted.',
    ownerReferences: 'Objects that this one depends on: it goes when all of them are gone.',
    finalizers: 'Names of those who must agree before the object goes.',
    managedFields: 'Which manager has set which fields.',
  },
  'apimachinery.pkg.apis.meta.v1.LabelSelector': {
    '': 'Selects objects by their labels; all terms must hold, an empty selector selects everything.',
    matchLabels: 'Labels that must be there with just these values.',
    matchExpressions: 'Further terms: key, operator (In, NotIn, Exists, DoesNotExist), values.',
  },
  'api.core.v1.Pod': { '': 'Containers that run together on one node, with one address and shared volumes.' },
  'api.core.v1.PodSpec': {
    '': 'How a pod is to run.',
    containers: 'The containers of the pod; there is at least one.',
    initContainers:
      'Run one after the other before the containers start; those that restart always run beside them.',
    volumes: 'Storage that the containers can mount.',
    restartPolicy: 'When containers that end are started again.',
    nodeName: 'The node that the pod runs on; set by the scheduler.',
    nodeSelector: 'Labels that the node must have.',
    affinity: 'Rules for the choice of the node.',
    tolerations: 'Taints of nodes that the pod bears.',
    serviceAccountName: 'The account that the pod acts as.',
    terminationGracePeriodSeconds: 'Seconds between being asked to end and being killed.',
    activeDeadlineSeconds: 'Seconds that the pod may run before it is failed.',
    hostNetwork: 'The pod shares the network of its node.',
    dnsPolicy: 'Which name servers the pod asks.',
    imagePullSecrets: 'Secrets with the credentials of registries.',
    priorityClassName: 'The name of the class that gives the pod its priority.',
    schedulerName: 'The scheduler that places the pod.',
    securityContext: 'Users, groups and kernel settings for all containers.',
    topologySpreadConstraints: 'How pods that are alike spread over zones and nodes.',
  },
  'api.core.v1.Container': {
    '': 'One program of a pod.',
    name: 'Unique in the pod, a DNS label.',
    image: 'The image to run.',
    imagePullPolicy: 'When the image is pulled: Always, IfNotPresent or Never.',
    command: 'Replaces the entry point of the image.',
    args: 'Arguments; replace those of the image.',
    env: 'Environment variables.',
    envFrom: 'ConfigMaps and Secrets whose keys become environment variables.',
    ports: 'Ports that the program listens on; to inform, nothing is opened by them.',
    resources: 'CPU, memory and more: what is requested and what is the limit.',
    volumeMounts: 'Where volumes of the pod appear in the file system.',
    livenessProbe: 'The container is restarted when this fails.',
    readinessProbe: 'The pod gets traffic only while this succeeds.',
    startupProbe: 'The other probes wait for this one to succeed.',
    lifecycle: 'What to do after the start and before the end.',
    securityContext: 'User, capabilities and more, for this container.',
    workingDir: 'Replaces the working directory of the image.',
    stdin: 'Keeps an input open for the program.',
    tty: 'Gives the program a terminal.',
  },
  'api.core.v1.Probe': {
    '': 'A check that the kubelet makes from time to time.',
    httpGet: 'Succeeds when a GET is answered with a code from 200 to 399.',
    tcpSocket: 'Succeeds when a connection can be opened.',
    exec: 'Succeeds when a command in the container ends with 0.',
    grpc: 'Succeeds when a gRPC health check says so.',
    initialDelaySeconds: 'Seconds after the start before the first check.',
    periodSeconds: 'Seconds from check to check.',
    timeoutSeconds: 'Seconds that a check may take.',
    failureThreshold: 'Failures in a row that count as one.',
    successThreshold: 'Successes in a row that end a failure.',
  },
  'api.core.v1.ResourceRequirements': {
    '': 'Compute resources that a container asks for.',
    requests: 'What is reserved on the node.',
    limits: 'What may not be exceeded.',
  },
  'api.core.v1.Service': { '': 'A stable name and address for a set of pods.' },
  'api.core.v1.ServiceSpec': {
    '': 'How a service is reached and what is behind it.',
    selector: 'Labels of the pods behind the service.',
    ports: 'Ports of the service and where they lead.',
    type: 'ClusterIP, NodePort, LoadBalancer or ExternalName.',
    clusterIP: 'The address inside the cluster; None for a headless service.',
    externalName: 'The DNS name that a service of type ExternalName stands for.',
    sessionAffinity: 'ClientIP sends a client always to the same pod.',
  },
  'api.core.v1.ServicePort': {
    '': 'One port of a service.',
    name: 'Needed where there is more than one.',
    port: 'The port that clients use.',
    targetPort: 'The port of the pods, by number or name.',
    nodePort: 'The port on every node, for NodePort and LoadBalancer.',
    protocol: 'TCP, UDP or SCTP.',
  },
  'api.core.v1.ConfigMap': {
    '': 'Configuration as keys and values, for pods to read.',
    data: 'Texts by key.',
    binaryData: 'Bytes by key, in base64.',
    immutable: 'The data can no longer change.',
  },
  'api.core.v1.Secret': {
    '': 'Keys and values that not everybody may see.',
    data: 'Values by key, in base64.',
    stringData: 'Values by key as plain text; written only, moved into data.',
    type: 'Tells programs what to expect in data.',
    immutable: 'The data can no longer change.',
  },
  'api.core.v1.Namespace': {
    '': 'A room for names: objects in different namespaces may be called the same.',
  },
  'api.core.v1.Node': { '': 'A machine that runs pods.' },
  'api.core.v1.NodeSpec': {
    '': 'What is wanted of a node.',
    unschedulable: 'No new pods come here.',
    taints: 'Keep away pods that do not tolerate them.',
    podCIDR: 'The addresses that pods on this node get.',
  },
  'api.core.v1.Event': { '': 'Something that has happened to an object. Kept for a while only.' },
  'api.core.v1.PersistentVolume': { '': 'A piece of storage in the cluster.' },
  'api.core.v1.PersistentVolumeClaim': { '': 'A request for storage, bound to a volume that meets it.' },
  'api.core.v1.PersistentVolumeClaimSpec': {
    '': 'What storage is wanted.',
    accessModes:
      'How the volume may be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.',
    resources: 'How much storage is wanted.',
    storageClassName: 'The class that provides the volume.',
    volumeName: 'The volume that the claim is bound to.',
  },
  'api.core.v1.ServiceAccount': { '': 'Who programs in the cluster act as.' },
  'api.core.v1.ResourceQuota': { '': 'How much all objects of a namespace together may use.' },
  'api.core.v1.LimitRange': { '': 'Limits and defaults for single objects of a namespace.' },
  'api.core.v1.Endpoints': { '': 'Addresses behind a service, in the old form; see EndpointSlice.' },
  'api.apps.v1.Deployment': {
    '': 'Keeps a number of like pods running and replaces them step by step when their template changes.',
  },
  'api.apps.v1.DeploymentSpec': {
    '': 'What a deployment is to keep running.',
    replicas: 'How many pods; 1 where nothing is said.',
    selector: 'Labels of the pods that belong to the deployment; cannot change.',
    template: 'What its pods look like.',
    strategy: 'How old pods are replaced: RollingUpdate or Recreate.',
    minReadySeconds: 'Seconds that a new pod must be ready before it counts.',
    revisionHistoryLimit: 'Old ReplicaSets kept for a rollback; 10 where nothing is said.',
    progressDeadlineSeconds: 'Seconds without progress after which a rollout counts as failed.',
    paused: 'Changes of the template wait.',
  },
  'api.apps.v1.ReplicaSet': { '': 'Keeps a number of like pods running. Mostly made by a Deployment.' },
  'api.apps.v1.StatefulSet': { '': 'Pods with an ordinal, a stable name and storage of their own.' },
  'api.apps.v1.StatefulSetSpec': {
    '': 'What a stateful set is to keep running.',
    replicas: 'How many pods, numbered from 0.',
    serviceName: 'The service that gives the pods their DNS names.',
    volumeClaimTemplates: 'Claims that each pod gets for itself.',
    podManagementPolicy: 'OrderedReady one after the other, Parallel all at once.',
    updateStrategy: 'How changes of the template reach the pods.',
  },
  'api.apps.v1.DaemonSet': { '': 'Runs one pod on every node, or on those that a selector names.' },
  'api.batch.v1.Job': { '': 'Runs pods until enough of them have succeeded.' },
  'api.batch.v1.JobSpec': {
    '': 'What is to be done and how often.',
    completions: 'How many pods must succeed.',
    parallelism: 'How many run at a time.',
    backoffLimit: 'Failures before the job is given up; 6 where nothing is said.',
    template: 'What its pods look like; they restart OnFailure or Never.',
    ttlSecondsAfterFinished: 'Seconds after which a finished job is deleted.',
    suspend: 'No pods run.',
  },
  'api.batch.v1.CronJob': { '': 'Makes jobs on a schedule.' },
  'api.batch.v1.CronJobSpec': {
    '': 'What is to be done and when.',
    schedule: 'When, in the five fields of cron.',
    timeZone: 'The time zone of the schedule.',
    concurrencyPolicy: 'What happens when a job is still running: Allow, Forbid or Replace.',
    jobTemplate: 'What its jobs look like.',
    suspend: 'No more jobs are made.',
  },
  'api.networking.v1.Ingress': { '': 'Leads HTTP from outside to services, by host and path.' },
  'api.networking.v1.NetworkPolicy': { '': 'Which pods may talk to which.' },
  'api.autoscaling.v2.HorizontalPodAutoscaler': { '': 'Changes the number of pods with their load.' },
  'api.policy.v1.PodDisruptionBudget': { '': 'How many pods of a set may be away at a time by intention.' },
  'api.rbac.v1.Role': { '': 'A set of permissions in one namespace.', rules: 'What is permitted.' },
  'api.rbac.v1.ClusterRole': {
    '': 'A set of permissions for the whole cluster or for any namespace.',
    rules: 'What is permitted.',
  },
  'api.rbac.v1.RoleBinding': {
    '': 'Gives a role to people in one namespace.',
    roleRef: 'The role; cannot change.',
    subjects: 'Users, groups and service accounts that have it.',
  },
  'api.rbac.v1.ClusterRoleBinding': {
    '': 'Gives a role to people in the whole cluster.',
    roleRef: 'The role; cannot change.',
    subjects: 'Users, groups and service accounts that have it.',
  },
  'api.storage.v1.StorageClass': { '': 'A kind of storage, and who provides it.' },
  'api.coordination.v1.Lease': {
    '': 'Who holds something, and until when: for leader election and heartbeats.',
  },
  'apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition': {
    '': 'Adds a kind of objects to the API.',
  },
};

const PREFIX = 'io.k8s.';

function entry(type: string): Readonly<Record<string, string>> | undefined {
  const name = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type;
  return Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
}

/** '' where nothing is written. */
export function describeType(type: string): string {
  return entry(type)?.[''] ?? '';
}

export function describeField(type: string, field: string): string {
  return entry(type)?.[field] ?? (Object.hasOwn(COMMON, field) ? COMMON[field]! : '');
}
