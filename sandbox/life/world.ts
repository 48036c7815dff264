import { formatGvr, type GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isAlreadyExists, isNotFound } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { LocalClient } from '../api/local-client.ts';
import { Mirror } from './mirror.ts';

/**
 * What all controllers share: mirrors of the collections, and writes. One watch a collection, opened by `start`; its event
 * has arrived when the promise of the write resolves.
 */
export class World {
  readonly client: LocalClient;
  readonly clock: Clock;
  readonly #logger: Logger;
  #mirrors = new Map<string, { gvr: GroupVersionResource; mirror: Mirror<KubeObject> }>();
  #signal: AbortSignal | undefined;

  constructor(client: LocalClient, clock: Clock, logger: Logger) {
    this.#logger = logger;
    this.client = client;
    this.clock = clock;
  }

  mirror<T extends KubeObject>(gvr: GroupVersionResource): Mirror<T> {
    const id = formatGvr(gvr);
    let found = this.#mirrors.get(id);
    if (!found) {
      found = { gvr, mirror: new Mirror<KubeObject>() };
      this.#mirrors.set(id, found);
      if (this.#signal) this.#watch(found.gvr, found.mirror, this.#signal);
    }
    return found.mirror as unknown as Mirror<T>;
  }

  start(signal: AbortSignal): void {
    this.#signal = signal;
    for (const { gvr, mirror } of this.#mirrors.values()) this.#watch(gvr, mirror, signal);
  }

  /** Now, as the API writes times: whole seconds. */
  time(): string {
    return timestamp(this.clock.now());
  }

  async create<T extends KubeObject>(gvr: GroupVersionResource, object: T): Promise<T> {
    return this.client.create(gvr, object);
  }

  /** Creates, or leaves what is there; resolves with what is there now. */
  async ensure<T extends KubeObject>(gvr: GroupVersionResource, object: T): Promise<T> {
    try {
      return await this.create(gvr, object);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      return this.client.get<T>(gvr, object.metadata.name!, object.metadata.namespace);
    }
  }

  /** A merge patch; null removes a field. */
  async patch<T extends KubeObject>(gvr: GroupVersionResource, object: T, patch: object): Promise<T> {
    const { name, namespace } = object.metadata;
    return this.client.patch<T>(gvr, name!, namespace, patch);
  }

  async patchStatus<T extends KubeObject>(gvr: GroupVersionResource, object: T, status: object): Promise<T> {
    const { name, namespace } = object.metadata;
    return this.client.patch<T>(gvr, name!, namespace, { status }, 'status');
  }

  /** Deletes this very object (by uid); one that is gone already is no error. */
  async remove(
    gvr: GroupVersionResource,
    object: KubeObject,
    options: {
      gracePeriodSeconds?: number;
      propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
    } = {},
  ): Promise<void> {
    const { name, namespace, uid } = object.metadata;
    try {
      await this.client.delete(gvr, name!, namespace, {
        ...options,
        ...(uid !== undefined && { preconditions: { uid } }),
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #watch(gvr: GroupVersionResource, mirror: Mirror<KubeObject>, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.client.watch(
      gvr,
      ({ type, object }) => {
        try {
          if (type === 'DELETED') mirror.forget(object);
          else if (type === 'ADDED' || type === 'MODIFIED') mirror.observe(object);
        } catch (err) {
          // One odd object must not end the cluster; whoever looks at it next gets another chance.
          this.#logger.error('a controller could not take a change in', { err });
        }
      },
      signal,
    );
  }
}

/** RFC 3339 in whole seconds, as metav1.Time. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 with microseconds, as metav1.MicroTime. */
export function microTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
