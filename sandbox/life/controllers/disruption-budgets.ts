import { matchesLabels, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { objectKey, type ControllerContext } from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { controllerOf, isActive, isReady, scaled, withCondition } from '../pod-state.ts';
import type { Condition, Pod } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';
import type { ReplicaSet, StatefulSet } from '../workload-types.ts';

interface Budget extends KubeObject {
  spec: { selector?: LabelSelector; minAvailable?: number | string; maxUnavailable?: number | string };
  status?: { conditions?: Condition[]; [field: string]: unknown };
}

/** Keeps the status of PodDisruptionBudgets, by which evictions are allowed. */
export function addDisruptionController(context: ControllerContext): void {
  const { world, loop } = context;
  const budgets = world.mirror<Budget>(RESOURCES.podDisruptionBudgets);
  const enqueue = loop.register('disruption-budgets', async (key) => {
    const budget = budgets.get(key);
    if (budget) await reconcile(context, budget);
  });
  budgets.onChange((budget) => enqueue(objectKey(budget)));
  world.mirror<Pod>(RESOURCES.pods).onChange((pod) => {
    for (const budget of budgets.inNamespace(pod.metadata.namespace!))
      if (selects(budget, pod)) enqueue(objectKey(budget));
  });
}

function selects(budget: Budget, pod: Pod): boolean {
  const requirements = requirementsOf(budget.spec.selector);
  return requirements !== undefined && matchesLabels(requirements, pod.metadata.labels);
}

async function reconcile(context: ControllerContext, budget: Budget): Promise<void> {
  const { world } = context;
  const pods = Array.from(world.mirror<Pod>(RESOURCES.pods).inNamespace(budget.metadata.namespace!)).filter(
    (pod) => selects(budget, pod) && isActive(pod),
  );
  const expected = expectedPods(context, budget, pods);
  const healthy = pods.filter(isReady).length;
  const { minAvailable, maxUnavailable } = budget.spec;
  const desired =
    maxUnavailable === undefined
      ? scaled(minAvailable ?? 1, expected, true)
      : expected - scaled(maxUnavailable, expected, true);
  const allowed = expected === 0 ? 0 : Math.max(0, healthy - Math.max(0, desired));
  const generation = budget.metadata.generation ?? 1;
  const allowing: Condition = {
    type: 'DisruptionAllowed',
    status: allowed > 0 ? 'True' : 'False',
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration: generation,
  };
  const status = {
    currentHealthy: healthy,
    desiredHealthy: Math.max(0, desired),
    disruptionsAllowed: allowed,
    expectedPods: expected,
    observedGeneration: generation,
    conditions: withCondition(budget.status?.conditions, allowing, world.time()),
  };
  const old = Object.fromEntries(Object.keys(status).map((field) => [field, budget.status?.[field]]));
  if (canonical(old) !== canonical(status))
    await world.patchStatus(RESOURCES.podDisruptionBudgets, budget, status);
}

/** With a percentage or a maximum, what the pods' controllers ask for; else the pods there are. */
function expectedPods(context: ControllerContext, budget: Budget, pods: readonly Pod[]): number {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (maxUnavailable === undefined && typeof minAvailable !== 'string') return pods.length;
  const { world } = context;
  const owners = new Map(pods.flatMap((pod) => controllerOf(pod) ?? []).map((owner) => [owner.uid, owner]));
  let total = 0;
  for (const owner of owners.values()) {
    const key = `${budget.metadata.namespace}/${owner.name}`;
    const found =
      owner.kind === 'ReplicaSet'
        ? world.mirror<ReplicaSet>(RESOURCES.replicaSets).get(key)
        : world.mirror<StatefulSet>(RESOURCES.statefulSets).get(key);
    total += found?.spec.replicas ?? 1;
  }
  return Math.max(total, owners.size === 0 ? pods.length : 0);
}
