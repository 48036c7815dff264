import type { Hub } from '@krateyard/hub/hub';
import type { HubTopic } from '@krateyard/hub/hub-topic';
import type { Freshness } from '@krateyard/kube/cache/cache';
import { toStatus } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { OverviewLedger } from './overview-ledger.ts';
import { scopesId, type OverviewScopes } from './overview-scopes.ts';
import { OverviewSource } from './overview-source.ts';
import { OverviewView, type UsageNow } from './overview-view.ts';

interface Open {
  readonly topic: HubTopic;
  readonly view: OverviewView;
}

/** Shortest time between two messages of one overview: what changes in between is told together. */
const TELL_MS = 500;
const FRESHNESS_MS = 5000;

export interface OverviewRegistryDeps {
  readonly hub: Pick<Hub<never>, 'openTopic'>;
  readonly clock: Clock;
  readonly ledger: OverviewLedger;
  readonly meter: UsageMeter;
}

/** The overviews that somebody follows, one for each set of rights and namespaces: who may see the same gets the same bytes. */
export class OverviewRegistry {
  readonly #deps: OverviewRegistryDeps;
  readonly #usage: UsageNow;
  readonly #open = new Map<string, Open>();
  #cancelFreshness: (() => void) | undefined;

  constructor(deps: OverviewRegistryDeps) {
    this.#deps = deps;
    this.#usage = usageNow(deps.meter);
  }

  get size(): number {
    return this.#open.size;
  }

  open(scopes: OverviewScopes): HubTopic {
    const id = scopesId(scopes);
    const known = this.#open.get(id);
    if (known) return known.topic;
    const opened = this.#start(id, scopes);
    this.#open.set(id, opened);
    this.#cancelFreshness ??= this.#deps.clock.every(FRESHNESS_MS, () => this.#tellFreshness());
    return opened.topic;
  }

  /** One that nobody follows, for one answer. The ledger must be held. */
  once(scopes: OverviewScopes): OverviewView {
    return new OverviewView(this.#deps.ledger, scopes, this.#usage);
  }

  #start(id: string, scopes: OverviewScopes): Open {
    const { ledger, meter, clock, hub } = this.#deps;
    const holds = [ledger.hold(), meter.hold()];
    const pace = new Pace(clock, TELL_MS, () => topic.changed(view.takeDirty()));
    const view = new OverviewView(ledger, scopes, this.#usage, () => pace.soon());
    const source = new OverviewSource(view, () => topic.id);
    const stops = [
      ledger.listen({
        onEntry: (before, after) => view.onEntry(before, after),
        onFeed: (item) => view.onFeed(item),
        onState: () => {
          view.onState();
          topic.note(freshnessMessage(topic.id, view.freshness()));
        },
      }),
      meter.onLook(() => view.onUsage()),
      () => pace.stop(),
    ];
    const topic: HubTopic = hub.openTopic(source, {
      onIdle: () => {
        for (const stop of stops) stop();
        for (const hold of holds) hold[Symbol.dispose]();
        this.#close(id);
      },
      faultMessage,
    });
    return { topic, view };
  }

  #close(id: string): void {
    this.#open.delete(id);
    if (this.#open.size > 0) return;
    this.#cancelFreshness?.();
    this.#cancelFreshness = undefined;
  }

  #tellFreshness(): void {
    for (const { topic, view } of this.#open.values()) {
      if (topic.followers > 0) topic.note(freshnessMessage(topic.id, view.freshness()));
    }
  }
}

/** The first change after a pause is told at once, then at most one a period. */
class Pace {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #run: () => void;
  #cancel: (() => void) | undefined;
  #last = -Infinity;

  constructor(clock: Clock, periodMs: number, run: () => void) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#run = run;
  }

  soon(): void {
    if (this.#cancel) return;
    const wait = Math.max(0, this.#last + this.#periodMs - this.#clock.monotonic());
    this.#cancel = this.#clock.after(wait, () => {
      this.#cancel = undefined;
      this.#last = this.#clock.monotonic();
      this.#run();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

function usageNow(meter: UsageMeter): UsageNow {
  const share = (sample: readonly [number, number, number] | undefined) =>
    sample && { cpu: Math.round(sample[1] * 1000), memory: sample[2] };
  return {
    node: (name) => share(meter.latest('nodes', name)),
    namespace: (name) => share(meter.latestOfNamespace(name)),
    darkness: (kind) => meter.darkness(kind),
  };
}

/** What the hub tells when an overview cannot be encoded: a fault of ours, which its log has. */
function faultMessage(stream: string): Buffer {
  return Buffer.from(
    JSON.stringify({ type: 'ended', stream, status: toStatus(new Error('overview fault')) }),
  );
}

function freshnessMessage(stream: string, freshness: Freshness): Buffer {
  return Buffer.from(JSON.stringify({ type: 'freshness', stream, ...freshness }));
}
