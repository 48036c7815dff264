import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Column } from '../column.ts';
import type { StatusCell, StatusWord } from '../status-word.ts';
import { at, column, conditionStatus, dateAt, listAt, numberAt, status, textAt } from './read.ts';

const wide = { wide: true };

export const podColumns: readonly Column[] = [
  column('Ready', 'text', readyOf),
  column('Status', 'status', podStatus),
  column('Restarts', 'number', restartsOf),
  column('Last restart', 'date', lastRestartOf, wide),
  column('IP', 'text', (pod) => textAt(pod, 'status', 'podIP'), wide),
  column('Node', 'text', (pod) => textAt(pod, 'spec', 'nodeName')),
  column('Nominated node', 'text', (pod) => textAt(pod, 'status', 'nominatedNodeName'), wide),
  column('Readiness gates', 'text', gatesOf, wide),
];

/** The one word that kubectl prints for a pod, and what it amounts to. Follows kubectl's printer (printPod). */
export function podStatus(pod: KubeObject): StatusCell {
  const text = podReason(pod);
  return status(podWord(pod, text), text);
}

function podReason(pod: KubeObject): string {
  const phase = textAt(pod, 'status', 'phase') ?? 'Unknown';
  const reason = textAt(pod, 'status', 'reason') ?? phase;
  if (at(pod, 'metadata', 'deletionTimestamp') !== undefined) {
    return reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  const gated = conditionReason(pod, 'PodScheduled') === 'SchedulingGated';
  const initial = initReason(pod);
  if (initial !== undefined) return initial;
  const running = runningReason(pod);
  if (running !== undefined) return running;
  return gated ? 'SchedulingGated' : reason;
}

function initReason(pod: KubeObject): string | undefined {
  const statuses = listAt(pod, 'status', 'initContainerStatuses');
  const sidecars = new Set(
    listAt(pod, 'spec', 'initContainers')
      .filter((container) => at(container, 'restartPolicy') === 'Always')
      .map((container) => textAt(container, 'name')),
  );
  for (const [index, entry] of statuses.entries()) {
    const state = containerProblem(entry);
    const exit = numberAt(entry, 'state', 'terminated', 'exitCode');
    const started = sidecars.has(textAt(entry, 'name')) && at(entry, 'started') === true;
    if (exit === 0 || started) continue;
    if (state !== undefined && state !== 'PodInitializing') return `Init:${state}`;
    return `Init:${index}/${statuses.length}`;
  }
  return undefined;
}

function runningReason(pod: KubeObject): string | undefined {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const problem = statuses.map(containerProblem).find((found) => found !== undefined);
  const someRun = statuses.some((entry) => at(entry, 'state', 'running') !== undefined && at(entry, 'ready'));
  if (problem === 'Completed' && someRun) {
    return conditionStatus(pod, 'Ready') === 'True' ? 'Running' : 'NotReady';
  }
  return problem;
}

/** Why a container does not run, in the words of its state; undefined while it runs or nothing is said. */
function containerProblem(entry: unknown): string | undefined {
  const waiting = textAt(entry, 'state', 'waiting', 'reason');
  if (waiting !== null) return waiting;
  const terminated = at(entry, 'state', 'terminated');
  if (terminated === undefined) return undefined;
  const reason = textAt(terminated, 'reason');
  if (reason !== null && reason !== '') return reason;
  const signal = numberAt(terminated, 'signal') ?? 0;
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`;
}

const PENDING = new Set([
  'Pending',
  'ContainerCreating',
  'PodInitializing',
  'Terminating',
  'SchedulingGated',
  'NotReady',
]);

function podWord(pod: KubeObject, text: string): StatusWord {
  if (text === 'Completed' || text === 'Succeeded') return 'Stopped';
  if (text === 'Unknown' || text === 'NodeLost') return 'Unknown';
  if (text === 'Running') return conditionStatus(pod, 'Ready') === 'False' ? 'Pending' : 'Running';
  if (PENDING.has(text) || /^Init:\d/.test(text)) return 'Pending';
  return 'Failed';
}

function readyOf(pod: KubeObject): string {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const total = Math.max(listAt(pod, 'spec', 'containers').length, statuses.length);
  return `${statuses.filter((entry) => at(entry, 'ready') === true).length}/${total}`;
}

function restartsOf(pod: KubeObject): number {
  return listAt(pod, 'status', 'containerStatuses').reduce<number>(
    (sum, entry) => sum + (numberAt(entry, 'restartCount') ?? 0),
    0,
  );
}

function lastRestartOf(pod: KubeObject): number | null {
  const times = listAt(pod, 'status', 'containerStatuses')
    .map((entry) => dateAt(entry, 'lastState', 'terminated', 'finishedAt'))
    .filter((time) => time !== null);
  return times.length === 0 ? null : Math.max(...times);
}

function gatesOf(pod: KubeObject): string | null {
  const gates = listAt(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return null;
  const met = gates.filter((gate) => conditionStatus(pod, textAt(gate, 'conditionType') ?? '') === 'True');
  return `${met.length}/${gates.length}`;
}

function conditionReason(pod: KubeObject, type: string): string | null {
  const found = listAt(pod, 'status', 'conditions').find((condition) => at(condition, 'type') === type);
  return textAt(found, 'reason');
}
