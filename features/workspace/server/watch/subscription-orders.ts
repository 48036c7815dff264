import type { AccessReview, LiveScope, Scope } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { Column } from '../../contract/column.ts';
import { parseUsageSort, usageOrder, usageResource } from '../metrics/usage-order.ts';
import { parseOrder, type Order } from '../resources/order.ts';
import type { NamespaceRequest } from '../resources/visible-namespaces.ts';

export interface SubscriptionOrdersDeps {
  readonly access: AccessReview;
  readonly meter: UsageMeter;
  readonly who: () => Principal;
  readonly signal: AbortSignal;
  /** Other usage may be seen than before: an order by it is another one. */
  readonly onChange: () => void;
}

const NOWHERE: Scope = { all: false, namespaces: new Set() };

/** The orders that one subscription may ask for: by a column, or by what may be seen of usage, followed once it was asked for. */
export class SubscriptionOrders implements Disposable {
  readonly #deps: SubscriptionOrdersDeps;
  readonly #kind: ResourceKind;
  readonly #namespaces: readonly string[] | undefined;
  #scope: LiveScope | undefined;

  constructor({ kind, namespaces }: NamespaceRequest, deps: SubscriptionOrdersDeps) {
    this.#deps = deps;
    this.#kind = kind;
    this.#namespaces = namespaces.length === 0 ? undefined : namespaces;
  }

  /** Throws StatusError BadRequest for a sort that the kind has not. */
  of(sort: string | undefined, columns: readonly Column[]): Order {
    const usage = parseUsageSort(sort, this.#kind);
    if (!usage) return parseOrder(sort, columns);
    return usageOrder(usage, this.#scope?.current() ?? NOWHERE, this.#deps.meter);
  }

  /** Undefined where nothing is to be waited for. A sort by usage that nothing may be seen of is one by key: never a failure. */
  prepare(sort: string | undefined): Promise<void> | undefined {
    const usage = parseUsageSort(sort, this.#kind);
    return usage && !this.#scope ? this.#follow() : undefined;
  }

  /** The person signed in anew. */
  async reauthorize(): Promise<void> {
    if (!this.#scope) return;
    await this.#follow();
    if (!this.#deps.signal.aborted) this.#deps.onChange();
  }

  async #follow(): Promise<void> {
    const { access, who, signal, onChange } = this.#deps;
    const resource = usageResource(this.#kind.resource === 'nodes' ? 'nodes' : 'pods');
    const asked = resource.namespaced ? this.#namespaces : undefined;
    const scope = await access.liveScope(who(), resource, asked, signal).catch(() => undefined);
    this[Symbol.dispose]();
    if (signal.aborted) return scope?.[Symbol.dispose]();
    this.#scope = scope;
    scope?.onChange(onChange);
  }

  [Symbol.dispose](): void {
    this.#scope?.[Symbol.dispose]();
    this.#scope = undefined;
  }
}
