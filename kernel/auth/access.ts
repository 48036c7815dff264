import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { Principal } from './principal.ts';

export interface AccessQuestion {
  readonly verb:
    | 'get'
    | 'list'
    | 'watch'
    | 'create'
    | 'update'
    | 'patch'
    | 'delete'
    | 'deletecollection'
    | 'impersonate';
  readonly resource: GroupVersionResource;
  readonly subresource?: string;
  /** Absent: all namespaces, or a cluster-scoped resource. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  /** The API server's reason, for the person; '' when it gives none. */
  readonly reason: string;
}

/** Which namespaces' objects a person may see: all (and cluster-scoped ones), or just these. */
export type Scope =
  | { readonly all: true }
  | { readonly all: false; readonly namespaces: ReadonlySet<string> };

/** A scope kept current: re-asked when RBAC objects, namespaces or the clock say so. */
export interface LiveScope extends Disposable {
  current(): Scope;
  /** Called when the scope has changed, within a second of the RBAC change. */
  onChange(listener: (scope: Scope) => void): () => void;
}

/** One answer kept current, as a scope is. */
export interface LiveAnswer extends Disposable {
  current(): AccessAnswer;
  onChange(listener: (answer: AccessAnswer) => void): () => void;
}

/** May they? Answered by the API server (SubjectAccessReview), remembered briefly, forgotten when RBAC objects change. */
export interface AccessReview {
  check(who: Principal, question: AccessQuestion, signal?: AbortSignal): Promise<AccessAnswer>;
  /** Rejects with StatusError Forbidden, worded as the API server words it, unless allowed. */
  require(who: Principal, question: AccessQuestion, signal?: AbortSignal): Promise<void>;
  /** Where `who` may list and watch the resource. With `namespaces` only these are asked. */
  scope(
    who: Principal,
    resource: GroupVersionResource & { namespaced: boolean },
    namespaces?: readonly string[],
    signal?: AbortSignal,
  ): Promise<Scope>;
  liveScope(
    who: Principal,
    resource: GroupVersionResource & { namespaced: boolean },
    namespaces?: readonly string[],
    signal?: AbortSignal,
  ): Promise<LiveScope>;
  liveAnswer(who: Principal, question: AccessQuestion, signal?: AbortSignal): Promise<LiveAnswer>;
}
