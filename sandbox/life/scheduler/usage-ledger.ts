import { controllerOf, isFinished } from '../pod-state.ts';
import { extendedRequests, podRequests } from '../pod-requests.ts';
import type { Pod } from '../pod-types.ts';
import { hostPorts, type NodeUsage } from './node-fit.ts';

interface Entry extends NodeUsage {
  hostPorts: Set<string>;
  readonly extended: Map<string, number>;
  readonly byOwner: Map<string, number>;
}

/** What every node has promised, kept by the changes of pods instead of added up each time. */
export class UsageLedger {
  #nodes = new Map<string, Entry>();

  of(node: string): NodeUsage | undefined {
    return this.#nodes.get(node);
  }

  /** How many pods of one controller are on the node. */
  siblings(node: string, ownerUid: string): number {
    return this.#nodes.get(node)?.byOwner.get(ownerUid) ?? 0;
  }

  change(pod: Pod, old: Pod | undefined, gone: boolean): void {
    const before = old ? counted(old) : undefined;
    const after = gone ? undefined : counted(pod);
    if (before === after) return;
    if (before !== undefined) this.#add(before, old!, -1);
    if (after !== undefined) this.#add(after, pod, 1);
  }

  #add(node: string, pod: Pod, sign: 1 | -1): void {
    let entry = this.#nodes.get(node);
    if (!entry) {
      entry = {
        cpu: 0,
        memory: 0,
        pods: 0,
        hostPorts: new Set(),
        extended: new Map(),
        byOwner: new Map(),
      };
      this.#nodes.set(node, entry);
    }
    const { cpu, memory } = podRequests(pod);
    entry.cpu += sign * cpu;
    entry.memory += sign * memory;
    entry.pods += sign;
    for (const [name, count] of extendedRequests(pod))
      entry.extended.set(name, (entry.extended.get(name) ?? 0) + sign * count);
    for (const port of hostPorts(pod)) {
      if (sign === 1) entry.hostPorts.add(port);
      else entry.hostPorts.delete(port);
    }
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) return;
    const left = (entry.byOwner.get(owner) ?? 0) + sign;
    if (left > 0) entry.byOwner.set(owner, left);
    else entry.byOwner.delete(owner);
  }
}

function counted(pod: Pod): string | undefined {
  return isFinished(pod) ? undefined : pod.spec.nodeName;
}
