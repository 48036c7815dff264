import { noMetrics, type Metrics } from '@krateyard/telemetry/metrics';
import type { Clock } from '@krateyard/telemetry/clock';
import type { AccessAnswer, AccessQuestion } from './access.ts';
import { ConcurrencyGate } from './concurrency-gate.ts';
import type { Principal } from './principal.ts';
import { EVERYTHING, type AccessChange } from './rbac-changes.ts';
import { dropOldest } from './drop-oldest.ts';

/** How long an answer is believed while the watches on RBAC are connected; what they cannot see (webhooks) shows after this. */
const TTL_MS = 10_000;
/** The same while they are not; with the period of live scopes (600 ms) a lost right still shows within a second. */
const BLIND_TTL_MS = 300;
/**
 * The API server's authorizer learns of a change from a cache of its own, possibly after we did: for this long an answer
 * about what has changed may still be the old one and is believed only `UNSETTLED_TTL_MS`.
 */
export const SETTLE_MS = 1_500;
const UNSETTLED_TTL_MS = 100;
const MAX_RECENT_CHANGES = 200;
/** One person without rights everywhere in a cluster of 5,000 namespaces asks 10,000 questions. */
const MAX_WAITING = 50_000;

interface Remembered {
  readonly answer: Promise<AccessAnswer>;
  readonly who: Principal;
  readonly namespace: string | undefined;
  readonly askedAt: number;
}

export interface AccessAnswersOptions {
  readonly ask: (who: Principal, question: AccessQuestion) => Promise<AccessAnswer>;
  readonly clock: Clock;
  readonly metrics?: Metrics;
  readonly maxEntries: number;
  readonly maxConcurrent: number;
  /** True while changes of RBAC are seen. */
  readonly live: () => boolean;
}

/** Answers of the API server, asked once for equal questions, remembered briefly and within a bound. */
export class AccessAnswers {
  readonly #options: AccessAnswersOptions;
  readonly #gate: ConcurrencyGate;
  readonly #remembered = new Map<string, Remembered>();
  readonly #names = new WeakMap<Principal, string>();
  #recent: { readonly change: AccessChange; readonly until: number }[] = [];
  readonly #asked;

  constructor(options: AccessAnswersOptions) {
    this.#options = options;
    this.#gate = new ConcurrencyGate(options.maxConcurrent, MAX_WAITING);
    const metrics = options.metrics ?? noMetrics;
    this.#asked = metrics.counter('krateyard_access_reviews_total', 'Questions put to the API server.', []);
    metrics.gauge('krateyard_access_answers', 'Answers remembered.', [], (gauge) =>
      gauge.set(this.#remembered.size),
    );
  }

  get(who: Principal, question: AccessQuestion): Promise<AccessAnswer> {
    const key = this.#key(who, question);
    const known = this.#remembered.get(key);
    return known && this.#believed(known) ? known.answer : this.#ask(key, who, question);
  }

  /** Forgets what the change may have made untrue. */
  forget(change: AccessChange): void {
    const now = this.#options.clock.monotonic();
    this.#recent = this.#recent.filter(({ until }) => until > now);
    // Many changes at once: one that stands for all of them.
    const merged = this.#recent.length >= MAX_RECENT_CHANGES ? EVERYTHING : change;
    if (merged === EVERYTHING) this.#recent = [];
    this.#recent.push({ change: merged, until: now + SETTLE_MS });
    for (const [key, known] of this.#remembered) if (touches(merged, known)) this.#remembered.delete(key);
  }

  clear(): void {
    this.#remembered.clear();
  }

  #believed(known: Remembered): boolean {
    const now = this.#options.clock.monotonic();
    const unsettled = this.#recent.some(
      ({ change, until }) => known.askedAt < until && touches(change, known),
    );
    const usual = this.#options.live() ? TTL_MS : BLIND_TTL_MS;
    return now - known.askedAt < (unsettled ? UNSETTLED_TTL_MS : usual);
  }

  #ask(key: string, who: Principal, question: AccessQuestion): Promise<AccessAnswer> {
    this.#asked.add();
    const answer = this.#gate.run(() => this.#options.ask(who, question));
    const askedAt = this.#options.clock.monotonic();
    const known: Remembered = { answer, who, namespace: question.namespace, askedAt };
    this.#remembered.delete(key);
    this.#remembered.set(key, known);
    dropOldest(this.#remembered, this.#options.maxEntries);
    answer.catch(() => this.#remembered.get(key) === known && this.#remembered.delete(key));
    return answer;
  }

  #key(who: Principal, question: AccessQuestion): string {
    const { verb, resource, subresource, namespace, name } = question;
    return JSON.stringify([
      this.#nameOf(who),
      verb,
      resource.group,
      resource.version,
      resource.resource,
      subresource,
      namespace,
      name,
    ]);
  }

  /** Two tokens of one person may carry different groups. */
  #nameOf(who: Principal): string {
    const known = this.#names.get(who);
    if (known !== undefined) return known;
    const name = JSON.stringify([who.id, who.via, who.uid, who.groups, who.extra]);
    this.#names.set(who, name);
    return name;
  }
}

function touches(change: AccessChange, known: { who: Principal; namespace: string | undefined }): boolean {
  const here =
    change.namespaces === undefined ||
    (known.namespace !== undefined && change.namespaces.has(known.namespace));
  return here && change.affects(known.who);
}
