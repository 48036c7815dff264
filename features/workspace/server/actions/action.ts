import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatKey } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { WorkspaceDeps } from '../deps.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';

export type ActionDeps = Pick<
  WorkspaceDeps,
  'access' | 'actingAs' | 'cache' | 'clock' | 'kinds' | 'tasks'
> & { readonly directory: KindDirectory };

/** One object that something is done to, its kind confirmed by discovery. */
export interface ActionObject {
  readonly kind: ResourceKind;
  /** As the person named it. */
  readonly path: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uid: string | undefined;
}

/** An action on one object, as the person. */
export interface ActionCall extends ActionObject {
  readonly deps: ActionDeps;
  readonly who: Principal;
  /** The API server as the person. */
  readonly client: Client;
  readonly signal: AbortSignal;
}

/** How far what was asked for is, judged by one state of the object. */
export type Verdict =
  | { readonly seen: true; readonly message?: string }
  /** `hopeless`: it will not come by itself; told instead of waiting. */
  | { readonly seen: false; readonly why: string; readonly hopeless?: StatusError };

/** What the watch must show before an action is done. */
export interface Expectation {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly namespace: string | undefined;
  /** States before this one are not judged: the answer to the write tells it. */
  readonly since: string | undefined;
  readonly deadlineMs: number;
  /** `undefined`: there is no such object (any more). */
  readonly judge: (object: KubeObject | undefined) => Verdict;
  /** More on why not yet, out of other objects; asked every few seconds. */
  readonly detail?: (object: KubeObject) => Promise<string | undefined>;
}

/** Something that can be done to objects. */
export interface Action<Body> {
  /** For the task: "Scale web to 3". `what` names the object, or how many. */
  readonly title: (what: string, body: Body) => string;
  /** Throws StatusError where this cannot be done to this kind, or with this body. Asked before anything is. */
  readonly check: (object: ActionObject, body: Body) => void;
  /** Asks the API server; what it resolves to is then waited for. */
  readonly ask: (call: ActionCall, body: Body) => Promise<Expectation>;
  /** Instead of `ask`, for what takes steps of its own; one object at a time. */
  readonly run?: (call: ActionCall, body: Body, report: TaskReport) => Promise<void>;
}

export const FIELD_MANAGER = 'krateyard';

export const keyOfObject = ({ name, namespace }: Pick<ActionObject, 'name' | 'namespace'>): string =>
  formatKey({ name, namespace: namespace ?? '' });

export function cannotBe(kind: Pick<ResourceKind, 'resource'>, done: string): StatusError {
  return new StatusError('MethodNotAllowed', `${kind.resource} cannot be ${done}`);
}

/** Throws MethodNotAllowed unless the kind is one of `group/resource`. */
export function requireOneOf(
  kind: Pick<ResourceKind, 'group' | 'resource'>,
  allowed: ReadonlySet<string>,
  done: string,
): void {
  if (!allowed.has(`${kind.group}/${kind.resource}`)) throw cannotBe(kind, done);
}
