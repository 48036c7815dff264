import { StatusError, isExpired, isStatusError, reasonOf } from '@krateyard/status/status-error';
import type { Reason } from '@krateyard/status/reasons';
import { pause, backoffMs, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Client } from '../client/client.ts';
import { formatGvr, type GroupVersionResource } from '../meta/group-version.ts';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubeObject, WatchEvent } from '../meta/object.ts';

/** Whom a reflector keeps current. */
export interface ReflectorTarget<T extends KubeObject> {
  fill(objects: readonly T[], seen: Set<string>): void;
  filled(seen: ReadonlySet<string>, resourceVersion: string): void;
  apply(events: readonly WatchEvent<T>[]): void;
  /** The connection stands, or a bookmark came: what is known is current. */
  proven(resourceVersion?: string): void;
  behind(reason: string): void;
  disconnected(reason: string): void;
  impossible(error: StatusError, gone: boolean): void;
}

export interface ReflectorTiming {
  /** API servers send a bookmark a minute; when neither it nor an event comes for this long, the watch is made anew. */
  readonly stallMs: number;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** Between looks at what is forbidden or not served. */
  readonly unavailable: { readonly baseMs: number; readonly maxMs: number };
  /** Between lists of what cannot be watched. */
  readonly pollMs: number;
  /** Between two looks at where the identity may read, while it may not read everywhere. */
  readonly reachMs: number;
}

export interface ReflectorNeeds<T extends KubeObject> {
  readonly client: Pick<Client, 'list' | 'watch'>;
  readonly gvr: GroupVersionResource;
  /** Only what is in this namespace. */
  readonly namespace?: string | undefined;
  readonly target: ReflectorTarget<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timing: ReflectorTiming;
  readonly pageSize: number;
  /** False: lists and then watches. Set to false by the reflector that learns that the server has no WatchList. */
  readonly watchList: { served: boolean };
  readonly onRelist: (reason: string) => void;
  readonly onReconnect: (reason: string) => void;
  /** Called instead of the target's `impossible` when the API server refuses. */
  readonly onForbidden?: (error: StatusError) => void;
}

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
const MAX_BATCH = 500;
const EVENTS_A_TURN = 200;
const FIRST_PAGE = 100;
/** A page whose taking over lasts longer is followed by a smaller one, so that parsing it never blocks the loop for long. */
const PAGE_WORK_MS = 12;
/** Timeouts in a row, with nothing learned in between, after which the last resourceVersion is given up: a server that was restored from a backup is silent about one from its future. */
const DISTRUST_AFTER = 3;

/** A list may be allowed or possible where a watch is not. */
const NO_STREAM: ReadonlySet<Reason> = new Set<Reason>([
  'Forbidden',
  'MethodNotAllowed',
  'NotAcceptable',
  'UnsupportedMediaType',
]);

/** Keeps a target equal to a collection of the API server: LIST or WatchList, then WATCH, for ever. */
export class Reflector<T extends KubeObject> {
  readonly #needs: ReflectorNeeds<T>;
  /** Where the next watch goes on; undefined: list first. */
  #resumeFrom: string | undefined;
  #everFilled = false;
  #watchListHere = true;
  #failures = 0;
  #notFound = 0;
  #timeouts = 0;
  /** A way of asking was refused, and there is another. */
  #fellBack = false;
  /** The target would not take the list. */
  #refused = false;

  constructor(needs: ReflectorNeeds<T>) {
    this.#needs = needs;
  }

  /** Resolves when the signal has aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#needs;
    while (!signal.aborted) {
      let pauseMs = 0;
      try {
        await this.#session(signal);
        this.#failures += 1;
        pauseMs = this.#failures === 1 ? 0 : this.#backoff();
        this.#needs.onReconnect('ended');
      } catch (error) {
        if (signal.aborted) return;
        pauseMs = this.#afterFailure(error);
      }
      await (pauseMs === 0 ? turn() : pause(clock, pauseMs, signal));
    }
  }

  async #session(signal: AbortSignal): Promise<void> {
    const { watchList } = this.#needs;
    if (this.#resumeFrom !== undefined) return this.#watch(signal, undefined);
    if (this.#everFilled) this.#needs.target.behind('The list is being fetched anew.');
    if (watchList.served && this.#watchListHere) return this.#watch(signal, new Set());
    await this.#list(signal);
    return this.#watch(signal, undefined);
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, gvr, namespace, clock, pageSize } = this.#needs;
    const seen = new Set<string>();
    let limit = Math.min(FIRST_PAGE, pageSize);
    let next: string | undefined;
    for (;;) {
      const page = await client.list<T>(gvr, {
        limit,
        omitManagedFields: true,
        signal,
        ...(namespace !== undefined && { namespace }),
        ...(next && { continue: next }),
      });
      await turn();
      const began = clock.monotonic();
      this.#fill(page.items, seen);
      const workMs = clock.monotonic() - began;
      limit = workMs > PAGE_WORK_MS ? Math.max(10, Math.floor(limit / 2)) : Math.min(pageSize, limit * 2);
      next = page.metadata.continue;
      if (!next) {
        this.#filled(seen, page.metadata.resourceVersion ?? '');
        return;
      }
    }
  }

  /** With `initial` the state comes first, by the same stream; its keys are collected there. */
  async #watch(signal: AbortSignal, initial: Set<string> | undefined): Promise<void> {
    const { client, gvr, namespace, clock, target, timing } = this.#needs;
    const stall = new StallTimer(signal, timing.stallMs, clock);
    let received = 0;
    const batch = new EventBatch<T>((events) => this.#take(events, initial));
    try {
      const events = client.watch<T>(gvr, {
        allowBookmarks: true,
        omitManagedFields: true,
        timeoutSeconds: 300 + Math.floor(clock.random() * 300),
        signal: stall.signal,
        ...(namespace !== undefined && { namespace }),
        onOpen: () => initial ?? target.proven(),
        ...(initial ? { sendInitialEvents: true } : { resourceVersion: this.#resumeFrom ?? '' }),
      });
      for await (const event of events) {
        stall.alive();
        // Events that wait in buffers would otherwise follow each other without the loop getting its turn.
        if ((received += 1) % EVENTS_A_TURN === 0) await turn();
        if (event.type !== 'BOOKMARK') batch.add(event);
        else {
          batch.flush();
          initial = this.#bookmark(event.object, initial);
        }
      }
    } catch (error) {
      if (initial && !signal.aborted) this.#doubtWatchList(error, stall.fired);
      throw error;
    } finally {
      stall.dispose();
      batch.flush();
    }
    if (initial) this.#watchListHere = false;
  }

  #bookmark(bookmark: T, initial: Set<string> | undefined): Set<string> | undefined {
    const { resourceVersion = '', annotations } = bookmark.metadata;
    if (initial && annotations?.[INITIAL_EVENTS_END] === 'true') {
      this.#filled(initial, resourceVersion);
      return undefined;
    }
    if (!initial) this.#proven(resourceVersion);
    return initial;
  }

  #take(events: readonly WatchEvent<T>[], initial: Set<string> | undefined): void {
    const { target } = this.#needs;
    if (!initial) {
      target.apply(events);
      this.#proven(events.at(-1)?.object.metadata.resourceVersion);
      return;
    }
    const [gone, here] = [
      events.filter(({ type }) => type === 'DELETED'),
      events.filter(({ type }) => type !== 'DELETED'),
    ];
    this.#fill(
      here.map(({ object }) => object),
      initial,
    );
    for (const { object } of gone) initial.delete(formatKey(keyOf(object)));
  }

  #fill(objects: readonly T[], seen: Set<string>): void {
    try {
      this.#needs.target.fill(objects, seen);
    } catch (error) {
      this.#refused = true;
      throw error;
    }
  }

  #filled(seen: ReadonlySet<string>, resourceVersion: string): void {
    this.#needs.target.filled(seen, resourceVersion);
    this.#everFilled = true;
    this.#notFound = 0;
    this.#resumeFrom = resourceVersion;
    this.#failures = 0;
    this.#timeouts = 0;
  }

  #proven(resourceVersion: string | undefined): void {
    if (!resourceVersion) return;
    this.#resumeFrom = resourceVersion;
    this.#failures = 0;
    this.#timeouts = 0;
    this.#needs.target.proven(resourceVersion);
  }

  /** Says how long to wait before the next try. */
  #afterFailure(error: unknown): number {
    const { target, timing, gvr, logger, clock, onRelist, onReconnect } = this.#needs;
    const reason = reasonOf(error);
    if (this.#fellBack) {
      this.#fellBack = false;
      return 0;
    }
    this.#failures += 1;
    this.#timeouts = reason === 'Timeout' ? this.#timeouts + 1 : 0;
    onReconnect(reason);
    if (this.#refused) {
      this.#refused = false;
      return backoffMs(clock, 0, { ...timing.unavailable, baseMs: timing.unavailable.maxMs });
    }
    if (reason === 'Forbidden' || reason === 'NotFound') return this.#unavailable(error as StatusError);
    if (reason === 'MethodNotAllowed' && this.#resumeFrom !== undefined) {
      this.#resumeFrom = undefined;
      return timing.pollMs;
    }
    if (
      isExpired(error) ||
      isTooLarge(error) ||
      reason === 'InternalError' ||
      this.#timeouts >= DISTRUST_AFTER
    ) {
      if (this.#resumeFrom !== undefined) onRelist(reason);
      this.#resumeFrom = undefined;
    }
    if ((isExpired(error) || reason === 'Timeout') && this.#failures === 1) return 0;
    const message = isStatusError(error) ? error.message : 'The watch broke.';
    target.disconnected(message);
    const delayMs = backoffMs(clock, this.#failures - 1, timing.backoff);
    logger.debug('watch failed, trying again', { gvr: formatGvr(gvr), reason, delayMs, err: error });
    return delayMs;
  }

  /** What is not served is gone, but only when said twice: an API server that starts may not know its CRDs yet. */
  #unavailable(error: StatusError): number {
    const { target, timing, clock, onForbidden } = this.#needs;
    const notFound = error.reason === 'NotFound';
    this.#notFound = notFound ? this.#notFound + 1 : 0;
    this.#resumeFrom = undefined;
    if (onForbidden && !notFound) onForbidden(error);
    else target.impossible(error, notFound && this.#notFound > 1);
    return backoffMs(clock, this.#failures - 1, timing.unavailable);
  }

  /** A server without WatchList says so in several ways: a refusal, an ERROR event, or silence. */
  #doubtWatchList(error: unknown, stalled: boolean): void {
    const reason = reasonOf(error);
    const message = isStatusError(error) ? error.message : '';
    const everywhere =
      /sendInitialEvents|RequestWatchProgress|WatchList/i.test(message) ||
      reason === 'Invalid' ||
      reason === 'BadRequest';
    if (everywhere) this.#needs.watchList.served = false;
    else if (stalled || NO_STREAM.has(reason)) this.#watchListHere = false;
    else return;
    this.#fellBack = true;
  }

  #backoff(): number {
    return backoffMs(this.#needs.clock, Math.max(0, this.#failures - 2), this.#needs.timing.backoff);
  }
}

/** Aborts when `alive` was not called for `afterMs`; linked to the outer signal. */
class StallTimer {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #clock: Clock;
  readonly #afterMs: number;
  readonly #onAbort = (): void => this.#controller.abort(this.#outer.reason);
  #lastAt: number;
  #cancel: () => void;
  fired = false;

  constructor(outer: AbortSignal, afterMs: number, clock: Clock) {
    this.#outer = outer;
    this.#clock = clock;
    this.#afterMs = afterMs;
    this.#lastAt = clock.monotonic();
    this.#cancel = this.#arm(afterMs);
    outer.addEventListener('abort', this.#onAbort, { once: true });
    if (outer.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  alive(): void {
    this.#lastAt = this.#clock.monotonic();
  }

  dispose(): void {
    this.#cancel();
    this.#outer.removeEventListener('abort', this.#onAbort);
  }

  #arm(delayMs: number): () => void {
    return this.#clock.after(delayMs, () => {
      const leftMs = this.#lastAt + this.#afterMs - this.#clock.monotonic();
      if (leftMs > 0) {
        this.#cancel = this.#arm(leftMs);
        return;
      }
      this.fired = true;
      this.#controller.abort(
        new StatusError('Timeout', 'The API server sent nothing for too long; the watch is made anew.'),
      );
    });
  }
}

/** Events that arrive in one turn of the event loop are taken together, at most 500. */
class EventBatch<T extends KubeObject> {
  readonly #take: (events: readonly WatchEvent<T>[]) => void;
  #events: WatchEvent<T>[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #failure: Error | undefined;

  constructor(take: (events: readonly WatchEvent<T>[]) => void) {
    this.#take = take;
  }

  /** Throws what taking earlier events threw. */
  add(event: WatchEvent<T>): void {
    if (this.#failure) throw this.#failure;
    this.#events.push(event);
    if (this.#events.length >= MAX_BATCH) this.flush();
    else this.#scheduled ??= setImmediate(() => this.#flushLater());
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch (error) {
      this.#failure = error as Error;
    }
  }

  flush(): void {
    if (this.#failure) throw this.#failure;
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#take(events);
  }
}

function isTooLarge(error: unknown): boolean {
  return (
    isStatusError(error) &&
    Boolean(error.details?.causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge'))
  );
}

/** Lets sockets and timers have their turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
