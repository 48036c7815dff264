import { matchesLabels, type LabelRequirement } from '@krateyard/kube/meta/label-selector';
import type { NodeObject, NodeSelectorTerm, Pod, Taint, Toleration } from '../pod-types.ts';
import { extendedRequests, podRequests } from '../pod-requests.ts';
import { millicores, quantity } from '../quantity.ts';

/** What runs on a node, as the scheduler counts it. */
export interface NodeUsage {
  /** Millicores requested. */
  cpu: number;
  /** Bytes requested. */
  memory: number;
  pods: number;
  hostPorts: ReadonlySet<string>;
  /** Devices and the like, by name. */
  extended: ReadonlyMap<string, number>;
}

export const NO_USAGE: NodeUsage = {
  cpu: 0,
  memory: 0,
  pods: 0,
  hostPorts: new Set(),
  extended: new Map(),
};

/** Why the pod cannot go to the node, in the scheduler's words; empty when it can. The first plugin that refuses has the say. */
export function misfits(pod: Pod, node: NodeObject, usage: NodeUsage): string[] {
  const tolerations = pod.spec.tolerations ?? [];
  if (node.spec.unschedulable && !tolerates(tolerations, UNSCHEDULABLE))
    return ['node(s) were unschedulable'];
  const taint = (node.spec.taints ?? []).find(
    (each) => each.effect !== 'PreferNoSchedule' && !tolerates(tolerations, each),
  );
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`];
  if (!matchesNode(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  if (hostPorts(pod).some((port) => usage.hostPorts.has(port)))
    return ["node(s) didn't have free ports for the requested pod ports"];
  return resourceMisfits(pod, node, usage);
}

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some(
    (each) =>
      (!each.effect || each.effect === taint.effect) &&
      (each.key ? each.key === taint.key : each.operator === 'Exists') &&
      (each.operator === 'Exists' || (each.value ?? '') === (taint.value ?? '')),
  );
}

export function matchesNode(pod: Pod, node: NodeObject): boolean {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return selected && (!required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node)));
}

export function hostPorts(pod: Pod): string[] {
  return pod.spec.containers.flatMap((container) =>
    (container.ports ?? []).flatMap((port) => {
      const host = (port as { hostPort?: number }).hostPort;
      return host ? [`${port.protocol ?? 'TCP'}:${host}`] : [];
    }),
  );
}

function matchesTerm(term: NodeSelectorTerm, node: NodeObject): boolean {
  const expressions = (term.matchExpressions ?? []).map(requirement);
  const fields = (term.matchFields ?? []).map(requirement);
  if (expressions.length + fields.length === 0) return false;
  return (
    matchesLabels(expressions, node.metadata.labels) &&
    matchesLabels(fields, { 'metadata.name': node.metadata.name! })
  );
}

function requirement(term: { key: string; operator: string; values?: string[] }): LabelRequirement {
  return {
    key: term.key,
    operator: term.operator as LabelRequirement['operator'],
    values: term.values ?? [],
  };
}

function resourceMisfits(pod: Pod, node: NodeObject, usage: NodeUsage): string[] {
  const { cpu, memory } = podRequests(pod);
  const allocatable = node.status?.allocatable ?? {};
  const reasons: string[] = [];
  if (usage.pods + 1 > quantity(allocatable['pods'] ?? '110')) reasons.push('Too many pods');
  if (cpu > 0 && usage.cpu + cpu > millicores(allocatable['cpu'])) reasons.push('Insufficient cpu');
  if (memory > 0 && usage.memory + memory > quantity(allocatable['memory']))
    reasons.push('Insufficient memory');
  for (const [name, count] of extendedRequests(pod))
    if ((usage.extended.get(name) ?? 0) + count > quantity(allocatable[name] ?? '0'))
      reasons.push(`Insufficient ${name}`);
  return reasons;
}

const RESOURCE = /^(Insufficient |Too many pods)/;

/** The message of a FailedScheduling event, from each node's reasons. */
export function unschedulableMessage(perNode: readonly (readonly string[])[]): string {
  const nodes = perNode.length;
  if (nodes === 0) return 'no nodes available to schedule pods';
  const preemptible = perNode.filter((reasons) => reasons.some((reason) => RESOURCE.test(reason))).length;
  const preemption = tally([
    ...Array<string>(preemptible).fill('No preemption victims found for incoming pod'),
    ...Array<string>(nodes - preemptible).fill('Preemption is not helpful for scheduling'),
  ]);
  return (
    `0/${nodes} nodes are available: ${tally(perNode.flat())}. no new claims to deallocate, ` +
    `preemption: 0/${nodes} nodes are available: ${preemption}.`
  );
}

function tally(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .toSorted()
    .join(', ');
}
