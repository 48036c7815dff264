import { StatusError } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { silentLogger, type Logger } from '@krateyard/telemetry/logger';
import { noMetrics, type Metrics } from '@krateyard/telemetry/metrics';
import type { Client, GetOptions, ListOptions } from '../client/client.ts';
import { formatGvr, type GroupVersionResource } from '../meta/group-version.ts';
import { formatKey } from '../meta/object-key.ts';
import type { KubeList, KubeObject } from '../meta/object.ts';
import type { Cache, CollectionLease, CollectionStatus } from './cache.ts';
import { cacheMetrics, type CacheMetrics } from './cache-metrics.ts';
import { listFrom } from './list-from.ts';
import { LiveCollection } from './live-collection.ts';
import { Reflection, type AskReach } from './reflection.ts';
import type { ReflectorTiming } from './reflector.ts';

export interface CacheOptions {
  readonly client: Client;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** How long a collection lives on without a lease. */
  readonly idleMs?: number;
  /** Estimated bytes of all collections together; above it no new collection starts and none finishes its first list. */
  readonly budgetBytes?: number;
  /** Objects in a page of a LIST, at most. */
  readonly pageSize?: number;
  /** How long `get` and `list` wait for the first list. */
  readonly syncMs?: number;
  readonly timing?: Partial<ReflectorTiming>;
  /** Asked about a kind that may not be read everywhere; absent: such a kind cannot be read. */
  readonly reach?: AskReach;
  /** False: never tries WatchList. By default it is used where served. */
  readonly watchList?: boolean;
}

const TIMING: ReflectorTiming = {
  stallMs: 90_000,
  backoff: { baseMs: 250, maxMs: 10_000 },
  unavailable: { baseMs: 2_000, maxMs: 30_000 },
  pollMs: 15_000,
  reachMs: 5_000,
};
const LAG_AFTER_SHARE = 0.8;
/** Some 1.5 MB of pods: what is parsed in one piece stays well below 100 ms, also on a busy machine. */
const DEFAULT_PAGE = 250;

/** A cache over `client`, whose identity is the one that lists and watches. Closing it does not close the client. */
export function createCache(options: CacheOptions): Cache {
  return new ClusterCache(options);
}

interface Running {
  readonly collection: LiveCollection;
  readonly stop: AbortController;
  readonly done: Promise<void>;
  leases: number;
  cancelIdle: (() => void) | undefined;
}

class ClusterCache implements Cache {
  readonly cluster: string;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: CacheMetrics;
  readonly #idleMs: number;
  readonly #budgetBytes: number;
  readonly #pageSize: number;
  readonly #syncMs: number;
  readonly #timing: ReflectorTiming;
  readonly #running = new Map<string, Running>();
  readonly #watchList: { served: boolean };
  readonly #reach: AskReach | undefined;
  #closed = false;

  constructor(options: CacheOptions) {
    this.cluster = options.client.cluster;
    this.#client = options.client;
    this.#clock = options.clock ?? systemClock;
    this.#logger = (options.logger ?? silentLogger).with({ cluster: this.cluster });
    this.#idleMs = options.idleMs ?? 60_000;
    this.#budgetBytes = options.budgetBytes ?? 512 << 20;
    this.#pageSize = options.pageSize ?? DEFAULT_PAGE;
    this.#syncMs = options.syncMs ?? 10_000;
    this.#reach = options.reach;
    this.#watchList = { served: options.watchList ?? true };
    this.#timing = { ...TIMING, ...options.timing };
    this.#metrics = cacheMetrics(options.metrics ?? noMetrics, this.cluster, this.#budgetBytes, () =>
      this.status(),
    );
  }

  lease<T extends KubeObject = KubeObject>(gvr: GroupVersionResource): CollectionLease<T> {
    const running = this.#running.get(formatGvr(gvr)) ?? this.#start(gvr);
    running.leases += 1;
    running.cancelIdle?.();
    running.cancelIdle = undefined;
    let held = true;
    return {
      collection: running.collection as unknown as LiveCollection<T>,
      [Symbol.dispose]: () => {
        if (held) this.#release(running);
        held = false;
      },
    };
  }

  async get<T extends KubeObject>(
    gvr: GroupVersionResource,
    name: string,
    namespace?: string,
    options: GetOptions = {},
  ): Promise<T> {
    using lease = this.lease<T>(gvr);
    await this.#synced(lease, options.signal);
    const object = lease.collection.get(formatKey({ namespace: namespace ?? '', name }));
    if (object) return object;
    throw new StatusError('NotFound', `${gvr.resource}${gvr.group && `.${gvr.group}`} "${name}" not found`, {
      details: { name, group: gvr.group, kind: gvr.resource },
    });
  }

  async list<T extends KubeObject>(
    gvr: GroupVersionResource,
    options: ListOptions = {},
  ): Promise<KubeList<T>> {
    using lease = this.lease<T>(gvr);
    await this.#synced(lease, options.signal);
    return listFrom(lease.collection, options);
  }

  status(): readonly CollectionStatus[] {
    return [...this.#running.values()].map(({ collection, leases }) => ({
      gvr: collection.gvr,
      objects: collection.size(),
      bytes: collection.bytes,
      freshness: collection.freshness(),
      leases,
    }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#metrics.dispose();
    await Promise.all([...this.#running.values()].map((running) => this.#stop(running)));
  }

  #start(gvr: GroupVersionResource): Running {
    if (this.#closed)
      throw new StatusError('ServiceUnavailable', `The cache of cluster "${this.cluster}" is closed.`);
    if (this.#bytes() >= this.#budgetBytes) throw this.#overBudget(gvr);
    const logger = this.#logger.with({ gvr: formatGvr(gvr) });
    const collection = new LiveCollection(gvr, {
      clock: this.#clock,
      logger,
      lagAfterMs: this.#timing.stallMs * LAG_AFTER_SHARE,
      admit: () => (this.#bytes() >= this.#budgetBytes ? this.#overBudget(gvr) : undefined),
    });
    const reflection = new Reflection({
      collection,
      reach: this.#reach,
      reflector: {
        client: this.#client,
        gvr,
        clock: this.#clock,
        logger,
        timing: this.#timing,
        pageSize: this.#pageSize,
        watchList: this.#watchList,
        onRelist: (reason) => this.#metrics.relisted(gvr, reason),
        onReconnect: (reason) => this.#metrics.reconnected(gvr, reason),
      },
    });
    const stop = new AbortController();
    const running: Running = {
      collection,
      stop,
      done: reflection.run(stop.signal),
      leases: 0,
      cancelIdle: undefined,
    };
    this.#running.set(formatGvr(gvr), running);
    logger.debug('collection started');
    return running;
  }

  #release(running: Running): void {
    running.leases -= 1;
    if (running.leases > 0 || running.stop.signal.aborted) return;
    running.cancelIdle = this.#clock.after(this.#idleMs, () => {
      this.#logger.debug('collection stopped, nobody needs it', { gvr: formatGvr(running.collection.gvr) });
      void this.#stop(running);
    });
  }

  async #stop(running: Running): Promise<void> {
    running.cancelIdle?.();
    this.#running.delete(formatGvr(running.collection.gvr));
    this.#metrics.forget(running.collection.gvr);
    running.stop.abort(new StatusError('ServiceUnavailable', 'The cache was closed.'));
    running.collection.close();
    await running.done;
  }

  #bytes(): number {
    let bytes = 0;
    for (const { collection } of this.#running.values()) bytes += collection.bytes;
    return bytes;
  }

  #overBudget(gvr: GroupVersionResource): StatusError {
    const megabytes = Math.round(this.#budgetBytes / 1e6);
    return new StatusError(
      'ServiceUnavailable',
      `The cache of cluster "${this.cluster}" has used its memory budget of ${megabytes} MB, so ${formatGvr(gvr)} is not kept. Raise the budget or read it from the API server.`,
    );
  }

  /** Waits for the first list, but not for ever: then what stands in its way is told. */
  async #synced<T extends KubeObject>(
    { collection }: CollectionLease<T>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const late = new AbortController();
    const cancel = this.#clock.after(this.#syncMs, () => {
      const { reason = 'It has not been listed yet.' } = collection.freshness();
      late.abort(
        new StatusError('ServiceUnavailable', `${formatGvr(collection.gvr)} cannot be read now. ${reason}`),
      );
    });
    try {
      await Promise.race([collection.synced(late.signal), aborted(signal, late.signal)]);
    } finally {
      cancel();
      late.abort();
    }
  }
}

/** Rejects when `signal` aborts; stays pending, and holds nothing, once `over` has aborted. */
function aborted(signal: AbortSignal | undefined, over: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal?.aborted) reject(signal.reason);
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over });
  return promise;
}
