import { StatusError, toStatus } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Client } from '../client/client.ts';
import type { ResourceKinds } from '../discovery/resource-kinds.ts';
import type { GroupVersionResource } from '../meta/group-version.ts';
import type { KubeObject } from '../meta/object.ts';
import { USAGE_PERIOD_MS, type UsageSample } from '../meta/usage-sample.ts';
import { readUsage, type UsageReading } from './read-usage.ts';
import { UsageHistory } from './usage-history.ts';

export type MeteredKind = 'pods' | 'nodes';

const METRICS = 'metrics.k8s.io';
const VERSION = 'v1beta1';

export const METRICS_GVR: Readonly<Record<MeteredKind, GroupVersionResource>> = {
  pods: { group: METRICS, version: VERSION, resource: 'pods' },
  nodes: { group: METRICS, version: VERSION, resource: 'nodes' },
};

/** Fifteen minutes of history. */
const SAMPLES = 60;
/** Once nobody looks, the history is kept so long for who comes back: a gap in it shows as one. */
const KEEP_MS = 10 * 60_000;
const REQUEST_MS = 10_000;
/** Where metrics are not served, or not to us, it is asked for again this seldom. */
const DARK_PERIOD_MS = 60_000;
/** Namespaces that are asked one by one where the gateway may not list everywhere. */
const MAX_NAMESPACES = 50;

export interface UsageMeterDeps {
  /** The gateway's own. */
  readonly client: Client;
  readonly kinds: ResourceKinds;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the gateway may look: undefined everywhere. */
  readonly namespaces: (signal: AbortSignal) => Promise<ReadonlySet<string> | undefined>;
}

interface Meter {
  readonly histories: Map<string, UsageHistory>;
  /** Sums by namespace; of pods only. */
  readonly namespaces: Map<string, UsageHistory>;
  dark: string | undefined;
  asked: boolean;
}

const newMeter = (): Meter => ({
  histories: new Map(),
  namespaces: new Map(),
  dark: undefined,
  asked: false,
});

/**
 * `metrics.k8s.io`, read once for everybody: every 15 s while somebody looks, at no other time. Where it is not served or not
 * allowed it is dark, says why, and looks again once a minute. Nothing is ever made up: what was not measured is not there.
 */
export class UsageMeter {
  readonly #deps: UsageMeterDeps;
  readonly #meters: Readonly<Record<MeteredKind, Meter>> = { pods: newMeter(), nodes: newMeter() };
  readonly #listeners = new Set<() => void>();
  #looks = 0;
  #holders = 0;
  #over: AbortController | undefined;
  #cancelForget: (() => void) | undefined;

  constructor(deps: UsageMeterDeps) {
    this.#deps = deps;
  }

  /** Reads while somebody holds it. */
  hold(): Disposable {
    this.#holders += 1;
    if (this.#holders === 1) this.#start();
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        this.#holders -= 1;
        if (this.#holders === 0) this.#stop();
      },
    };
  }

  /** How often it has been looked; what was read before is not what is now when this has grown. */
  get looks(): number {
    return this.#looks;
  }

  /** Called after each look, also a failed one. */
  onLook(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Why there is nothing; undefined where there is something, or nobody has looked yet. */
  darkness(kind: MeteredKind): string | undefined {
    return this.#meters[kind].dark;
  }

  /** Whether the first look is over. */
  hasLooked(kind: MeteredKind): boolean {
    return this.#meters[kind].asked;
  }

  history(kind: MeteredKind, key: string): readonly UsageSample[] {
    return this.#meters[kind].histories.get(key)?.samples() ?? [];
  }

  /** Of all pods of a namespace together. */
  namespaceHistory(namespace: string): readonly UsageSample[] {
    return this.#meters.pods.namespaces.get(namespace)?.samples() ?? [];
  }

  keys(kind: MeteredKind): Iterable<string> {
    return this.#meters[kind].histories.keys();
  }

  /** The last sample where it is of now: an object that is measured no longer uses nothing that is known. */
  latest(kind: MeteredKind, key: string): UsageSample | undefined {
    return this.#fresh(this.#meters[kind].histories.get(key));
  }

  latestOfNamespace(namespace: string): UsageSample | undefined {
    return this.#fresh(this.#meters.pods.namespaces.get(namespace));
  }

  /** Resolves when both kinds have been looked at once, or rejects when the signal aborts. */
  async looked(signal: AbortSignal): Promise<void> {
    while (!(this.#meters.pods.asked && this.#meters.nodes.asked)) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const stop = this.onLook(resolve);
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        await promise;
      } finally {
        stop();
        signal.removeEventListener('abort', onAbort);
      }
    }
  }

  #fresh(history: UsageHistory | undefined): UsageSample | undefined {
    const sample = history?.latest;
    return sample && this.#deps.clock.now() - sample[0] <= 6 * USAGE_PERIOD_MS ? sample : undefined;
  }

  #start(): void {
    this.#cancelForget?.();
    this.#cancelForget = undefined;
    this.#over = new AbortController();
    for (const kind of ['nodes', 'pods'] as const) void this.#run(kind, this.#over.signal);
  }

  #stop(): void {
    this.#over?.abort(new StatusError('Gone', 'nobody looks at usage any more'));
    this.#over = undefined;
    this.#cancelForget = this.#deps.clock.after(KEEP_MS, () => {
      for (const meter of Object.values(this.#meters)) {
        meter.histories.clear();
        meter.namespaces.clear();
        meter.asked = false;
        meter.dark = undefined;
      }
    });
  }

  async #run(kind: MeteredKind, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      await this.#look(kind, signal);
      const period = this.#meters[kind].dark === undefined ? USAGE_PERIOD_MS : DARK_PERIOD_MS;
      // A tenth of jitter: gateways that started together do not ask together for ever.
      await clock.sleep(period * (0.95 + clock.random() / 10), signal).catch(() => {});
    }
  }

  async #look(kind: MeteredKind, signal: AbortSignal): Promise<void> {
    const meter = this.#meters[kind];
    try {
      const readings = await this.#read(kind, AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]));
      this.#take(meter, readings, kind === 'pods');
      meter.dark = undefined;
    } catch (error) {
      if (signal.aborted) return;
      meter.dark = toStatus(error).message;
      this.#deps.logger.debug('usage cannot be read', { err: error });
    }
    meter.asked = true;
    this.#looks += 1;
    for (const listener of this.#listeners) listener();
  }

  async #read(kind: MeteredKind, signal: AbortSignal): Promise<readonly UsageReading[]> {
    const { client, kinds, clock } = this.#deps;
    const gvr = METRICS_GVR[kind];
    const served = await kinds.find(`${METRICS}/${VERSION}/${gvr.resource}`, signal);
    if (!served)
      throw new StatusError('NotFound', `the cluster serves no ${METRICS}: there is no metrics-server`);
    const places = await this.#places(kind, signal);
    const lists = await Promise.all(places.map((namespace) => client.list(gvr, { namespace, signal })));
    const now = clock.now();
    return lists.flatMap(({ items }) =>
      items.map((item: KubeObject) => readUsage(item, now)).filter((reading) => reading !== undefined),
    );
  }

  async #places(kind: MeteredKind, signal: AbortSignal): Promise<readonly (string | undefined)[]> {
    const namespaces = kind === 'pods' ? await this.#deps.namespaces(signal) : undefined;
    return namespaces === undefined ? [undefined] : [...namespaces].slice(0, MAX_NAMESPACES);
  }

  #take(meter: Meter, readings: readonly UsageReading[], sum: boolean): void {
    const sums = new Map<string, { at: number; cpu: number; memory: number }>();
    const seen = new Set<string>();
    for (const { key, namespace, at, cpuCores, memoryBytes } of readings) {
      seen.add(key);
      historyIn(meter.histories, key).push(at, cpuCores, memoryBytes);
      if (!sum) continue;
      const known = sums.get(namespace) ?? { at: 0, cpu: 0, memory: 0 };
      known.at = Math.max(known.at, at);
      known.cpu += cpuCores;
      known.memory += memoryBytes;
      sums.set(namespace, known);
    }
    for (const [namespace, { at, cpu, memory }] of sums)
      historyIn(meter.namespaces, namespace).push(at, cpu, memory);
    this.#forgetOld(meter.histories, seen);
    this.#forgetOld(meter.namespaces, sums);
  }

  /** What is measured no longer goes when its last sample has left the time that plots show. */
  #forgetOld(histories: Map<string, UsageHistory>, seen: { has(key: string): boolean }): void {
    const oldest = this.#deps.clock.now() - SAMPLES * USAGE_PERIOD_MS;
    for (const [key, history] of histories) {
      if (!seen.has(key) && (history.latest?.[0] ?? 0) < oldest) histories.delete(key);
    }
  }
}

function historyIn(histories: Map<string, UsageHistory>, key: string): UsageHistory {
  const known = histories.get(key) ?? new UsageHistory(SAMPLES);
  histories.set(key, known);
  return known;
}
