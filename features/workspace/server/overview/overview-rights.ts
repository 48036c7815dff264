import type { AccessReview, LiveScope, Scope } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import { METRICS_GVR } from '@krateyard/kube/usage/usage-meter';
import { OVERVIEW_KINDS, overviewKind } from './overview-kinds.ts';
import type { KindScope, OverviewScopes } from './overview-scopes.ts';

type Watched = keyof OverviewScopes;
type Asked = Parameters<AccessReview['liveScope']>[1];

const ASKED: readonly { readonly name: Watched; readonly resource: Asked }[] = [
  ...OVERVIEW_KINDS.map(({ name, gvr, namespaced }) => ({ name, resource: { ...gvr, namespaced } })),
  { name: 'podUsage', resource: { ...METRICS_GVR.pods, namespaced: true } },
  { name: 'nodeUsage', resource: { ...METRICS_GVR.nodes, namespaced: false } },
];

/**
 * Two questions a kind and a namespace, and again every half minute: of a person to whom a thousand namespaces were given one
 * by one, these would be 20,000. In more than this many only pods are looked at.
 */
const MOST_NAMESPACES = 100;

/**
 * What one person may see of an overview, kept current. Namespaces are those in which the person may list and watch pods: all else
 * that is in namespaces is asked for there only, so that a person with few rights in a large cluster costs few questions; and in
 * the first `MOST_NAMESPACES` of them by name.
 */
export class OverviewRights implements Disposable {
  readonly #access: AccessReview;
  readonly #who: Principal;
  readonly #namespaces: readonly string[];
  readonly #onChange: () => void;
  readonly #over = new AbortController();
  #pods: LiveScope | undefined;
  readonly #others = new Map<Watched, LiveScope>();
  #ready = false;
  #reopening = false;
  #again = false;

  /** `namespaces`: those asked for; empty for all. */
  constructor(
    access: AccessReview,
    who: Principal,
    namespaces: readonly string[],
    onChange: () => void = () => {},
  ) {
    this.#access = access;
    this.#who = who;
    this.#namespaces = [...new Set(namespaces)].toSorted();
    this.#onChange = onChange;
  }

  async open(signal?: AbortSignal): Promise<void> {
    const either = signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal;
    const { gvr, namespaced } = overviewKind('pods');
    const asked = this.#namespaces.length === 0 ? undefined : this.#namespaces;
    const pods = await this.#access.liveScope(this.#who, { ...gvr, namespaced }, asked, either);
    if (this.#over.signal.aborted) return pods[Symbol.dispose]();
    this.#pods = pods;
    pods.onChange(() => {
      // What is lost goes at once; what else may be seen where something came is asked for afterwards.
      if (this.#ready) this.#onChange();
      void this.#reopen();
    });
    await this.#reopen(either);
    this.#ready = true;
  }

  scopes(): OverviewScopes {
    const entries = ASKED.map(({ name, resource }): [Watched, KindScope] => {
      const live = name === 'pods' ? this.#pods : this.#others.get(name);
      return [name, kindScope(live?.current(), resource.namespaced)];
    });
    return Object.fromEntries(entries) as OverviewScopes;
  }

  /** Whether nothing at all may be seen. */
  get nothing(): boolean {
    return Object.values(this.scopes()).every((scope) => scope === undefined);
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    this.#pods?.[Symbol.dispose]();
    this.#pods = undefined;
    for (const live of this.#others.values()) live[Symbol.dispose]();
    this.#others.clear();
  }

  /** One at a time, until it was done for the scope that pods have now. */
  async #reopen(signal = this.#over.signal): Promise<void> {
    this.#again = true;
    if (this.#reopening) return;
    this.#reopening = true;
    while (this.#again && this.#pods) {
      this.#again = false;
      await this.#openOthers(this.#pods.current(), signal);
    }
    this.#reopening = false;
    if (this.#ready && !this.#over.signal.aborted) this.#onChange();
  }

  /** Where to ask about what else is in namespaces; undefined: everywhere. */
  async #places(pods: Scope, signal: AbortSignal): Promise<readonly string[] | undefined> {
    if (pods.all) return undefined;
    const all = [...pods.namespaces].toSorted();
    if (all.length <= MOST_NAMESPACES) return all;
    // Whoever may see all is answered by one question, however many namespaces they chose.
    const question = { verb: 'list', resource: overviewKind('pods').gvr } as const;
    const { allowed } = await this.#access.check(this.#who, question, signal);
    return allowed ? all : all.slice(0, MOST_NAMESPACES);
  }

  async #openOthers(pods: Scope, signal: AbortSignal): Promise<void> {
    let places: readonly string[] | undefined;
    try {
      places = await this.#places(pods, signal);
    } catch {
      return;
    }
    await Promise.all(
      ASKED.filter(({ name }) => name !== 'pods').map(async ({ name, resource }) => {
        const namespaces = resource.namespaced ? places : undefined;
        // Nowhere to ask: the right is not there.
        if (namespaces?.length === 0) return this.#replace(name, undefined);
        try {
          this.#replace(name, await this.#access.liveScope(this.#who, resource, namespaces, signal));
        } catch {
          // What cannot be asked now stays as it is: it narrows by itself, and the next change asks again.
        }
      }),
    );
  }

  #replace(name: Watched, live: LiveScope | undefined): void {
    if (this.#over.signal.aborted) {
      live?.[Symbol.dispose]();
      return;
    }
    this.#others.get(name)?.[Symbol.dispose]();
    if (!live) {
      this.#others.delete(name);
      return;
    }
    this.#others.set(name, live);
    live.onChange(() => {
      if (this.#ready) this.#onChange();
    });
  }
}

function kindScope(scope: Scope | undefined, namespaced: boolean): KindScope {
  if (!scope) return undefined;
  if (scope.all) return null;
  return !namespaced || scope.namespaces.size === 0 ? undefined : scope.namespaces;
}
