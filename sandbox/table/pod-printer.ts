import type { KubeObject } from '@krateyard/kube/meta/object';

import { objectAt, objectsAt, textAt } from '../schema/json-access.ts';
import type { JsonObject } from '../schema/schema-node.ts';
import {
  ageOf,
  columnsOf,
  countAt,
  nameOf,
  since,
  specOf,
  statusOf,
  textOr,
  type Printer,
} from './printer.ts';

interface Summary {
  reason: string;
  ready: number;
  restarts: number;
  /** When a container that restarted last ended, as RFC 3339; '' where none did. */
  lastRestart: string;
}

/** READY, STATUS and RESTARTS as kubectl shows them: the most telling reason of any container wins over the phase. */
export const podPrinter: Printer = {
  columns: columnsOf(
    'Name',
    'Ready',
    'Status',
    'Restarts',
    'Age',
    '+IP',
    '+Node',
    '+Nominated Node',
    '+Readiness Gates',
  ),
  cells: (pod, nowMs) => {
    const [spec, status] = [specOf(pod), statusOf(pod)];
    const { reason, ready, restarts, lastRestart } = summarize(pod, spec, status);
    const sidecars = objectsAt(spec, 'initContainers').filter(isSidecar).length;
    const total = objectsAt(spec, 'containers').length + sidecars;
    return [
      nameOf(pod),
      `${ready}/${total}`,
      reason,
      restarts > 0 && lastRestart !== '' ? `${restarts} (${since(lastRestart, nowMs)} ago)` : `${restarts}`,
      ageOf(pod, nowMs),
      textOr(objectsAt(status, 'podIPs')[0], 'ip', textOr(status, 'podIP', '<none>')),
      textOr(spec, 'nodeName', '<none>'),
      textOr(status, 'nominatedNodeName', '<none>'),
      readinessGates(spec, status),
    ];
  },
};

const isSidecar = (container: JsonObject | undefined): boolean => container?.['restartPolicy'] === 'Always';

function summarize(pod: KubeObject, spec: JsonObject, status: JsonObject): Summary {
  const summary = ofPhase(status);
  const { initializing, sidecars } = ofInitContainers(spec, status, summary);
  if (!initializing || hasCondition(status, 'Initialized')) {
    summary.restarts = sidecars.restarts;
    summary.lastRestart = sidecars.lastRestart;
    ofContainers(status, summary);
  }
  const phase = status['phase'];
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status['reason'] === 'NodeLost') summary.reason = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') summary.reason = 'Terminating';
  }
  return summary;
}

function ofPhase(status: JsonObject): Summary {
  const gated = objectsAt(status, 'conditions').some(
    (condition) => condition['type'] === 'PodScheduled' && condition['reason'] === 'SchedulingGated',
  );
  const reason = gated ? 'SchedulingGated' : textOr(status, 'reason', textOr(status, 'phase', ''));
  return { reason, ready: 0, restarts: 0, lastRestart: '' };
}

function countRestarts(container: JsonObject, into: { restarts: number; lastRestart: string }): void {
  into.restarts += countAt(container, 'restartCount');
  const last = textAt(objectAt(objectAt(container, 'lastState'), 'terminated'), 'finishedAt') ?? '';
  if (last > into.lastRestart) into.lastRestart = last;
}

function ofInitContainers(
  spec: JsonObject,
  status: JsonObject,
  summary: Summary,
): { initializing: boolean; sidecars: { restarts: number; lastRestart: string } } {
  const sidecars = { restarts: 0, lastRestart: '' };
  const declared = objectsAt(spec, 'initContainers');
  for (const [index, container] of objectsAt(status, 'initContainerStatuses').entries()) {
    countRestarts(container, summary);
    const sidecar = isSidecar(declared.find((at) => at['name'] === container['name']));
    if (sidecar) countRestarts(container, sidecars);
    const { terminated } = stateOf(container);
    if (terminated && terminated['exitCode'] === 0) continue;
    if (sidecar && container['started'] === true) {
      if (container['ready'] === true) summary.ready += 1;
      continue;
    }
    summary.reason = initReason(container, index, declared.length);
    return { initializing: true, sidecars };
  }
  return { initializing: false, sidecars };
}

function initReason(container: JsonObject, index: number, total: number): string {
  const { terminated, waiting } = stateOf(container);
  if (terminated) return `Init:${endReason(terminated)}`;
  const reason = textAt(waiting, 'reason') ?? '';
  return reason !== '' && reason !== 'PodInitializing' ? `Init:${reason}` : `Init:${index}/${total}`;
}

function ofContainers(status: JsonObject, summary: Summary): void {
  let running = false;
  for (const container of objectsAt(status, 'containerStatuses').toReversed()) {
    countRestarts(container, summary);
    const { terminated, waiting, running: runs } = stateOf(container);
    if (waiting && textAt(waiting, 'reason')) summary.reason = textAt(waiting, 'reason')!;
    else if (terminated) summary.reason = endReason(terminated);
    else if (container['ready'] === true && runs) {
      running = true;
      summary.ready += 1;
    }
  }
  if (summary.reason === 'Completed' && running)
    summary.reason = hasCondition(status, 'Ready') ? 'Running' : 'NotReady';
}

function endReason(terminated: JsonObject): string {
  const reason = textAt(terminated, 'reason');
  if (reason) return reason;
  const signal = countAt(terminated, 'signal');
  return signal === 0 ? `ExitCode:${countAt(terminated, 'exitCode')}` : `Signal:${signal}`;
}

function stateOf(
  container: JsonObject,
): Record<'waiting' | 'running' | 'terminated', JsonObject | undefined> {
  const state = objectAt(container, 'state');
  return {
    waiting: objectAt(state, 'waiting'),
    running: objectAt(state, 'running'),
    terminated: objectAt(state, 'terminated'),
  };
}

function hasCondition(status: JsonObject, type: string): boolean {
  return objectsAt(status, 'conditions').some((at) => at['type'] === type && at['status'] === 'True');
}

function readinessGates(spec: JsonObject, status: JsonObject): string {
  const gates = objectsAt(spec, 'readinessGates');
  if (gates.length === 0) return '<none>';
  const open = gates.filter((gate) => hasCondition(status, String(gate['conditionType']))).length;
  return `${open}/${gates.length}`;
}
