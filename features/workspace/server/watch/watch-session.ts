import type { AccessReview } from '@krateyard/auth/access';
import type { WatchedCredential } from '@krateyard/auth/credential-watch';
import { renewProof } from '@krateyard/auth/renew-proof';
import type { Principal } from '@krateyard/auth/principal';
import type { HubSession } from '@krateyard/hub/hub-session';
import type { Cache } from '@krateyard/kube/cache/cache';
import { assertNever } from '@krateyard/status/assert-never';
import { StatusError, toStatus, type Status } from '@krateyard/status/status-error';
import type {
  ApiServerState,
  ClientFrame,
  FollowKinds,
  FollowMetrics,
  FollowOverview,
  MoveWindow,
  ServerFrame,
  Subscribe,
} from '../../contract/watch-protocol.ts';
import { WATCH_PROTOCOL } from '../../contract/watch-protocol.ts';
import type { TaskBoard } from '@krateyard/tasks/task-board';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { WorkspaceDeps } from '../deps.ts';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { KindsSubscription, type KindsSubscriptionDeps } from '../cluster/kinds-subscription.ts';
import { UsageSubscription } from '../metrics/usage-subscription.ts';
import type { OverviewRegistry } from '../overview/overview-registry.ts';
import { OverviewSubscription } from '../overview/overview-subscription.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';
import { readFrame } from './client-frames.ts';
import { FollowedPresence } from './followed-presence.ts';
import type { PresenceBoard } from '../presence/presence-board.ts';
import { FollowedTasks } from './followed-tasks.ts';
import { FollowedTopics } from './followed-topics.ts';
import type { StreamRegistry } from './stream-registry.ts';
import { Subscription, type SubscriptionDeps } from './subscription.ts';

export interface WatchSessionDeps {
  readonly access: AccessReview;
  readonly cache: Cache;
  readonly directory: KindDirectory;
  readonly streams: StreamRegistry;
  readonly tasks: TaskBoard;
  readonly overviews: OverviewRegistry;
  readonly meter: UsageMeter;
  readonly presence: PresenceBoard;
  readonly now: () => number;
  readonly kinds: Omit<KindsSubscriptionDeps, 'who' | 'send'>;
  readonly authenticateToken: WorkspaceDeps['authenticateToken'];
  readonly epoch: string;
  readonly heartbeatMs: number;
  readonly frameBytes: number;
  readonly maxSubscriptions: number;
  readonly requestId: string;
  readonly apiServer: () => ApiServerState | undefined;
  /** Failures that are ours, for the log. */
  readonly onFault: (error: unknown) => void;
}

/** Subscriptions that may be opening at once; beyond it the socket is not read. Each may cost several access reviews. */
const MAX_OPENING = 8;

type Followed = Subscription | OverviewSubscription | UsageSubscription | KindsSubscription;

/** The protocol of `/ws/watch` over one hub session. */
export class WatchSession {
  readonly #deps: WatchSessionDeps;
  readonly #session: HubSession<Principal>;
  readonly #proof: WatchedCredential;
  readonly #subscriptions = new Map<string, Followed>();
  readonly #subscriptionDeps: SubscriptionDeps;
  readonly #opening = new Set<Promise<void>>();
  readonly #tasks: FollowedTasks;
  readonly #presence: FollowedPresence;

  constructor(deps: WatchSessionDeps, session: HubSession<Principal>, proof: WatchedCredential) {
    this.#deps = deps;
    this.#session = session;
    this.#proof = proof;
    this.#tasks = new FollowedTasks(deps.tasks, session);
    this.#presence = new FollowedPresence(deps, session);
    this.#subscriptionDeps = {
      ...deps,
      topics: new FollowedTopics(session),
      who: () => session.principal,
      send: (frame) => this.#send(frame),
      onRefused: (subscription, error) => this.#refused(subscription, error),
    };
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  start(): void {
    const { epoch, heartbeatMs, maxSubscriptions, frameBytes } = this.#deps;
    const apiServer = this.#deps.apiServer();
    this.#send({
      type: 'hello',
      protocol: WATCH_PROTOCOL,
      epoch,
      heartbeatMs,
      limits: { subscriptions: maxSubscriptions, frameBytes },
      ...(apiServer && { apiServer }),
    });
    this.#session.handle({
      onText: (text) => this.#received(text),
      onBinary: () =>
        this.#bad(new StatusError('BadRequest', 'binary frames mean nothing here; send JSON text')),
      onClosed: () => this.#close(),
    });
  }

  /** Called at every heartbeat. */
  beat(): void {
    this.#tasks.catchUp();
    this.#presence.catchUp();
  }

  #received(text: string): void | Promise<void> {
    // UTF-16 units are at most as many as UTF-8 bytes.
    if (text.length > this.#deps.frameBytes) {
      this.#session.close('frameTooLarge');
      return;
    }
    const read = readFrame(text);
    if ('problem' in read) this.#bad(read.problem, read.id);
    else return this.#act(read.frame);
  }

  #act(frame: ClientFrame): void | Promise<void> {
    switch (frame.type) {
      case 'subscribe':
        return this.#subscribe(frame);
      case 'unsubscribe':
        return this.#unsubscribe(frame.id);
      case 'window':
        return this.#moveWindow(frame);
      case 'auth':
        return this.#authenticate(frame.token);
      case 'tasks':
        return this.#tasks.follow(frame.on);
      case 'overview':
        return this.#followOverview(frame);
      case 'metrics':
        return this.#followMetrics(frame);
      case 'kinds':
        return this.#followKinds(frame);
      case 'present':
        return this.#presence.follow(frame);
      case 'ping':
        return this.#send({ type: 'pong', ...(frame.nonce !== undefined && { nonce: frame.nonce }) });
      default:
        return assertNever(frame);
    }
  }

  #subscribe(frame: Subscribe): void | Promise<void> {
    return this.#follow(frame, () => new Subscription(frame, this.#subscriptionDeps));
  }

  #followOverview(frame: FollowOverview): void | Promise<void> {
    return this.#follow(frame, () => {
      const followed: OverviewSubscription = new OverviewSubscription(frame, {
        ...this.#subscriptionDeps,
        overviews: this.#deps.overviews,
        onRefused: (error) => this.#refused(followed, error),
      });
      return followed;
    });
  }

  #followMetrics(frame: FollowMetrics): void | Promise<void> {
    return this.#follow(frame, () => {
      const followed: UsageSubscription = new UsageSubscription(frame, {
        ...this.#subscriptionDeps,
        meter: this.#deps.meter,
        onRefused: (error) => this.#refused(followed, error),
      });
      return followed;
    });
  }

  #followKinds(frame: FollowKinds): void | Promise<void> {
    const { who, send } = this.#subscriptionDeps;
    return this.#follow(frame, () => new KindsSubscription(frame, { ...this.#deps.kinds, who, send }));
  }

  #follow(frame: { readonly id: string }, create: () => Followed): void | Promise<void> {
    const { maxSubscriptions } = this.#deps;
    if (this.#subscriptions.has(frame.id)) {
      return this.#error(
        new StatusError('AlreadyExists', `a subscription "${frame.id}" is open already`),
        frame.id,
      );
    }
    if (this.#subscriptions.size >= maxSubscriptions) {
      const message = `the limit of ${maxSubscriptions} subscriptions on one socket is reached`;
      return this.#error(new StatusError('TooManyRequests', message), frame.id);
    }
    const subscription = create();
    this.#subscriptions.set(frame.id, subscription);
    const opening = this.#open(subscription).finally(() => this.#opening.delete(opening));
    this.#opening.add(opening);
    if (this.#opening.size >= MAX_OPENING) return Promise.race(this.#opening);
  }

  async #open(subscription: Followed): Promise<void> {
    try {
      await subscription.open();
    } catch (error) {
      if (this.#subscriptions.get(subscription.id) !== subscription) return;
      this.#subscriptions.delete(subscription.id);
      subscription.close();
      this.#error(error, subscription.id);
    }
  }

  #unsubscribe(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return this.#error(unknownSubscription(id), id);
    this.#subscriptions.delete(id);
    subscription.close();
    this.#send({ type: 'unsubscribed', id });
  }

  #moveWindow({ id, sort, offset, limit }: MoveWindow): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return this.#error(unknownSubscription(id), id);
    if (!(subscription instanceof Subscription)) {
      return this.#error(new StatusError('BadRequest', `the subscription "${id}" has no window`), id);
    }
    try {
      subscription.moveWindow({ ...(sort !== undefined && { sort }), offset, limit });
    } catch (error) {
      this.#error(error, id);
    }
  }

  async #authenticate(token: string): Promise<void> {
    try {
      const next = await renewProof(this.#proof, this.#deps.authenticateToken, token);
      this.#session.principal = next.principal;
      const followed = [...this.#subscriptions.values(), this.#presence];
      await Promise.all(followed.map((one) => one.reauthorize()));
      const { expiresAt } = next;
      this.#send({ type: 'authenticated', ...(expiresAt !== undefined && { expiresAt }) });
    } catch (error) {
      this.#error(error);
    }
  }

  #refused(subscription: Followed, error: unknown): void {
    const { id, stream } = subscription;
    this.#subscriptions.delete(id);
    subscription.close();
    this.#send({ type: 'ended', id, stream, status: this.#status(error) });
  }

  #bad(problem: StatusError, id?: string): void {
    this.#error(problem, id);
    this.#session.countBadFrame();
  }

  #error(error: unknown, id?: string): void {
    this.#send({ type: 'error', ...(id !== undefined && { id }), status: this.#status(error) });
  }

  #status(error: unknown): StatusSchema {
    const status: Status = toStatus(error, this.#deps.requestId);
    if (status.code >= 500) this.#deps.onFault(error);
    return status as unknown as StatusSchema;
  }

  #send(frame: ServerFrame): void {
    this.#session.send(JSON.stringify(frame));
  }

  #close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    this.#tasks.follow(false);
    this.#presence.close();
    this.#proof[Symbol.dispose]();
  }
}

function unknownSubscription(id: string): StatusError {
  return new StatusError('NotFound', `there is no subscription "${id}" on this socket`);
}
