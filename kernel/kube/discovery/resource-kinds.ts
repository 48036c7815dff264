import type { GroupVersionResource } from '../meta/group-version.ts';

/** One kind that the API server serves. */
export interface ResourceKind extends GroupVersionResource {
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** `status`, `scale`, `log` … */
  readonly subresources: readonly string[];
}

/** What the cluster serves now. Refreshed when CRDs or APIServices change and at least every ten minutes; a group whose server is down keeps its last known kinds. */
export interface ResourceKinds {
  /** Preferred versions first. */
  all(signal?: AbortSignal): Promise<readonly ResourceKind[]>;
  /** By plural, singular, short name or kind (`po`, `pods`, `Pod`), `plural.group`, or `group/version/plural` (core: `v1/pods`); undefined when there is none. */
  find(name: string, signal?: AbortSignal): Promise<ResourceKind | undefined>;
  /** Forgets what is known; the next call asks again. */
  invalidate(): void;
}
