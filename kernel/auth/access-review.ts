import type { Cache } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { isForbidden } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { noMetrics, type Metrics } from '@krateyard/telemetry/metrics';
import type { AccessAnswer, AccessQuestion, AccessReview, LiveAnswer, LiveScope, Scope } from './access.ts';
import { AccessAnswers } from './access-answers.ts';
import { forbidden } from './forbidden.ts';
import { LiveLooks } from './live-looks.ts';
import type { Principal } from './principal.ts';
import { NAMESPACES, watchRbac, type AccessChange, type RbacWatch } from './rbac-changes.ts';
import { reviewAccess } from './subject-access-review.ts';
import { untilAborted } from './until-aborted.ts';

type ScopedResource = GroupVersionResource & { namespaced: boolean };

export interface AccessReviewOptions {
  /** The gateway's own client. */
  readonly client: Client;
  /** The gateway's own cache: RBAC objects and namespaces are watched through it from the first question on. */
  readonly cache: Cache;
  /** Namespaces to ask about while the gateway may not list those of the cluster. */
  readonly namespaces?: () => readonly string[];
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  readonly maxAnswers?: number;
  /** Questions on their way to the API server at once. */
  readonly maxConcurrent?: number;
  readonly timeoutMs?: number;
}

/** How long the first question waits for the list of namespaces to come by watch before it asks for it itself. */
const NAMESPACES_WAIT_MS = 3_000;

/** Access review as the contract says, for one cluster. `Symbol.dispose` ends its watches and every live scope. */
export class ClusterAccessReview implements AccessReview, Disposable {
  readonly #options: AccessReviewOptions;
  readonly #timeoutMs: number;
  readonly #answers: AccessAnswers;
  readonly #liveLooks: LiveLooks;
  #watch: RbacWatch | undefined;

  constructor(options: AccessReviewOptions) {
    const clock = options.clock ?? systemClock;
    const metrics = options.metrics ?? noMetrics;
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#answers = new AccessAnswers({
      ask: (who, question) =>
        reviewAccess(options.client, who, question, AbortSignal.timeout(this.#timeoutMs)),
      clock,
      metrics,
      maxEntries: options.maxAnswers ?? 20_000,
      maxConcurrent: options.maxConcurrent ?? 16,
      live: () => this.#watch?.live() ?? false,
    });
    this.#liveLooks = new LiveLooks({ clock, metrics, live: () => this.#watch?.live() ?? false });
  }

  check(who: Principal, question: AccessQuestion, signal?: AbortSignal): Promise<AccessAnswer> {
    this.#rbac();
    return untilAborted(this.#answers.get(who, question), signal);
  }

  async require(who: Principal, question: AccessQuestion, signal?: AbortSignal): Promise<void> {
    const answer = await this.check(who, question, signal);
    if (!answer.allowed) throw forbidden(who, question, answer);
  }

  scope(
    who: Principal,
    resource: ScopedResource,
    namespaces?: readonly string[],
    signal?: AbortSignal,
  ): Promise<Scope> {
    return untilAborted(this.#scope(who, resource, namespaces), signal);
  }

  liveScope(
    who: Principal,
    resource: ScopedResource,
    namespaces?: readonly string[],
    signal?: AbortSignal,
  ): Promise<LiveScope> {
    const look = {
      ask: () => this.#scope(who, resource, namespaces),
      concerns: (change: AccessChange, scope: Scope) =>
        change.affects(who) && isWithin(change, resource, namespaces, scope),
      same: sameScope,
    };
    return untilAborted(this.#liveLooks.open(look, signal), signal);
  }

  liveAnswer(who: Principal, question: AccessQuestion, signal?: AbortSignal): Promise<LiveAnswer> {
    const { namespace } = question;
    const look = {
      ask: () => this.check(who, question),
      concerns: (change: AccessChange) =>
        change.affects(who) &&
        (change.namespaces === undefined || (namespace !== undefined && change.namespaces.has(namespace))),
      same: (one: AccessAnswer, other: AccessAnswer) => one.allowed === other.allowed,
    };
    return untilAborted(this.#liveLooks.open(look, signal), signal);
  }

  [Symbol.dispose](): void {
    this.#liveLooks.close();
    this.#watch?.[Symbol.dispose]();
    this.#watch = undefined;
    this.#answers.clear();
  }

  /** Watching starts with the first question: a gateway that nobody uses costs nothing. */
  #rbac(): RbacWatch {
    this.#watch ??= watchRbac(this.#options.cache, (change) => this.#changed(change));
    return this.#watch;
  }

  #changed(change: AccessChange): void {
    this.#answers.forget(change);
    this.#liveLooks.changed(change);
  }

  async #scope(
    who: Principal,
    resource: ScopedResource,
    namespaces: readonly string[] | undefined,
  ): Promise<Scope> {
    this.#rbac();
    // Up to two namespaces cost no more questions than everywhere.
    const everywhere = (namespaces?.length ?? Infinity) > 2 && (await this.#mayFollow(who, resource));
    if (!resource.namespaced) {
      const all = everywhere || (await this.#mayFollow(who, resource));
      return all ? { all: true } : { all: false, namespaces: new Set() };
    }
    if (namespaces) {
      const allowed = everywhere ? namespaces : await this.#allowedOf(who, resource, namespaces);
      return { all: false, namespaces: new Set(allowed) };
    }
    if (everywhere) return { all: true };
    return {
      all: false,
      namespaces: new Set(await this.#allowedOf(who, resource, await this.#namespaces())),
    };
  }

  async #allowedOf(
    who: Principal,
    resource: ScopedResource,
    candidates: readonly string[],
  ): Promise<string[]> {
    const verdicts = await Promise.all(
      candidates.map((namespace) => this.#mayFollow(who, resource, namespace)),
    );
    return candidates.filter((_, index) => verdicts[index]);
  }

  /** To see a collection live takes both. */
  async #mayFollow(who: Principal, resource: ScopedResource, namespace?: string): Promise<boolean> {
    // One after the other: most people may see little of a large cluster, and the first refusal settles it.
    const list = await this.#answers.get(who, { verb: 'list', resource, namespace });
    return list.allowed && (await this.#answers.get(who, { verb: 'watch', resource, namespace })).allowed;
  }

  async #namespaces(): Promise<readonly string[]> {
    const watch = this.#rbac();
    const known = watch.namespaces() ?? (await this.#awaited(watch));
    if (known) return [...known];
    try {
      const list = await this.#options.client.list(NAMESPACES, {
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return list.items.map(({ metadata }) => metadata.name ?? '');
    } catch (error) {
      const told = this.#options.namespaces?.() ?? [];
      if (isForbidden(error) && told.length > 0) return told;
      throw error;
    }
  }

  async #awaited(watch: RbacWatch): Promise<ReadonlySet<string> | undefined> {
    await watch.ready(AbortSignal.timeout(NAMESPACES_WAIT_MS)).catch(() => {
      // Then it is asked for below, and the failure told from there.
    });
    return watch.namespaces();
  }
}

/** A change of roles or bindings of one namespace says nothing about another, nor about who may see all. */
function isWithin(
  change: AccessChange,
  resource: ScopedResource,
  namespaces: readonly string[] | undefined,
  scope: Scope,
): boolean {
  if (change.namespaces === undefined) return true;
  if (!resource.namespaced || (namespaces === undefined && scope.all)) return false;
  return !namespaces || namespaces.some((namespace) => change.namespaces?.has(namespace));
}

function sameScope(one: Scope, other: Scope): boolean {
  if (one.all || other.all) return one.all === other.all;
  return one.namespaces.size === other.namespaces.size && one.namespaces.isSubsetOf(other.namespaces);
}
