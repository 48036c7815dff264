import type { LiveScope } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import { StatusError } from '@krateyard/status/status-error';
import type { FollowMetrics, MetricsFrame } from '../../contract/watch-protocol.ts';
import { METRICS_GVR } from '@krateyard/kube/usage/usage-meter';
import { meteredBy, namespaceOf, requireUsage, UsageReader, type UsageReaderDeps } from './usage-reader.ts';

export interface UsageSubscriptionDeps extends UsageReaderDeps {
  readonly who: () => Principal;
  readonly send: (frame: MetricsFrame) => void;
  readonly onRefused: (error: unknown) => void;
}

/** How long the first look may take. */
const READY_MS = 15_000;

/** One `metrics` of one session: the history of its keys, then each new sample. */
export class UsageSubscription {
  readonly id: string;
  readonly #asked: FollowMetrics;
  readonly #deps: UsageSubscriptionDeps;
  readonly #over = new AbortController();
  readonly #ends: (() => void)[] = [];
  #scope: LiveScope | undefined;
  #told = new Map<string, number>();
  #reader: UsageReader | undefined;

  constructor(asked: FollowMetrics, deps: UsageSubscriptionDeps) {
    this.id = asked.id;
    this.#asked = asked;
    this.#deps = deps;
  }

  /** There is no stream: each session has its own keys. */
  readonly stream = '';

  /** Resolves when the first frame was sent; rejects with StatusError Forbidden, or ServiceUnavailable where there are no metrics. */
  async open(): Promise<void> {
    const { signal } = this.#over;
    await this.#openScope();
    const reader = new UsageReader(this.#deps, this.#asked.kind);
    this.#reader = reader;
    this.#ends.push(() => reader[Symbol.dispose]());
    await reader.ready(AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]));
    signal.throwIfAborted();
    if (reader.dark !== undefined) throw new StatusError('ServiceUnavailable', reader.dark);
    this.#ends.push(reader.onLook(() => this.#tell(false)));
    this.#tell(true);
  }

  async reauthorize(): Promise<void> {
    const before = this.#scope;
    if (!before) return;
    await this.#openScope();
    before[Symbol.dispose]();
  }

  close(): void {
    this.#over.abort(new StatusError('Gone', 'the subscription was ended'));
    for (const end of this.#ends.splice(0)) end();
    this.#scope?.[Symbol.dispose]();
    this.#scope = undefined;
  }

  async #openScope(): Promise<void> {
    const { access, who } = this.#deps;
    const { kind, keys } = this.#asked;
    const metered = meteredBy(kind);
    const namespaces = new Set(keys.map((key) => namespaceOf(kind, key)).filter((one) => one !== undefined));
    const resource = { ...METRICS_GVR[metered], namespaced: metered === 'pods' };
    const asked = metered === 'pods' ? [...namespaces] : undefined;
    const scope = await access.liveScope(who(), resource, asked, this.#over.signal);
    if (this.#over.signal.aborted) {
      scope[Symbol.dispose]();
      return;
    }
    this.#scope = scope;
    scope.onChange(() => void this.#rescoped(scope));
    if (!keys.some((key) => this.#mayShow(key))) {
      await requireUsage(this.#deps, who(), kind, namespaceOf(kind, keys[0]!), this.#over.signal);
      throw new StatusError(
        'Forbidden',
        `usage takes the right to list and watch ${resource.resource}.metrics.k8s.io`,
      );
    }
  }

  async #rescoped(scope: LiveScope): Promise<void> {
    if (this.#scope !== scope) return;
    const { kind, keys } = this.#asked;
    if (keys.some((key) => this.#mayShow(key))) return this.#tell(true);
    const { who, onRefused } = this.#deps;
    await requireUsage(this.#deps, who(), kind, namespaceOf(kind, keys[0]!), this.#over.signal).catch(
      onRefused,
    );
  }

  #mayShow(key: string): boolean {
    const scope = this.#scope?.current();
    if (!scope) return false;
    if (scope.all) return true;
    const namespace = namespaceOf(this.#asked.kind, key);
    return namespace !== undefined && scope.namespaces.has(namespace);
  }

  /** `whole`: all that is kept; else what came since. Says nothing when there is nothing new. */
  #tell(whole: boolean): void {
    const reader = this.#reader;
    if (!reader || this.#over.signal.aborted) return;
    if (whole) this.#told = new Map();
    const parts: Record<string, unknown> = {};
    for (const key of new Set(this.#asked.keys)) {
      if (!this.#mayShow(key)) continue;
      const after = this.#told.get(key) ?? -Infinity;
      // The last sample of a sum may still grow: it is told again.
      const known = reader.samples(key).slice(-(this.#asked.last ?? Infinity));
      const samples = known.filter(([at]) => at >= after);
      const last = samples.at(-1)?.[0];
      if (last === undefined || (!whole && last === after && samples.length === 1 && !this.#sums)) continue;
      this.#told.set(key, last);
      parts[key] = { samples };
    }
    if (!whole && Object.keys(parts).length === 0) return;
    this.#deps.send({ type: 'metrics', id: this.id, parts, ...(whole && { whole: true, synced: true }) });
  }

  get #sums(): boolean {
    const { kind } = this.#asked;
    return kind !== 'pods' && kind !== 'nodes' && kind !== 'namespaces';
  }
}
