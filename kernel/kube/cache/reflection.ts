import type { StatusError } from '@krateyard/status/status-error';
import { backoffMs } from '@krateyard/telemetry/clock';
import { formatGvr, type GroupVersionResource } from '../meta/group-version.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Reach } from './cache.ts';
import type { LiveCollection } from './live-collection.ts';
import { Reflector, type ReflectorNeeds } from './reflector.ts';

/** Tells where the cache's identity may list and watch a kind. Rejects when that cannot be told now. */
export type AskReach = (gvr: GroupVersionResource, signal: AbortSignal) => Promise<Reach>;

export interface ReflectionNeeds<T extends KubeObject> {
  readonly collection: LiveCollection<T>;
  readonly reflector: Omit<ReflectorNeeds<T>, 'target' | 'namespace' | 'onForbidden'>;
  /** Absent: everywhere or not at all. */
  readonly reach?: AskReach | undefined;
}

interface Follower {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Looking is at most this share of the time, however many namespaces there are to ask about. */
const LOOKS_SHARE = 0.1;

/**
 * Keeps a collection current: by one reflector for all of it, and where that is forbidden by one for each namespace that
 * may be read, until everything may be read (again).
 */
export class Reflection<T extends KubeObject> {
  readonly #needs: ReflectionNeeds<T>;
  readonly #followers = new Map<string, Follower>();
  /** How often in a row a list was refused although review allows it. */
  #contradictions = 0;

  constructor(needs: ReflectionNeeds<T>) {
    this.#needs = needs;
  }

  /** Resolves when the signal has aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { reach, reflector, collection } = this.#needs;
    if (!reach) return new Reflector<T>({ ...reflector, target: collection }).run(signal);
    while (!signal.aborted) {
      const refusal = await this.#everywhere(signal);
      if (!refusal) return;
      await this.#byNamespace(refusal, reach, signal);
      await this.#follow(new Set());
      collection.widen();
    }
  }

  /** Resolves to why it ends, or to nothing when the signal has aborted. */
  async #everywhere(signal: AbortSignal): Promise<StatusError | undefined> {
    const { reflector, collection } = this.#needs;
    const refused = new AbortController();
    let refusal: StatusError | undefined;
    const onForbidden = (error: StatusError): void => {
      refusal = error;
      refused.abort();
    };
    const whole = new Reflector<T>({ ...reflector, target: collection, onForbidden });
    const { clock, timing } = reflector;
    const began = clock.monotonic();
    await whole.run(AbortSignal.any([signal, refused.signal]));
    if (clock.monotonic() - began > timing.unavailable.maxMs) this.#contradictions = 0;
    return signal.aborted ? undefined : refusal;
  }

  /** Resolves when everything may be read, or the signal has aborted. */
  async #byNamespace(refusal: StatusError, ask: AskReach, signal: AbortSignal): Promise<void> {
    const { collection, reflector } = this.#needs;
    const { clock, timing, gvr, logger } = reflector;
    for (let look = 0; ; look += 1) {
      const began = clock.monotonic();
      const reach = await ask(gvr, signal).catch((err: unknown) => {
        logger.debug('where it may be read is not known', { gvr: formatGvr(gvr), err });
        return undefined;
      });
      if (signal.aborted || (reach?.all && look > 0)) return;
      if (reach) this.#contradictions = reach.all ? this.#contradictions + 1 : 0;
      if (reach && !reach.all) await this.#follow(reach.namespaces);
      const nowhere = this.#followers.size === 0;
      if (nowhere) {
        collection.widen();
        collection.impossible(refusal, false);
      }
      const tookMs = clock.monotonic() - began;
      const pauseMs = nowhere
        ? backoffMs(clock, Math.max(look, this.#contradictions), timing.unavailable)
        : Math.max(timing.reachMs * (1 - clock.random() / 10), tookMs / LOOKS_SHARE);
      await clock.sleep(pauseMs, signal).catch(() => {});
    }
  }

  /** One reflector for each of these namespaces, and no others. */
  async #follow(namespaces: ReadonlySet<string>): Promise<void> {
    const { collection, reflector } = this.#needs;
    const gone = [...this.#followers].filter(([namespace]) => !namespaces.has(namespace));
    for (const [namespace, { stop }] of gone) {
      this.#followers.delete(namespace);
      stop.abort();
    }
    await Promise.all(gone.map(([, { done }]) => done));
    if (namespaces.size === 0) return;
    for (const [namespace, target] of collection.narrow(namespaces)) {
      if (this.#followers.has(namespace)) continue;
      const stop = new AbortController();
      const part = new Reflector<T>({ ...reflector, namespace, target });
      this.#followers.set(namespace, { stop, done: part.run(stop.signal) });
    }
  }
}
