import type { KubeObject } from '@krateyard/kube/meta/object';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { formatAge } from '@krateyard/ui/words/age';
import { podStatus } from '../../../contract/columns/pods.ts';
import { textAt } from '../../../contract/columns/read.ts';
import { conditionOf, whyOf } from './conditions.ts';
import { containersOf, type ContainerEnd, type ContainerFacts } from './container-facts.ts';
import type { Verdict } from './verdict.ts';

/** Whether a pod is well, since when, and why not: the scheduler's words, then the containers', then the kubelet's. */
export function podVerdict(pod: LiveObject, nowMs: number): Verdict {
  const { word, text } = podStatus(pod as KubeObject);
  const containers = containersOf(pod);
  const scheduled = conditionOf(pod, 'PodScheduled');
  const ready = conditionOf(pod, 'Ready');
  const reasons = [
    ...(scheduled?.status === 'False' ? whyOf(scheduled) : []),
    ...containers.flatMap((container) => containerReason(container, nowMs)),
    ...(textAt(pod, 'status', 'message') === null ? [] : [textAt(pod, 'status', 'message')!]),
    ...gatesMissing(pod),
  ];
  const well = word === 'Running' || word === 'Stopped';
  return {
    word,
    text: sentence(text, containers),
    since: ready?.since,
    reasons: well ? recentTrouble(containers, nowMs) : reasons,
  };
}

function sentence(text: string, containers: readonly ContainerFacts[]): string {
  const main = containers.filter(({ type }) => type === 'main');
  const ready = main.filter((container) => container.ready).length;
  if (main.length === 0) return text;
  if (text === 'Running') {
    return ready === main.length
      ? `Running; ${main.length === 1 ? 'its container is' : `all ${main.length} containers are`} ready`
      : `Running; ${ready} of ${main.length} containers ready`;
  }
  return text;
}

function containerReason(container: ContainerFacts, nowMs: number): readonly string[] {
  const { name, word, state, message, type } = container;
  if (word === 'Running' || word === 'Stopped' || (word === 'Unknown' && state === '')) return [];
  if (state === 'PodInitializing' || (word === 'Pending' && type === 'init')) return [];
  if (state === 'Running, not ready') {
    return [`Container ${name} runs but is not ready${probeHint(container)}.`];
  }
  const end = container.lastEnd && `; it ${endText(container.lastEnd, nowMs)}`;
  const often = container.restarts > 0 ? ` (restarted ${container.restarts} times)` : '';
  return [`Container ${name}: ${state}${often}${end ?? ''}${message === '' ? '' : ` – ${message}`}`];
}

function probeHint({ probes }: ContainerFacts): string {
  const readiness = probes.find((probe) => probe.startsWith('readiness'));
  return readiness === undefined ? '' : `: its ${readiness.replace(':', ' probe is')}`;
}

/** A pod that runs now but was killed lately is worth a word. */
function recentTrouble(containers: readonly ContainerFacts[], nowMs: number): readonly string[] {
  return containers
    .filter(
      ({ lastEnd, restarts }) => restarts > 0 && lastEnd?.at !== undefined && nowMs - lastEnd.at < HOUR_MS,
    )
    .map(({ name, restarts, lastEnd }) => {
      const times = restarts === 1 ? 'once' : `${restarts} times`;
      return `Container ${name} was restarted ${times}; it last ${endText(lastEnd!, nowMs)}.`;
    });
}

const HOUR_MS = 3_600_000;

/** `ended with exit code 137 (OOMKilled) 30s ago`. */
export function endText({ reason, exitCode, signal, at }: ContainerEnd, nowMs: number): string {
  const how = signal === undefined ? `exit code ${exitCode ?? '?'}` : `signal ${signal}`;
  const why = reason === '' || reason === 'Error' ? '' : ` (${reason})`;
  return `ended with ${how}${why}${at === undefined ? '' : ` ${formatAge(nowMs - at)} ago`}`;
}

function gatesMissing(pod: LiveObject): readonly string[] {
  const gate = conditionOf(pod, 'PodScheduled');
  if (gate?.reason === 'SchedulingGated') return ['It waits until its scheduling gates are taken away.'];
  const containersReady = conditionOf(pod, 'ContainersReady');
  const ready = conditionOf(pod, 'Ready');
  if (containersReady?.status === 'True' && ready?.status === 'False') return whyOf(ready);
  return [];
}
