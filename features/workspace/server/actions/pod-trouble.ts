import type { Principal } from '@krateyard/auth/principal';
import { matchesLabels, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { podStatus } from '../../contract/columns/pods.ts';
import { at, conditionStatus, listAt, textAt } from '../../contract/columns/read.ts';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { ActionDeps } from './action.ts';

/** Pods that are named; of more the number is told. */
const MOST_NAMED = 3;
const MOST_WORDS = 240;

/** Which pods of a workload are not ready, and why; undefined when all are, or when the person may not list pods there. */
export async function podTrouble(
  { access, cache }: Pick<ActionDeps, 'access' | 'cache'>,
  who: Principal,
  workload: KubeObject,
): Promise<string | undefined> {
  const { namespace } = workload.metadata;
  const selector = requirementsOf(at(workload, 'spec', 'selector') as LabelSelector | undefined);
  if (namespace === undefined || !selector) return undefined;
  const may = await access.check(who, { verb: 'list', resource: SHORT_KINDS.pods, namespace });
  if (!may.allowed) return undefined;
  using lease = cache.lease(SHORT_KINDS.pods);
  const pods = Array.from(lease.collection.entries(namespace), ([, pod]) => pod);
  return troubleOf(pods.filter((pod) => matchesLabels(selector, pod.metadata.labels)));
}

/** The same for pods that are known; newest first, as these are what a rollout waits for. */
export function troubleOf(pods: readonly KubeObject[]): string | undefined {
  const waiting = pods
    .filter((pod) => conditionStatus(pod, 'Ready') !== 'True')
    .toSorted((a, b) => made(b).localeCompare(made(a)));
  if (waiting.length === 0) return undefined;
  const named = waiting.slice(0, MOST_NAMED).map((pod) => `${pod.metadata.name}: ${reasonOf(pod)}`);
  const more = waiting.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

const made = (pod: KubeObject): string => pod.metadata.creationTimestamp ?? '';

function reasonOf(pod: KubeObject): string {
  const { text } = podStatus(pod);
  const words = unschedulable(pod) ?? containerMessage(pod);
  const reason = text === 'Running' ? 'not ready' : text;
  return words === undefined ? reason : `${reason} (${words.slice(0, MOST_WORDS)})`;
}

function unschedulable(pod: KubeObject): string | undefined {
  const condition = listAt(pod, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'PodScheduled' && textAt(one, 'status') === 'False',
  );
  return textAt(condition, 'message') ?? undefined;
}

function containerMessage(pod: KubeObject): string | undefined {
  const all = [
    ...listAt(pod, 'status', 'initContainerStatuses'),
    ...listAt(pod, 'status', 'containerStatuses'),
  ];
  for (const container of all) {
    const message =
      textAt(container, 'state', 'waiting', 'message') ?? textAt(container, 'state', 'terminated', 'message');
    if (message !== null && message !== '') return message;
  }
  return undefined;
}
