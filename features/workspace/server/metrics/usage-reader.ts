import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache, CollectionLease } from '@krateyard/kube/cache/cache';
import { matchesLabels, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { parseKey } from '@krateyard/kube/meta/object-key';
import { fieldsAt } from '../../contract/columns/read.ts';
import type { UsageKind, UsageSample } from '../../contract/usage-api.ts';
import { sumHistories } from './sum-histories.ts';
import { METRICS_GVR, type MeteredKind, type UsageMeter } from '@krateyard/kube/usage/usage-meter';

type WorkloadKind = Exclude<UsageKind, 'pods' | 'nodes' | 'namespaces'>;

const WORKLOADS: Readonly<Record<WorkloadKind, GroupVersionResource>> = {
  deployments: { group: 'apps', version: 'v1', resource: 'deployments' },
  statefulsets: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  daemonsets: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  replicasets: { group: 'apps', version: 'v1', resource: 'replicasets' },
  jobs: { group: 'batch', version: 'v1', resource: 'jobs' },
};
const PODS: GroupVersionResource = { group: '', version: 'v1', resource: 'pods' };

/** Which right on `metrics.k8s.io` shows the usage of a kind. */
export const meteredBy = (kind: UsageKind): MeteredKind => (kind === 'nodes' ? 'nodes' : 'pods');

export interface UsageReaderDeps {
  readonly meter: UsageMeter;
  readonly cache: Cache;
  readonly access: AccessReview;
}

/** The namespace whose pods' usage a key stands for; undefined for nodes. */
export function namespaceOf(kind: UsageKind, key: string): string | undefined {
  if (kind === 'nodes') return undefined;
  return kind === 'namespaces' ? key : parseKey(key).namespace;
}

/** Rejects with the API server's Forbidden unless the person may list what `key` is measured by. */
export async function requireUsage(
  { access }: Pick<UsageReaderDeps, 'access'>,
  who: Principal,
  kind: UsageKind,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const resource = METRICS_GVR[meteredBy(kind)];
  await access.require(
    who,
    { verb: 'list', resource, ...(namespace !== undefined && { namespace }) },
    signal,
  );
}

/** Usage of what was asked for, as long as it is held: the objects that sums are made of are followed meanwhile. */
export class UsageReader implements Disposable {
  readonly #meter: UsageMeter;
  readonly #kind: UsageKind;
  readonly #held: Disposable;
  readonly #leases: readonly CollectionLease[];

  constructor({ meter, cache }: Pick<UsageReaderDeps, 'meter' | 'cache'>, kind: UsageKind) {
    this.#meter = meter;
    this.#kind = kind;
    this.#held = meter.hold();
    this.#leases = kind in WORKLOADS ? [cache.lease(WORKLOADS[kind as WorkloadKind]), cache.lease(PODS)] : [];
  }

  /** Resolves when there is something to read, or has been a look in vain. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#meter.looked(signal);
    await Promise.all(this.#leases.map(({ collection }) => collection.synced(signal)));
  }

  /** Why there is nothing. */
  get dark(): string | undefined {
    return this.#meter.darkness(meteredBy(this.#kind));
  }

  samples(key: string): readonly UsageSample[] {
    if (this.#kind === 'namespaces') return this.#meter.namespaceHistory(key);
    if (this.#kind === 'pods' || this.#kind === 'nodes') return this.#meter.history(this.#kind, key);
    return sumHistories(this.#podsOf(key).map((pod) => this.#meter.history('pods', pod)));
  }

  #podsOf(key: string): readonly string[] {
    const [workloads, pods] = this.#leases;
    const selector = fieldsAt(workloads?.collection.get(key), 'spec', 'selector') as LabelSelector;
    const requirements = requirementsOf(selector);
    if (!pods || !requirements || requirements.length === 0) return [];
    return Array.from(pods.collection.entries(parseKey(key).namespace))
      .filter(([, pod]) => matchesLabels(requirements, pod.metadata.labels))
      .map(([podKey]) => podKey);
  }

  onLook(listener: () => void): () => void {
    return this.#meter.onLook(listener);
  }

  [Symbol.dispose](): void {
    this.#held[Symbol.dispose]();
    for (const lease of this.#leases) lease[Symbol.dispose]();
  }
}
