import { fraction } from './hash.ts';
import type { MetricsSource, PodUsageSample, UsageSample } from './metrics-source.ts';
import { controllerOf, isFinished, isReady } from './pod-state.ts';
import type { Container, NodeObject, Pod } from './pod-types.ts';
import type { Program } from './programs/program.ts';
import { millicores, quantity } from './quantity.ts';
import { RESOURCES } from './resources.ts';
import { timestamp, type World } from './world.ts';

/** metrics-server's resolution. */
const STEP_MS = 15_000;
const NANO = 1_000_000;
/** `LOW-HIGH/PERIODs` on a pod: CPU that comes and goes, shared by the ready pods of its controller. */
const DEMAND = 'sandbox.krateyard.dev/demand';

/** Usage worked out when it is asked for: what the program is said to use, with noise that changes every 15 s. */
export class UsageMeter implements MetricsSource {
  #world: World;
  #chooseProgram: (container: Container) => Program;

  constructor(world: World, chooseProgram: (container: Container) => Program) {
    this.#world = world;
    this.#chooseProgram = chooseProgram;
  }

  node(name: string): UsageSample | undefined {
    const node = this.#world.mirror<NodeObject>(RESOURCES.nodes).get(name);
    if (!node) return undefined;
    const ready = node.status?.conditions?.find((each) => each.type === 'Ready');
    if (ready && ready.status !== 'True') return undefined;
    const system = 0.02 + 0.03 * fraction(`${name}/${this.#step()}`);
    let cpu = system * millicores(node.status?.capacity?.['cpu']) * NANO;
    let memory = (0.06 + system) * quantity(node.status?.capacity?.['memory']);
    for (const pod of this.#world.mirror<Pod>(RESOURCES.pods).all()) {
      if (pod.spec.nodeName !== name) continue;
      for (const each of this.#containers(pod)) {
        cpu += each.cpu;
        memory += each.memory;
      }
    }
    return { cpu: Math.round(cpu), memory: Math.round(memory), ...this.#when(name) };
  }

  pod(namespace: string, name: string): PodUsageSample | undefined {
    const pod = this.#world.mirror<Pod>(RESOURCES.pods).get(`${namespace}/${name}`);
    if (!pod || pod.status?.phase !== 'Running' || isFinished(pod)) return undefined;
    const containers = this.#containers(pod);
    return containers.length === 0 ? undefined : { ...this.#when(`${namespace}/${name}`), containers };
  }

  #containers(pod: Pod): { name: string; cpu: number; memory: number }[] {
    if (pod.status?.phase !== 'Running') return [];
    return pod.spec.containers
      .filter(
        (container) =>
          pod.status?.containerStatuses?.find((each) => each.name === container.name)?.state.running,
      )
      .map((container) => ({ name: container.name, ...this.#usage(pod, container) }));
  }

  #usage(pod: Pod, container: Container): { cpu: number; memory: number } {
    const { load } = this.#chooseProgram(container);
    const { requests, limits } = container.resources ?? {};
    const seed = `${pod.metadata.namespace}/${pod.metadata.name}/${container.name}`;
    const noise = fraction(`${seed}@${this.#step()}`);
    const demanded = this.#demand(pod);
    const own = 0.7 + 0.6 * fraction(seed);
    const cpu = demanded ?? millicores(requests?.['cpu'] ?? '50m') * load.cpu * own * (0.75 + 0.5 * noise);
    const memory = quantity(requests?.['memory'] ?? '64Mi') * load.memory * own * (0.96 + 0.08 * noise);
    return {
      cpu: Math.round(Math.min(cpu, limits?.['cpu'] ? millicores(limits['cpu']) : cpu) * NANO),
      memory: Math.round(Math.min(memory, limits?.['memory'] ? quantity(limits['memory']) * 0.98 : memory)),
    };
  }

  /** This pod's part of what is asked of all pods of its controller, in millicores. */
  #demand(pod: Pod): number | undefined {
    const match = /^(\w+)-(\w+)\/(\d+)s$/.exec(pod.metadata.annotations?.[DEMAND] ?? '');
    const owner = controllerOf(pod);
    if (!match || !owner) return undefined;
    const [low, high] = [millicores(match[1]), millicores(match[2])];
    const turn = (2 * Math.PI * this.#step() * STEP_MS) / (Number(match[3]) * 1000);
    const total = (low + high) / 2 - ((high - low) / 2) * Math.cos(turn);
    const sharers = this.#world.mirror<Pod>(RESOURCES.pods).ownedBy(owner.uid).filter(isReady).length;
    return total / Math.max(1, sharers);
  }

  #step(): number {
    return Math.floor(this.#world.clock.now() / STEP_MS);
  }

  #when(seed: string): { timestamp: string; window: string } {
    return {
      timestamp: timestamp(this.#step() * STEP_MS),
      window: `${(14 + 6 * fraction(`${seed}${this.#step()}w`)).toFixed(3)}s`,
    };
  }
}
