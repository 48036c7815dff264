import type { Client } from '@krateyard/kube/client/client';
import {
  matchesLabels,
  parseLabelSelector,
  requirementsOf,
  type LabelRequirement,
  type LabelSelector,
} from '@krateyard/kube/meta/label-selector';
import type { KubeObject, OwnerReference } from '@krateyard/kube/meta/object';
import { reasonOf, StatusError } from '@krateyard/status/status-error';
import type { DrainPlan, DrainPod } from '../../contract/action-api.ts';
import { at, listAt, numberAt, textAt } from '../../contract/columns/read.ts';
import { SHORT_KINDS } from '../../contract/kind-path.ts';

const NODES = { group: '', version: 'v1', resource: 'nodes' } as const;
const BUDGETS = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' } as const;
const MIRROR = 'kubernetes.io/config.mirror';
/** More pods than a node runs; a node with more is told so. */
const MOST_PODS = 500;

/** What is drained, with what the eviction needs of each pod. */
export interface NodeDrain {
  readonly plan: DrainPlan;
  readonly pods: readonly KubeObject[];
}

/** Reads the node, its pods and all disruption budgets as the person: who may not read them may not drain either. */
export async function readDrain(
  client: Client,
  node: string,
  podSelector: string | undefined,
  signal: AbortSignal,
): Promise<NodeDrain> {
  const chosen = selectorOf(podSelector);
  const fieldSelector = `spec.nodeName=${node}`;
  const [object, pods, budgets] = await Promise.all([
    client.get<KubeObject>(NODES, node, undefined, { signal }),
    client.list<KubeObject>(SHORT_KINDS.pods, {
      fieldSelector,
      limit: MOST_PODS,
      omitManagedFields: true,
      signal,
    }),
    readBudgets(client, signal),
  ]);
  if (pods.metadata.continue) {
    throw new StatusError(
      'BadRequest',
      `node "${node}" runs more than ${MOST_PODS} pods; drain it with kubectl`,
    );
  }
  return {
    plan: {
      node,
      unschedulable: at(object, 'spec', 'unschedulable') === true,
      pods: pods.items.map((pod) => drainPod(pod, budgets.items, chosen)).toSorted(byFate),
      unknown: budgets.unknown,
    },
    pods: pods.items,
  };
}

function selectorOf(podSelector: string | undefined): readonly LabelRequirement[] {
  try {
    return parseLabelSelector(podSelector ?? '');
  } catch (error) {
    throw new StatusError('BadRequest', `podSelector: ${(error as Error).message}`);
  }
}

async function readBudgets(
  client: Client,
  signal: AbortSignal,
): Promise<{ items: readonly KubeObject[]; unknown: string[] }> {
  try {
    const { items } = await client.list<KubeObject>(BUDGETS, { omitManagedFields: true, signal });
    return { items, unknown: [] };
  } catch (error) {
    signal.throwIfAborted();
    const why = reasonOf(error) === 'Forbidden' ? 'you may not list them' : (error as Error).message;
    return { items: [], unknown: [`Disruption budgets: ${why}. The API server enforces them all the same.`] };
  }
}

const FATES = ['lost', 'evict', 'stays'];

const byFate = (a: DrainPod, b: DrainPod): number =>
  FATES.indexOf(a.fate) - FATES.indexOf(b.fate) ||
  `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`);

/** What kubectl drain would make of the pod, with the flags it would ask for. */
export function drainPod(
  pod: KubeObject,
  budgets: readonly KubeObject[],
  chosen: readonly LabelRequirement[] = [],
): DrainPod {
  const { namespace = '', name = '', annotations, deletionTimestamp } = pod.metadata;
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const at = { namespace, name, ...(owner && { owner: `${owner.kind} ${owner.name}` }) };
  const stays = (note: string): DrainPod => ({ ...at, fate: 'stays', notes: [note], needs: [], budgets: [] });
  if (!matchesLabels(chosen, pod.metadata.labels)) return stays('It has not the labels that were chosen');
  if (annotations?.[MIRROR] !== undefined) return stays('Static pod: the node itself runs it');
  if (owner?.kind === 'DaemonSet') return stays('Its DaemonSet runs one on every node');
  const covering = budgets.filter((budget) => covers(budget, pod)).map(budgetOf);
  const finished = FINISHED.has(textAt(pod, 'status', 'phase') ?? '');
  const needs = finished ? [] : needsOf(pod, owner);
  const notes = [
    ...(finished ? ['It has finished'] : []),
    ...(deletionTimestamp === undefined ? [] : ['It is terminating already']),
    ...(needs.includes('unmanaged') ? ['Nothing makes it anew: it is lost'] : []),
    ...emptyDirs(pod).map((volume) => `What is in emptyDir “${volume}” is lost`),
  ];
  const lost = needs.includes('unmanaged') || (finished && !owner);
  return { ...at, fate: lost ? 'lost' : 'evict', notes, needs, budgets: covering };
}

const FINISHED = new Set(['Succeeded', 'Failed']);

function needsOf(pod: KubeObject, owner: OwnerReference | undefined): DrainPod['needs'] {
  return [
    ...(owner ? [] : (['unmanaged'] as const)),
    ...(emptyDirs(pod).length > 0 ? (['emptyDir'] as const) : []),
  ];
}

function emptyDirs(pod: KubeObject): readonly string[] {
  return listAt(pod, 'spec', 'volumes')
    .filter((volume) => at(volume, 'emptyDir') !== undefined)
    .flatMap((volume) => textAt(volume, 'name') ?? []);
}

function covers(budget: KubeObject, pod: KubeObject): boolean {
  if (budget.metadata.namespace !== pod.metadata.namespace) return false;
  const selector = requirementsOf(at(budget, 'spec', 'selector') as LabelSelector | undefined);
  return selector !== undefined && matchesLabels(selector, pod.metadata.labels);
}

function budgetOf(budget: KubeObject): DrainPod['budgets'][number] {
  const healthy = numberAt(budget, 'status', 'currentHealthy') ?? 0;
  const desired = numberAt(budget, 'status', 'desiredHealthy') ?? 0;
  return {
    name: budget.metadata.name ?? '',
    allowed: numberAt(budget, 'status', 'disruptionsAllowed') ?? 0,
    about: `${healthy} ${healthy === 1 ? 'pod is' : 'pods are'} healthy, ${desired} must be`,
  };
}
