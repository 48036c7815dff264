import type { Hub } from '@krateyard/hub/hub';
import type { HubTopic } from '@krateyard/hub/hub-topic';
import type { StateSource } from '@krateyard/hub/topic';
import type { Cache, Collection, CollectionLease, Freshness } from '@krateyard/kube/cache/cache';
import type { EncodedObjects } from '@krateyard/kube/cache/encoded';
import { formatGvr, type GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { toStatus } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { Order } from '../resources/order.ts';
import type { ViewSpec } from '../resources/view.ts';
import type { Payload } from './encode.ts';
import { SetSource, type SourceOptions } from './set-source.ts';
import { WindowSource } from './window-source.ts';

/** Everything that tells one stream from another: who asks the same gets the same bytes. */
export interface StreamSpec {
  readonly gvr: GroupVersionResource;
  readonly view: ViewSpec;
  readonly payload: Payload;
  readonly window?:
    | {
        readonly order: Order;
        readonly offset: number;
        readonly limit: number;
        readonly merge?: boolean | undefined;
      }
    | undefined;
}

interface Stream {
  readonly topic: HubTopic;
  readonly lease: CollectionLease;
}

/** How often every stream tells how fresh it is, beside when that changes. */
const FRESHNESS_MS = 5000;

/** The streams that live now, one per distinct spec. */
export class StreamRegistry {
  readonly #hub: Hub<never>;
  readonly #cache: Cache;
  readonly #clock: Clock;
  readonly #encoded: EncodedObjects;
  readonly #meter: UsageMeter;
  readonly #streams = new Map<string, Stream>();
  #cancelFreshness: (() => void) | undefined;

  constructor(deps: {
    hub: Pick<Hub<never>, 'openTopic'>;
    cache: Cache;
    clock: Clock;
    encoded: EncodedObjects;
    meter: UsageMeter;
  }) {
    this.#hub = deps.hub as Hub<never>;
    this.#cache = deps.cache;
    this.#clock = deps.clock;
    this.#encoded = deps.encoded;
    this.#meter = deps.meter;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** The collection must have its first list: a stream's first snapshot is whole. */
  open(spec: StreamSpec): HubTopic {
    const id = specId(spec);
    const known = this.#streams.get(id);
    if (known) return known.topic;
    const lease = this.#cache.lease(spec.gvr);
    const topic = this.#start(id, spec, lease);
    this.#streams.set(id, { topic, lease });
    this.#cancelFreshness ??= this.#clock.every(FRESHNESS_MS, () => this.#tellFreshness());
    return topic;
  }

  #start(id: string, spec: StreamSpec, lease: CollectionLease): HubTopic {
    const { collection } = lease;
    const source = createSource(spec, { collection, encoded: this.#encoded, stream: () => topic.id });
    const onIdle = (): void => {
      stop();
      unmeter?.();
      this.#close(id);
    };
    const topic = this.#hub.openTopic(source, { onIdle, faultMessage });
    const stop = collection.observe({
      onChanges: (changes) => topic.changed(changes.map(({ key }) => key)),
      onFreshness: (freshness) => topic.note(freshnessMessage(topic.id, freshness)),
    });
    const unmeter = spec.window?.order.measured && this.#followMeter(topic, collection);
    return topic;
  }

  /** After each look every row may have another place. */
  #followMeter(topic: HubTopic, collection: Collection): () => void {
    const unfollow = this.#meter.onLook(() => topic.changed(keysOf(collection)));
    const held = this.#meter.hold();
    return () => {
      unfollow();
      held[Symbol.dispose]();
    };
  }

  #close(id: string): void {
    this.#streams.get(id)?.lease[Symbol.dispose]();
    this.#streams.delete(id);
    if (this.#streams.size > 0) return;
    this.#cancelFreshness?.();
    this.#cancelFreshness = undefined;
  }

  #tellFreshness(): void {
    for (const { topic, lease } of this.#streams.values()) {
      if (topic.followers > 0) topic.note(freshnessMessage(topic.id, lease.collection.freshness()));
    }
  }
}

function* keysOf(collection: Collection): Iterable<string> {
  for (const [key] of collection.entries()) yield key;
}

function createSource(
  { view, payload, window }: StreamSpec,
  parts: Pick<SourceOptions, 'collection' | 'encoded' | 'stream'>,
): StateSource {
  const options = { ...parts, view, payload };
  return window ? new WindowSource({ ...options, ...window }) : new SetSource(options);
}

/** What the hub tells when a stream cannot be encoded: a fault of ours, which its log has. */
function faultMessage(stream: string): Buffer {
  return Buffer.from(JSON.stringify({ type: 'ended', stream, status: toStatus(new Error('stream fault')) }));
}

function freshnessMessage(stream: string, freshness: Freshness): Buffer {
  return Buffer.from(JSON.stringify({ type: 'freshness', stream, ...freshness }));
}

function specId({ gvr, view, payload, window }: StreamSpec): string {
  return JSON.stringify([
    formatGvr(gvr),
    view.namespaces,
    view.selection.id,
    payload,
    window && [window.order.id, window.offset, window.limit, window.merge ?? false],
  ]);
}
