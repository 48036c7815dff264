/**
 * What Kubernetes fills in for pods and pod templates (`pkg/apis/core/v1/defaults.go`), and for pods also what its default
 * admission plugins add (service account, priority, toleration seconds).
 */
import { ensureObject, fill, objectAt, objectsAt, textAt } from './json-access.ts';
import { isObject, type JsonObject } from './schema-node.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** `latest` may change behind its name, so it is pulled each time. */
export function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  if (image.includes('@')) return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon === -1 || name.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultPodSpec(spec: JsonObject): void {
  fill(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  if (spec['serviceAccountName'] !== undefined || spec['serviceAccount'] !== undefined) {
    spec['serviceAccountName'] ??= spec['serviceAccount'];
    spec['serviceAccount'] = spec['serviceAccountName'];
  }
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    for (const container of objectsAt(spec, list)) defaultContainer(container, spec['hostNetwork'] === true);
  for (const volume of objectsAt(spec, 'volumes')) defaultVolume(volume);
}

/** Of a pod template: `spec.template` of workloads. */
export function defaultTemplate(owner: JsonObject): void {
  const template = ensureObject(owner, 'template');
  ensureObject(template, 'metadata');
  defaultPodSpec(ensureObject(template, 'spec'));
}

export function defaultPod(pod: JsonObject): void {
  const spec = ensureObject(pod, 'spec');
  defaultPodSpec(spec);
  fill(spec, {
    enableServiceLinks: true,
    serviceAccountName: 'default',
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
  });
  spec['serviceAccount'] = spec['serviceAccountName'];
  for (const list of ['containers', 'initContainers'])
    for (const container of objectsAt(spec, list)) requestWhatIsLimited(container);
  tolerateShortOutages(spec);
  fill(ensureObject(pod, 'status'), { phase: 'Pending', qosClass: qosClassOf(spec) });
}

/** Guaranteed: every container's cpu and memory limits equal its requests. BestEffort: nobody asks for anything. */
export function qosClassOf(spec: JsonObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')];
  const wanted = containers.map((container) => {
    const resources = objectAt(container, 'resources');
    return { requests: objectAt(resources, 'requests') ?? {}, limits: objectAt(resources, 'limits') ?? {} };
  });
  const counted = (list: JsonObject): boolean =>
    ['cpu', 'memory'].some((name) => name in list && list[name] !== '0');
  if (!wanted.some(({ requests, limits }) => counted(requests) || counted(limits))) return 'BestEffort';
  const guaranteed = wanted.every(({ requests, limits }) =>
    ['cpu', 'memory'].every((name) => name in limits && (requests[name] ?? limits[name]) === limits[name]),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function defaultContainer(container: JsonObject, hostNetwork: boolean): void {
  fill(container, {
    imagePullPolicy: pullPolicyOf(textAt(container, 'image') ?? ''),
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  for (const port of objectsAt(container, 'ports')) {
    fill(port, { protocol: 'TCP' });
    if (hostNetwork) fill(port, { hostPort: port['containerPort'] });
  }
  for (const name of PROBES) {
    const probe = objectAt(container, name);
    if (probe) defaultProbe(probe);
  }
  const lifecycle = objectAt(container, 'lifecycle');
  for (const hook of ['postStart', 'preStop']) defaultHttpGet(objectAt(lifecycle, hook));
  for (const variable of objectsAt(container, 'env')) defaultFieldRef(objectAt(variable, 'valueFrom'));
}

function defaultProbe(probe: JsonObject): void {
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  defaultHttpGet(probe);
  const grpc = objectAt(probe, 'grpc');
  if (grpc) fill(grpc, { service: '' });
}

function defaultHttpGet(owner: JsonObject | undefined): void {
  const get = objectAt(owner, 'httpGet');
  if (get) fill(get, { path: '/', scheme: 'HTTP' });
}

function defaultFieldRef(owner: JsonObject | undefined): void {
  const reference = objectAt(owner, 'fieldRef');
  if (reference) fill(reference, { apiVersion: 'v1' });
}

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume['emptyDir'] = {};
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const at = objectAt(volume, source);
    if (at) fill(at, { defaultMode: 0o644 });
  }
  const path = objectAt(volume, 'hostPath');
  if (path) fill(path, { type: '' });
  const projections = objectsAt(objectAt(volume, 'projected'), 'sources');
  for (const projection of projections) {
    const token = objectAt(projection, 'serviceAccountToken');
    if (token) fill(token, { expirationSeconds: 3600 });
  }
  for (const downward of [volume, ...projections])
    for (const item of objectsAt(objectAt(downward, 'downwardAPI'), 'items')) defaultFieldRef(item);
  const claim = objectAt(objectAt(objectAt(volume, 'ephemeral'), 'volumeClaimTemplate'), 'spec');
  if (claim) fill(claim, { volumeMode: 'Filesystem' });
}

function requestWhatIsLimited(container: JsonObject): void {
  const resources = objectAt(container, 'resources');
  const limits = objectAt(resources, 'limits');
  if (resources && limits) fill(ensureObject(resources, 'requests'), limits);
}

/** Admission's DefaultTolerationSeconds: a pod outlives five minutes of its node being away. */
function tolerateShortOutages(spec: JsonObject): void {
  const tolerations = Array.isArray(spec['tolerations']) ? (spec['tolerations'] as unknown[]) : [];
  for (const key of TOLERATED) {
    const tolerated = tolerations.some(
      (at) =>
        isObject(at) &&
        (at['key'] === key || at['key'] === undefined) &&
        (at['effect'] ?? 'NoExecute') === 'NoExecute',
    );
    if (!tolerated)
      tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec['tolerations'] = tolerations;
}
