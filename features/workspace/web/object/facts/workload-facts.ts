import type { KubeObject } from '@krateyard/kube/meta/object';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { columnsOf } from '../../../contract/columns.ts';
import { at, listAt, numberAt, textAt } from '../../../contract/columns/read.ts';
import { conditionOf, whyOf } from './conditions.ts';
import type { Verdict } from './verdict.ts';

export interface Rollout {
  readonly desired: number;
  readonly current: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** The controller has not looked at the latest spec yet. */
  readonly behind: boolean;
}

/** Numbers of a Deployment, StatefulSet, DaemonSet or ReplicaSet under the same names. */
export function rolloutOf(object: LiveObject): Rollout {
  const count = (...path: readonly string[]): number => numberAt(object, 'status', ...path) ?? 0;
  const observed = numberAt(object, 'status', 'observedGeneration');
  const generation = numberAt(object, 'metadata', 'generation');
  const behind = observed !== null && generation !== null && observed < generation;
  if (at(object, 'status', 'desiredNumberScheduled') !== undefined) {
    return {
      desired: count('desiredNumberScheduled'),
      current: count('currentNumberScheduled'),
      updated: count('updatedNumberScheduled'),
      ready: count('numberReady'),
      available: count('numberAvailable'),
      behind,
    };
  }
  const hasUpdated = at(object, 'status', 'updatedReplicas') !== undefined;
  return {
    desired: numberAt(object, 'spec', 'replicas') ?? 1,
    current: count('replicas'),
    updated: hasUpdated ? count('updatedReplicas') : object.kind === 'ReplicaSet' ? count('replicas') : 0,
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
    behind,
  };
}

export function workloadVerdict(object: LiveObject, kind: { group: string; resource: string }): Verdict {
  const rollout = rolloutOf(object);
  const cell = columnsOf({ ...kind, namespaced: true })
    .find(({ type }) => type === 'status')
    ?.value(object as KubeObject);
  const status = typeof cell === 'object' && cell !== null ? cell : { word: 'Unknown' as const, text: '' };
  const progressing = conditionOf(object, 'Progressing');
  const reasons = [
    ...(rollout.behind ? ['The controller has not looked at the last change yet.'] : []),
    ...(at(object, 'spec', 'paused') === true
      ? ['The rollout is paused: changes of the template wait until it is resumed.']
      : []),
    ...(progressing?.status === 'False' ? whyOf(progressing) : []),
    ...whyOf(failing(object, 'ReplicaFailure', 'True')),
    ...whyOf(failing(object, 'Available', 'False')),
    ...missing(rollout),
  ];
  const well = status.word === 'Running' || status.word === 'Stopped';
  return {
    word: status.word,
    text: sentence(rollout, status.text),
    since: (well ? conditionOf(object, 'Available') : (progressing ?? conditionOf(object, 'Available')))
      ?.since,
    reasons: well && !rollout.behind ? [] : reasons,
  };
}

function failing(object: LiveObject, type: string, status: string): ReturnType<typeof conditionOf> {
  const found = conditionOf(object, type);
  return found?.status === status ? found : undefined;
}

function sentence({ desired, ready, updated }: Rollout, text: string): string {
  if (desired === 0) return 'Scaled to 0: nothing runs.';
  const all =
    ready >= desired ? `All ${desired} replicas are ready` : `${ready} of ${desired} replicas are ready`;
  const one =
    desired === 1 ? (ready >= 1 ? 'Its one replica is ready' : 'Its one replica is not ready') : all;
  const old =
    updated > 0 && updated < desired ? `; ${desired - updated} still as before the last change` : '';
  return `${text === '' || text === 'Ready' || text === 'Partly ready' || text === 'Not ready' ? '' : `${text}: `}${one}${old}.`;
}

function missing({ desired, current, ready }: Rollout): readonly string[] {
  if (current < desired) return [`${desired - current} of ${desired} pods are not there yet.`];
  return ready < desired ? [`${desired - ready} pods are there but not ready.`] : [];
}

/** `RollingUpdate, at most 25% away, 25% more`. */
export function strategyText(object: LiveObject): string {
  const strategy = at(object, 'spec', 'strategy') ?? at(object, 'spec', 'updateStrategy');
  const type = textAt(strategy, 'type');
  if (type === null) return '';
  const away = textAt(strategy, 'rollingUpdate', 'maxUnavailable');
  const more = textAt(strategy, 'rollingUpdate', 'maxSurge');
  const from = textAt(strategy, 'rollingUpdate', 'partition');
  const parts = [
    type,
    away === null ? '' : `at most ${away} away`,
    more === null || more === '0' ? '' : `${more} more`,
    from === null || from === '0' ? '' : `from ordinal ${from} on`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** A label selector as text for a query: what `kubectl -l` takes. Undefined: it selects nothing that can be asked for. */
export function selectorText(selector: unknown): string | undefined {
  const labels = Object.entries((at(selector, 'matchLabels') ?? {}) as Record<string, unknown>).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const terms = listAt(selector, 'matchExpressions').map((term) => {
    const key = textAt(term, 'key') ?? '';
    const values = listAt(term, 'values').map(String).join(',');
    switch (textAt(term, 'operator')) {
      case 'In':
        return `${key} in (${values})`;
      case 'NotIn':
        return `${key} notin (${values})`;
      case 'Exists':
        return key;
      case null:
      default:
        return `!${key}`;
    }
  });
  const all = [...labels, ...terms];
  return all.length === 0 ? undefined : all.join(',');
}
