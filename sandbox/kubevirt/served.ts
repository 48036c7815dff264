import { formatGvr, type GroupVersionResource } from '@krateyard/kube/meta/group-version';

/** Which kinds the cluster serves by now; those that come later are told. */
export class Served {
  readonly #known = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  has(gvr: GroupVersionResource): boolean {
    return this.#known.has(formatGvr(gvr));
  }

  /** Calls once: now, or when it comes. */
  whenServed(gvr: GroupVersionResource, then: () => void): void {
    const id = formatGvr(gvr);
    if (this.#known.has(id)) then();
    else this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), then]);
  }

  add(gvr: GroupVersionResource): void {
    const id = formatGvr(gvr);
    this.#known.add(id);
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const then of waiting) then();
  }
}
