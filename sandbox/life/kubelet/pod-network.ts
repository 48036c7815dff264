import type { NodeObject, Pod } from '../pod-types.ts';

/** Hands out the pods' addresses, each node from its podCIDR, in order, the freed ones last. */
export class PodNetwork {
  #nodes = new Map<string, { next: number; taken: Set<number> }>();

  /** Keeps an address that a pod already has. */
  adopt(node: NodeObject, pod: Pod): void {
    const offset = offsetIn(node, pod.status?.podIP);
    if (offset !== undefined) this.#of(node).taken.add(offset);
  }

  allocate(node: NodeObject): string {
    const pool = this.#of(node);
    const size = 2 ** (32 - prefixOf(node));
    for (let tries = 0; tries < size; tries++) {
      const offset = pool.next;
      pool.next = pool.next + 1 >= size - 1 ? 2 : pool.next + 1;
      if (pool.taken.has(offset)) continue;
      pool.taken.add(offset);
      return addressAt(baseOf(node) + offset);
    }
    return addressAt(baseOf(node) + 1);
  }

  release(node: NodeObject, ip: string | undefined): void {
    const offset = offsetIn(node, ip);
    if (offset !== undefined) this.#of(node).taken.delete(offset);
  }

  #of(node: NodeObject): { next: number; taken: Set<number> } {
    const name = node.metadata.name!;
    let pool = this.#nodes.get(name);
    if (!pool) this.#nodes.set(name, (pool = { next: 2, taken: new Set() }));
    return pool;
  }
}

export function nodeAddress(node: NodeObject): string {
  return node.status?.addresses?.find((each) => each.type === 'InternalIP')?.address ?? '172.18.0.2';
}

/** Where a node has no podCIDR, all its pods share one. */
function baseOf(node: NodeObject): number {
  return numberOf((node.spec.podCIDR ?? '10.244.0.0/24').split('/')[0]!);
}

function prefixOf(node: NodeObject): number {
  return Number((node.spec.podCIDR ?? '10.244.0.0/24').split('/')[1] ?? 24);
}

function offsetIn(node: NodeObject, ip: string | undefined): number | undefined {
  if (ip === undefined) return undefined;
  const offset = numberOf(ip) - baseOf(node);
  return offset >= 0 && offset < 2 ** (32 - prefixOf(node)) ? offset : undefined;
}

function numberOf(ip: string): number {
  return ip.split('.').reduce((all, part) => all * 256 + Number(part), 0);
}

function addressAt(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
