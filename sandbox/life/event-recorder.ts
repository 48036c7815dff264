import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound } from '@krateyard/status/status-error';
import type { Logger } from '@krateyard/telemetry/logger';
import { RESOURCES } from './resources.ts';
import type { WorkLoop } from './work-loop.ts';
import { microTimestamp, timestamp, type World } from './world.ts';

/** kube-apiserver's `--event-ttl`. */
const TTL_MS = 3_600_000;
const SWEEP_MS = 60_000;
/** Distinct events whose repeats are counted; beyond it the oldest starts anew. */
const REMEMBERED = 4096;

export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

export interface EventSubject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

export interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly action?: string;
}

interface CoreEvent extends KubeObject {
  count?: number;
  lastTimestamp?: string;
  firstTimestamp?: string;
}

/** Writes core/v1 Events; the same event again raises the count of the first. Never fails: events are best effort. */
export class EventRecorder {
  #world: World;
  #logger: Logger;
  #seen = new Map<string, { name: string; count: number; at: number }>();
  #sequence = 0n;

  constructor(world: World, loop: WorkLoop, logger: Logger) {
    this.#world = world;
    this.#logger = logger;
    world.mirror<CoreEvent>(RESOURCES.events);
    const sweep = loop.register('event-ttl', () => this.#sweep());
    sweep('all');
  }

  async record(source: EventSource, subject: EventSubject, event: Happening): Promise<void> {
    const now = this.#world.clock.now();
    const id = [
      source.component,
      source.host,
      subject.uid,
      subject.fieldPath,
      event.type,
      event.reason,
      event.message,
    ].join('|');
    const known = this.#seen.get(id);
    try {
      if (known && now - known.at < TTL_MS) await this.#repeat(id, known, subject, now);
      else await this.#first(id, source, subject, event, now);
    } catch (error) {
      this.#logger.debug('an event was not written', { reason: event.reason, err: error });
    }
  }

  async #repeat(
    id: string,
    known: { name: string; count: number },
    subject: EventSubject,
    now: number,
  ): Promise<void> {
    const count = known.count + 1;
    this.#seen.delete(id);
    this.#seen.set(id, { name: known.name, count, at: now });
    try {
      await this.#world.client.patch(RESOURCES.events, known.name, subject.namespace || 'default', {
        count,
        lastTimestamp: timestamp(now),
      });
    } catch (error) {
      if (isNotFound(error)) this.#seen.delete(id);
      throw error;
    }
  }

  async #first(
    id: string,
    source: EventSource,
    subject: EventSubject,
    event: Happening,
    now: number,
  ): Promise<void> {
    const stamp = (BigInt(now) * 1_000_000n + this.#sequence++).toString(16);
    const name = `${subject.name}.${stamp}`;
    const namespace = subject.namespace || 'default';
    const scheduled = source.component === 'default-scheduler';
    await this.#world.client.create<CoreEvent>(RESOURCES.events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: subject,
      reason: event.reason,
      message: event.message,
      type: event.type,
      source: scheduled ? {} : source,
      reportingComponent: source.component,
      reportingInstance: source.host ?? (scheduled ? `${source.component}-sandbox` : ''),
      ...(scheduled
        ? {
            eventTime: microTimestamp(now),
            action: event.action ?? 'Binding',
            firstTimestamp: null,
            lastTimestamp: null,
          }
        : { eventTime: null, firstTimestamp: timestamp(now), lastTimestamp: timestamp(now), count: 1 }),
    } as unknown as CoreEvent);
    if (this.#seen.size >= REMEMBERED) this.#seen.delete(this.#seen.keys().next().value!);
    this.#seen.set(id, { name, count: 1, at: now });
  }

  async #sweep(): Promise<number> {
    const oldest = this.#world.clock.now() - TTL_MS;
    for (const event of Array.from(this.#world.mirror<CoreEvent>(RESOURCES.events).all())) {
      const at =
        event.lastTimestamp ?? (event['eventTime'] as string | undefined) ?? event.metadata.creationTimestamp;
      if (at && Date.parse(at) < oldest) await this.#world.remove(RESOURCES.events, event);
    }
    return SWEEP_MS;
  }
}

export function subjectOf(
  object: KubeObject,
  apiVersion: string,
  kind: string,
  fieldPath?: string,
): EventSubject {
  return {
    apiVersion,
    kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name!,
    uid: object.metadata.uid ?? object.metadata.name!,
    ...(object.metadata.resourceVersion && { resourceVersion: object.metadata.resourceVersion }),
    ...(fieldPath !== undefined && { fieldPath }),
  };
}
