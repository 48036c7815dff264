import type { LiveObject } from '@krateyard/ui/live/live-frames';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Selecting {
  readonly selector?: {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly Requirement[];
  };
}

/** The selector of a workload's pods as text; '' when it has none. ReplicationControllers have plain labels. */
export function podSelector(object: LiveObject): string {
  const { selector } = (object['spec'] ?? {}) as Selecting;
  if (!selector) return '';
  const plain = selector.matchLabels === undefined && selector.matchExpressions === undefined;
  const labels = plain ? (selector as Readonly<Record<string, string>>) : (selector.matchLabels ?? {});
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ...(selector.matchExpressions ?? []).map(requirementText),
  ].join(',');
}

function requirementText({ key, operator, values = [] }: Requirement): string {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}

interface PodStatus {
  readonly phase?: string;
  readonly startTime?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses?: readonly { readonly state?: { readonly running?: object } }[];
}

const statusOfPod = (pod: LiveObject): PodStatus => (pod['status'] ?? {}) as PodStatus;

/** Whether there is a container to run something in. */
export function isRunningPod(pod: LiveObject): boolean {
  const { phase, containerStatuses } = statusOfPod(pod);
  return (
    phase === 'Running' || (containerStatuses?.some(({ state }) => state?.running !== undefined) ?? false)
  );
}

/** The best pod to go into: ready before merely running, none that is being deleted, the oldest of equals. */
export function readyPodOf(pods: readonly LiveObject[]): LiveObject | undefined {
  const rank = (pod: LiveObject): number =>
    statusOfPod(pod).conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ? 0 : 1;
  return pods
    .filter((pod) => isRunningPod(pod) && pod.metadata['deletionTimestamp'] === undefined)
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) || (statusOfPod(a).startTime ?? '').localeCompare(statusOfPod(b).startTime ?? ''),
    )[0];
}
