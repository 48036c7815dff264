import type { Cache, CollectionLease } from '@krateyard/kube/cache/cache';
import type { Clock } from '@krateyard/telemetry/clock';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import { leaseSynced } from '../resources/synced-collection.ts';
import type { PodView } from './container-follower.ts';
import type { LoggedPod } from './pod-containers.ts';

/** The pods of one namespace as the cache knows them, for who waits for changes. */
export class PodWatch implements Disposable {
  readonly #lease: CollectionLease<LoggedPod>;
  readonly #namespace: string;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #stop: () => void;
  #onPod: (pod: LoggedPod) => void = () => {};

  private constructor(lease: CollectionLease<LoggedPod>, namespace: string, clock: Clock) {
    this.#lease = lease;
    this.#namespace = namespace;
    this.#clock = clock;
    this.#stop = lease.collection.observe({
      onChanges: (changes) => {
        for (const { type, key, object } of changes) {
          if (object.metadata.namespace !== namespace) continue;
          for (const wake of this.#waiting.get(key) ?? []) wake();
          if (type !== 'deleted') this.#onPod(object);
        }
      },
    });
  }

  /** Rejects with what makes pods unknowable. */
  static async open(
    needs: { readonly cache: Cache; readonly clock: Clock },
    namespace: string,
    signal: AbortSignal,
  ): Promise<PodWatch> {
    const lease = await leaseSynced(needs.cache, SHORT_KINDS.pods, signal);
    return new PodWatch(lease as CollectionLease<LoggedPod>, namespace, needs.clock);
  }

  get(name: string): LoggedPod | undefined {
    return this.#lease.collection.get(`${this.#namespace}/${name}`);
  }

  pods(): readonly LoggedPod[] {
    return Array.from(this.#lease.collection.entries(this.#namespace), ([, pod]) => pod);
  }

  /** Every pod that is made or changes from now on. */
  onPod(listener: (pod: LoggedPod) => void): void {
    this.#onPod = listener;
  }

  /** This very pod: another one of the same name is not it. */
  view(pod: LoggedPod): PodView {
    const key = `${this.#namespace}/${pod.metadata.name}`;
    return {
      current: () => {
        const now = this.#lease.collection.get(key);
        return now?.metadata.uid === pod.metadata.uid ? now : undefined;
      },
      changed: (ms, signal) => this.#changed(key, ms, signal),
    };
  }

  [Symbol.dispose](): void {
    this.#stop();
    this.#lease[Symbol.dispose]();
  }

  async #changed(key: string, ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const waiters = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiters);
    const { promise, resolve } = Promise.withResolvers<void>();
    waiters.add(resolve);
    const cancel = this.#clock.after(ms, resolve);
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    await promise;
    cancel();
    signal.removeEventListener('abort', onAbort);
    waiters.delete(resolve);
    if (waiters.size === 0) this.#waiting.delete(key);
    signal.throwIfAborted();
  }
}
