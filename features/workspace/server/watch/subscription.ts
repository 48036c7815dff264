import type { AccessReview, LiveScope, Scope } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { HubTopic } from '@krateyard/hub/hub-topic';
import type { Cache } from '@krateyard/kube/cache/cache';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { StatusError } from '@krateyard/status/status-error';
import type { Column } from '../../contract/column.ts';
import { columnInfo } from '../../contract/columns.ts';
import type { ServerFrame, Subscribe, Window } from '../../contract/watch-protocol.ts';
import { kindRef, type KindDirectory } from '../resources/kind-directory.ts';
import { requireEvents } from '../resources/merged-event.ts';
import type { Order } from '../resources/order.ts';
import { parseSelection, type Selection } from '../resources/selection.ts';
import { leaseSynced } from '../resources/synced-collection.ts';
import {
  namespaceRequest,
  refuse,
  visibleNamespaces,
  type NamespaceRequest,
} from '../resources/visible-namespaces.ts';
import type { VisibleNamespaces } from '../resources/view.ts';
import type { FollowedTopics } from './followed-topics.ts';
import type { StreamRegistry } from './stream-registry.ts';
import { SubscriptionOrders } from './subscription-orders.ts';

export interface SubscriptionDeps {
  readonly directory: KindDirectory;
  readonly access: AccessReview;
  readonly cache: Cache;
  readonly meter: UsageMeter;
  readonly streams: StreamRegistry;
  readonly topics: FollowedTopics;
  /** Of the session; changes when it signs in anew. */
  readonly who: () => Principal;
  readonly send: (frame: ServerFrame) => void;
  /** The subscription is over by itself: nothing of it may be seen any more. */
  readonly onRefused: (subscription: Subscription, error: unknown) => void;
}

interface Opened {
  readonly kind: ResourceKind;
  columns: readonly Column[];
  readonly request: NamespaceRequest;
  readonly orders: SubscriptionOrders;
  selection: Selection;
  scope: LiveScope;
  namespaces: VisibleNamespaces;
  window: Window | undefined;
  order: Order | undefined;
  topic: HubTopic | undefined;
}

/** One `subscribe` of one session: from what was asked and what may be seen to the stream that shows it. */
export class Subscription {
  readonly id: string;
  readonly #asked: Subscribe;
  readonly #deps: SubscriptionDeps;
  readonly #over = new AbortController();
  #opened: Opened | undefined;
  #stream = '';

  constructor(asked: Subscribe, deps: SubscriptionDeps) {
    this.id = asked.id;
    this.#asked = asked;
    this.#deps = deps;
  }

  /** The stream that was named last as this subscription's; '' before there was one. */
  get stream(): string {
    return this.#stream;
  }

  /** Resolves when `subscribed` was sent; rejects with StatusError when it cannot be. */
  async open(): Promise<void> {
    const { directory, cache } = this.#deps;
    const { signal } = this.#over;
    const asked = this.#asked;
    const kind = await directory.resolve(asked.kind, signal);
    requireWatchable(kind);
    requireMergeable(kind, asked);
    const request = namespaceRequest(kind, asked.namespaces ?? []);
    const columns = await directory.columns(kind);
    const selection = parseSelection(asked, columns);
    const orders = this.#ordersOf(request);
    if (asked.window) orders.of(asked.window.sort, columns);
    const scope = await this.#liveScope(request);
    try {
      await orders.prepare(asked.window?.sort);
      if (visibleNamespaces(scope.current(), request) === undefined) await this.#refuse(request);
      using lease = await leaseSynced(cache, kind, signal);
      void lease;
      signal.throwIfAborted();
      const namespaces = visibleNamespaces(scope.current(), request);
      if (namespaces === undefined) return await this.#refuse(request);
      this.#opened = {
        kind,
        columns,
        request,
        selection,
        scope,
        namespaces,
        window: asked.window,
        orders,
        order: asked.window && orders.of(asked.window.sort, columns),
        topic: undefined,
      };
    } catch (error) {
      scope[Symbol.dispose]();
      orders[Symbol.dispose]();
      throw error;
    }
    scope.onChange((next) => this.#rescope(scope, next));
    const unfollow = directory.followColumns(kind, (next) => this.#recolumn(next));
    signal.addEventListener('abort', unfollow, { once: true });
    this.#show(this.#opened, asked.resume);
  }

  /** Throws StatusError BadRequest for a column that the kind has not, Conflict while the subscription is not open. */
  moveWindow(window: Window): void {
    const opened = this.#opened;
    if (!opened) throw new StatusError('Conflict', `the subscription "${this.id}" is not open yet`);
    opened.order = opened.orders.of(window.sort, opened.columns);
    opened.window = window;
    const asking = opened.orders.prepare(window.sort);
    if (asking) void asking.then(() => this.#reorder(true));
    else this.#show(opened);
  }

  /** The session signed in anew: what may be seen is asked for again. */
  async reauthorize(): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    const scope = await this.#liveScope(opened.request);
    if (this.#over.signal.aborted) {
      scope[Symbol.dispose]();
      return;
    }
    opened.scope[Symbol.dispose]();
    opened.scope = scope;
    scope.onChange((next) => this.#rescope(scope, next));
    this.#rescope(scope, scope.current());
    await opened.orders.reauthorize();
  }

  close(): void {
    this.#over.abort(new StatusError('Gone', 'the subscription was ended'));
    const opened = this.#opened;
    this.#opened = undefined;
    if (!opened) return;
    opened.scope[Symbol.dispose]();
    opened.orders[Symbol.dispose]();
    if (opened.topic) this.#deps.topics.leave(opened.topic);
  }

  #ordersOf(request: NamespaceRequest): SubscriptionOrders {
    const { access, meter, who } = this.#deps;
    const { signal } = this.#over;
    return new SubscriptionOrders(request, { access, meter, who, signal, onChange: () => this.#reorder() });
  }

  /** What may be seen of usage has changed, or is known now. */
  #reorder(moved = false): void {
    const opened = this.#opened;
    if (!opened?.window) return;
    const next = opened.orders.of(opened.window.sort, opened.columns);
    if (!moved && opened.order?.id === next.id) return;
    opened.order = next;
    this.#show(opened);
  }

  #liveScope({ kind, namespaces }: NamespaceRequest): Promise<LiveScope> {
    const asked = namespaces.length === 0 ? undefined : namespaces;
    return this.#deps.access.liveScope(this.#deps.who(), kind, asked, this.#over.signal);
  }

  #refuse(request: NamespaceRequest): Promise<never> {
    return refuse(this.#deps.access, this.#deps.who(), request, this.#over.signal);
  }

  #rescope(from: LiveScope, scope: Scope): void {
    const opened = this.#opened;
    if (!opened || opened.scope !== from) return;
    const namespaces = visibleNamespaces(scope, opened.request);
    if (namespaces === undefined) {
      void this.#lose(opened);
      return;
    }
    if (JSON.stringify(namespaces) === JSON.stringify(opened.namespaces)) return;
    opened.namespaces = namespaces;
    this.#show(opened);
  }

  /** The CRD was edited: the same objects with other columns; a sort by one that is gone is by name. */
  #recolumn(columns: readonly Column[]): void {
    const opened = this.#opened;
    if (!opened) return;
    if (JSON.stringify(columns.map(columnInfo)) === JSON.stringify(opened.columns.map(columnInfo))) return;
    opened.columns = columns;
    try {
      opened.selection = parseSelection(this.#asked, columns);
      opened.order = opened.window && this.#orderIn(opened, columns);
    } catch (error) {
      this.#deps.onRefused(this, error);
      return;
    }
    this.#show(opened);
  }

  #orderIn({ window, orders }: Opened, columns: readonly Column[]): Order {
    const name = window?.sort?.replace(/^-/, '');
    return orders.of(columns.some((column) => column.name === name) ? window?.sort : undefined, columns);
  }

  /** Nothing is told from here on; why follows when the API server has said it. */
  async #lose(opened: Opened): Promise<void> {
    if (opened.topic) this.#deps.topics.leave(opened.topic);
    opened.topic = undefined;
    const error: unknown = await this.#refuse(opened.request).catch((refusal: unknown) => refusal);
    if (this.#opened === opened) this.#deps.onRefused(this, error);
  }

  #show(opened: Opened, resume?: string): void {
    const { kind, namespaces, selection, order, window } = opened;
    const payload = this.#asked.payload ?? 'full';
    const topic = this.#deps.streams.open({
      gvr: { group: kind.group, version: kind.version, resource: kind.resource },
      view: { namespaces, selection },
      payload,
      window: order &&
        window && { order, offset: window.offset, limit: window.limit, merge: this.#asked.merge },
    });
    const left = opened.topic;
    opened.topic = topic;
    this.#stream = topic.id;
    const resumed = this.#deps.topics.join(topic, resume);
    if (left) this.#deps.topics.leave(left);
    this.#deps.send({
      type: 'subscribed',
      id: this.id,
      stream: topic.id,
      kind: kindRef(kind),
      columns: opened.columns.map(columnInfo),
      namespaces: namespaces === null ? null : [...namespaces],
      ...(window && { window }),
      payload,
      resumed,
    });
  }
}

function requireWatchable(kind: ResourceKind): void {
  if (kind.verbs.includes('list') && kind.verbs.includes('watch')) return;
  throw new StatusError('MethodNotAllowed', `${kind.resource} cannot be listed and watched`);
}

function requireMergeable(kind: ResourceKind, { merge, window }: Subscribe): void {
  if (!merge) return;
  requireEvents(kind);
  if (!window) throw new StatusError('BadRequest', 'what is merged needs a window');
}
