import { formatResource } from '@krateyard/ui/words/resource-amount';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import { at, dateAt, fieldsAt, listAt, numberAt, textAt } from '../../../contract/columns/read.ts';
import { probeText } from './probe-text.ts';

export interface ContainerFacts {
  readonly name: string;
  readonly type: 'main' | 'init' | 'sidecar' | 'ephemeral';
  readonly image: string;
  readonly imageId: string;
  readonly word: StatusWord;
  /** `Running`, `CrashLoopBackOff`, `Completed`. */
  readonly state: string;
  readonly since: number | undefined;
  readonly message: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly lastEnd: ContainerEnd | undefined;
  readonly command: string;
  readonly ports: readonly string[];
  readonly probes: readonly string[];
  /** `cpu 100m – 500m`: requested to limited. */
  readonly resources: readonly string[];
  readonly mounts: readonly MountFacts[];
  readonly environment: readonly EnvironmentFacts[];
}

export interface ContainerEnd {
  /** `OOMKilled`, `Error`. */
  readonly reason: string;
  readonly exitCode: number | undefined;
  readonly signal: number | undefined;
  readonly at: number | undefined;
  readonly message: string;
}

export interface MountFacts {
  readonly path: string;
  readonly volume: string;
  readonly readOnly: boolean;
  readonly subPath: string;
}

export interface EnvironmentFacts {
  readonly name: string;
  /** A plain value; absent where it comes from elsewhere. */
  readonly value?: string;
  readonly from?: {
    readonly type: 'configmap' | 'secret' | 'field';
    readonly name: string;
    readonly key: string;
  };
}

/** Containers in the order in which they run: init, then main, then those for debugging. */
export function containersOf(pod: LiveObject): readonly ContainerFacts[] {
  return [
    ...ofList(pod, 'initContainers', 'initContainerStatuses', (spec) =>
      textAt(spec, 'restartPolicy') === 'Always' ? 'sidecar' : 'init',
    ),
    ...ofList(pod, 'containers', 'containerStatuses', () => 'main'),
    ...ofList(pod, 'ephemeralContainers', 'ephemeralContainerStatuses', () => 'ephemeral'),
  ];
}

/** The containers that a workload's pod template describes; they have no state. */
export function templateContainersOf(template: unknown): readonly ContainerFacts[] {
  return containersOf({ metadata: {}, spec: at(template, 'spec') });
}

/** Its message is left out where a reason above it already ends with it: a sentence on a page is said once. */
export function withoutSaid(container: ContainerFacts, reasons: readonly string[]): ContainerFacts {
  const { message } = container;
  if (message === '' || !reasons.some((reason) => reason.endsWith(message))) return container;
  return { ...container, message: '' };
}

function ofList(
  pod: LiveObject,
  specs: string,
  statuses: string,
  typeOf: (spec: unknown) => ContainerFacts['type'],
): readonly ContainerFacts[] {
  const told = new Map(listAt(pod, 'status', statuses).map((entry) => [textAt(entry, 'name'), entry]));
  return listAt(pod, 'spec', specs).map((spec) =>
    factsOf(spec, told.get(textAt(spec, 'name')), typeOf(spec)),
  );
}

function factsOf(spec: unknown, status: unknown, type: ContainerFacts['type']): ContainerFacts {
  const command = [...listAt(spec, 'command'), ...listAt(spec, 'args')].map(String).join(' ');
  return {
    name: textAt(spec, 'name') ?? '',
    type,
    image: textAt(spec, 'image') ?? '',
    imageId: textAt(status, 'imageID') ?? '',
    ...stateOf(status, type),
    ready: at(status, 'ready') === true,
    restarts: numberAt(status, 'restartCount') ?? 0,
    lastEnd: endOf(at(status, 'lastState', 'terminated')),
    command,
    ports: listAt(spec, 'ports').map(portText),
    probes: (['startup', 'readiness', 'liveness'] as const).flatMap((probe) =>
      probeText(probe, at(spec, `${probe}Probe`)),
    ),
    resources: resourcesOf(spec),
    mounts: listAt(spec, 'volumeMounts').map(mountOf),
    environment: environmentOf(spec),
  };
}

function stateOf(
  status: unknown,
  type: ContainerFacts['type'],
): Pick<ContainerFacts, 'word' | 'state' | 'since' | 'message'> {
  const waiting = at(status, 'state', 'waiting');
  if (waiting !== undefined) {
    const state = textAt(waiting, 'reason') ?? 'Waiting';
    const message = textAt(waiting, 'message') ?? '';
    return { word: CALM_WAITS.has(state) ? 'Pending' : 'Failed', state, since: undefined, message };
  }
  const end = endOf(at(status, 'state', 'terminated'));
  if (end) {
    const well = end.exitCode === 0;
    const state = end.reason || (well ? 'Completed' : `Exit ${end.exitCode ?? '?'}`);
    return { word: well ? 'Stopped' : 'Failed', state, since: end.at, message: end.message };
  }
  const running = at(status, 'state', 'running');
  if (running === undefined) return { word: 'Unknown', state: '', since: undefined, message: '' };
  const ready = at(status, 'ready') === true || type === 'ephemeral' || type === 'init';
  return {
    word: ready ? 'Running' : 'Pending',
    state: ready ? 'Running' : 'Running, not ready',
    since: dateAt(running, 'startedAt') ?? undefined,
    message: '',
  };
}

/** Reasons to wait that pass by themselves. */
const CALM_WAITS = new Set(['ContainerCreating', 'PodInitializing', 'Waiting']);

function endOf(terminated: unknown): ContainerEnd | undefined {
  if (typeof terminated !== 'object' || terminated === null) return undefined;
  const signal = numberAt(terminated, 'signal') ?? 0;
  return {
    reason: textAt(terminated, 'reason') ?? '',
    exitCode: numberAt(terminated, 'exitCode') ?? undefined,
    signal: signal === 0 ? undefined : signal,
    at: dateAt(terminated, 'finishedAt') ?? undefined,
    message: textAt(terminated, 'message') ?? '',
  };
}

function portText(port: unknown): string {
  const name = textAt(port, 'name');
  const protocol = textAt(port, 'protocol') ?? 'TCP';
  const number = `${textAt(port, 'containerPort') ?? '?'}${protocol === 'TCP' ? '' : `/${protocol}`}`;
  return name === null ? number : `${name} ${number}`;
}

function resourcesOf(spec: unknown): readonly string[] {
  const requests = fieldsAt(spec, 'resources', 'requests');
  const limits = fieldsAt(spec, 'resources', 'limits');
  return [...new Set([...Object.keys(requests), ...Object.keys(limits)])].map((name) => {
    const from = formatResource(name, textAt(requests, name) ?? '–');
    const limit = textAt(limits, name);
    if (limit === null) return `${name} ${from}, no limit`;
    const to = formatResource(name, limit);
    return to === from ? `${name} ${from}` : `${name} ${from} to ${to}`;
  });
}

function mountOf(mount: unknown): MountFacts {
  return {
    path: textAt(mount, 'mountPath') ?? '',
    volume: textAt(mount, 'name') ?? '',
    readOnly: at(mount, 'readOnly') === true,
    subPath: textAt(mount, 'subPath') ?? '',
  };
}

function environmentOf(spec: unknown): readonly EnvironmentFacts[] {
  const whole = listAt(spec, 'envFrom').flatMap((entry): EnvironmentFacts[] => {
    const prefix = textAt(entry, 'prefix') ?? '';
    const configMap = textAt(entry, 'configMapRef', 'name');
    if (configMap !== null)
      return [{ name: `${prefix}*`, from: { type: 'configmap', name: configMap, key: '*' } }];
    const secret = textAt(entry, 'secretRef', 'name');
    return secret === null ? [] : [{ name: `${prefix}*`, from: { type: 'secret', name: secret, key: '*' } }];
  });
  return [...whole, ...listAt(spec, 'env').map(variableOf)];
}

function variableOf(entry: unknown): EnvironmentFacts {
  const name = textAt(entry, 'name') ?? '';
  for (const [field, type] of [
    ['configMapKeyRef', 'configmap'],
    ['secretKeyRef', 'secret'],
  ] as const) {
    const reference = at(entry, 'valueFrom', field);
    if (reference === undefined) continue;
    return {
      name,
      from: { type, name: textAt(reference, 'name') ?? '', key: textAt(reference, 'key') ?? '' },
    };
  }
  const field =
    textAt(entry, 'valueFrom', 'fieldRef', 'fieldPath') ??
    textAt(entry, 'valueFrom', 'resourceFieldRef', 'resource');
  if (field !== null) return { name, from: { type: 'field', name: field, key: '' } };
  return { name, value: textAt(entry, 'value') ?? '' };
}
