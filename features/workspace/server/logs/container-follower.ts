import type { Client } from '@krateyard/kube/client/client';
import type { LineBlock } from '@krateyard/kube/stream/line-block';
import { LineList } from '@krateyard/kube/stream/line-list';
import { LogTracker, type LogMark } from '@krateyard/kube/stream/log-mark';
import { LogSeam } from '@krateyard/kube/stream/log-seam';
import { openLog, type LogPlace, type LogStreamOptions } from '@krateyard/kube/stream/log-stream';
import { isStatusError, reasonOf, StatusError } from '@krateyard/status/status-error';
import { backoffMs, type Clock } from '@krateyard/telemetry/clock';
import type { LogGap } from '../../contract/log-protocol.ts';
import { watchSilence } from './silence-probe.ts';
import { containerRun, type ContainerRun, type LoggedPod, type TerminatedRun } from './pod-containers.ts';

/** One pod as the cache knows it. */
export interface PodView {
  /** Undefined when it is gone, or another pod has its name. */
  current(): LoggedPod | undefined;
  /** Resolves at its next change, or after `ms`; rejects when the signal aborts. */
  changed(ms: number, signal: AbortSignal): Promise<void>;
}

export interface BegunRun {
  readonly restarts: number;
  readonly node: string | undefined;
  /** Not from its first line on. */
  readonly inside: boolean;
  /** Goes on where another reading has stopped. */
  readonly resumed: boolean;
}

/** Where a container's log goes; everything in order. */
export interface FollowerSink {
  /** A run is read from here on. */
  begun(run: BegunRun): void;
  /** The promise resolves when more may come. */
  lines(block: LineBlock): Promise<void> | undefined;
  /** Read, but not wanted: only counts for where to go on. */
  known(block: LineBlock): void;
  gap(gap: Pick<LogGap, 'from' | 'to' | 'why'>): void;
  /** A run has ended. */
  ended(how: { readonly reason: string; readonly exitCode?: number; readonly status?: StatusError }): void;
  problem(error: unknown): void;
  /** All that was asked for of the past has been given. */
  caughtUp(): void;
}

export interface FollowerDeps {
  readonly client: () => Client;
  readonly clock: Clock;
  readonly pod: PodView;
}

/** What of one container's log is wanted. Times are normal times. */
export interface FollowerAim {
  readonly follow: boolean;
  readonly tail: number | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly previous: boolean;
  /** Goes on where another reading has stopped. */
  readonly from?: { readonly restarts: number; readonly mark: LogMark } | undefined;
}

/** Between two tries to open or go on. */
const RETRY = { baseMs: 100, maxMs: 5_000 };
/** A change of the pod that has not come by watch by then is looked for anyway. */
const LOOK_MS = 1_000;
/** Lines that a seam holds are given on when nothing more comes for so long. */
const UNDECIDED_MS = 250;
/** Failures that may pass: the server, or the way to it. */
const PASSING = new Set([
  'ServiceUnavailable',
  'Timeout',
  'InternalError',
  'ServerTimeout',
  'TooManyRequests',
]);

const REFUSALS = new Set(['Forbidden', 'Unauthorized']);
/** With their pauses some 40 s. */
const MAX_REFUSALS = 12;

/**
 * `strict`: nothing is given unless the seam is found. `hidden`: lines only count for where to go on. `late`: lines are given,
 * and do not count.
 */
type ReadMode = 'plain' | 'strict' | 'hidden' | 'late';

type Ending =
  | { readonly is: 'clean' }
  | { readonly is: 'broken'; readonly error: unknown; readonly opened: boolean };

/**
 * Reads the log of one container: its past, then what comes, over broken connections, rotation and restarts, to the end of its
 * last run. Nothing is given twice; where something may be missing, `gap` says between which times.
 */
export class ContainerFollower {
  readonly #deps: FollowerDeps;
  readonly #place: LogPlace;
  readonly #aim: FollowerAim;
  readonly #sink: FollowerSink;
  #tracker = new LogTracker();
  /** The run that is being read. */
  #run: Pick<ContainerRun, 'id' | 'restarts'> | undefined;
  /** It was read to its end. */
  #complete = false;
  /** No stream that was followed has told the run to its end. */
  #endMissed = true;
  #held = false;
  /** The run was opened by what the cache said of it, which may have been old: it may be a later one. */
  #blind = false;
  /** The API server has let this be read once. */
  #reached = false;
  readonly #answered = Promise.withResolvers<void>();

  constructor(deps: FollowerDeps, place: LogPlace, aim: FollowerAim, sink: FollowerSink) {
    this.#deps = deps;
    this.#place = place;
    this.#aim = aim;
    this.#sink = sink;
    this.#answered.promise.catch(() => {});
  }

  /** Resolves when the API server has answered, or there is nothing to ask yet; rejects with its refusal. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  /** Resolves at the end of it all, or when the signal aborts. Never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    try {
      await this.#past(signal);
      this.#sink.caughtUp();
      if (this.#aim.follow) await this.#present(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#answered.reject(error);
      this.#sink.caughtUp();
      if (!this.#reached) this.#sink.problem(error);
      else
        this.#sink.ended({ reason: reasonOf(error), ...(error instanceof StatusError && { status: error }) });
    } finally {
      this.#answered.resolve();
    }
  }

  /** Reads what is there. Throws the API server's refusal. */
  async #past(signal: AbortSignal): Promise<void> {
    const { follow, tail, since, previous, from } = this.#aim;
    const run = this.#look();
    if (run?.id === undefined && follow) return;
    if (from) return this.#goOn(from, signal);
    this.#begin(run, tail !== undefined);
    // The last line is read even if none is to be shown: it says where to go on.
    await this.#whole(
      {
        follow: false,
        previous,
        ...(tail !== undefined && { tail: Math.max(1, tail) }),
        ...(since !== undefined && { sinceSecond: `${since.slice(0, 19)}Z` }),
      },
      signal,
      tail === 0 ? 'hidden' : 'plain',
    );
    this.#complete = run?.ended !== undefined;
    this.#blind = false;
  }

  /** From where another session stopped to the present. */
  async #goOn({ restarts, mark }: NonNullable<FollowerAim['from']>, signal: AbortSignal): Promise<void> {
    const run = this.#look();
    if (!run) return;
    this.#tracker = LogTracker.from(mark);
    this.#run = { id: run.restarts === restarts ? run.id : undefined, restarts };
    this.#tellBegun(false, true);
    if (run.restarts !== restarts) await this.#turnOver(run, signal);
    // Where the last line is not there any more, what is there is told behind a gap.
    else if ((await this.#rest(false, signal)) !== 'found')
      await this.#whole({ follow: false }, signal, 'plain');
  }

  async #present(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const run = this.#look();
      if (run === undefined) return this.#gone();
      if (run.id === undefined) {
        if (run.over) return this.#sink.ended({ reason: 'NeverStarted' });
        this.#answered.resolve();
        await this.#deps.pod.changed(LOOK_MS, signal);
        continue;
      }
      if (this.#run === undefined) this.#begin(run, false);
      else if (this.#run.id !== run.id) await this.#turnOver(run, signal);
      if (run.ended) {
        await this.#finish(run.ended, signal);
        if (run.over) return;
        await this.#nextRun(run, signal);
        attempt = -1;
        continue;
      }
      const before = this.#tracker.at;
      const ending = await this.#stream(signal);
      // What could not be opened again loses nothing that the one before it had told to its end.
      if (ending.is === 'clean' || ending.opened) this.#endMissed = ending.is === 'broken';
      if (signal.aborted) return;
      if (this.#tracker.at !== before) attempt = 0;
      await this.#pauseAfter(ending, attempt, signal);
    }
  }

  /** Follows until the server ends it, it is found not to tell what the container writes, or another run has long begun. */
  async #stream(signal: AbortSignal): Promise<Ending> {
    const mark = this.#tracker.mark();
    const given = new AbortController();
    const giveUp = (why: string): void => given.abort(new StatusError('ServiceUnavailable', why));
    const stopWatching = watchSilence(
      { ...this.#deps, place: this.#place, lastAt: () => this.#tracker.at, isHeld: () => this.#held },
      () => giveUp('The log went silent; it is opened anew.'),
    );
    const end = AbortSignal.any([signal, given.signal]);
    const over = new AbortController();
    void this.#otherRun(AbortSignal.any([end, over.signal])).then(
      () => giveUp('Another run has begun.'),
      () => {},
    );
    try {
      return await this.#read({ follow: true, sinceSecond: mark?.anchor }, end, mark && new LogSeam(mark));
    } catch (error) {
      if (signal.aborted || !given.signal.aborted) throw error;
      return { is: 'broken', error: given.signal.reason, opened: true };
    } finally {
      over.abort();
      stopWatching();
    }
  }

  /** Resolves when the pod has said for a while that another run is the present one. */
  async #otherRun(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#deps.pod.changed(LOOK_MS * 60, signal);
      const run = this.#look();
      if (run?.id !== undefined && run.id !== this.#run?.id) return this.#deps.clock.sleep(LOOK_MS, signal);
    }
  }

  /** Another run has begun: the rest of the one that was read, then the new one from its beginning. */
  async #turnOver(run: ContainerRun, signal: AbortSignal): Promise<void> {
    const last = this.#run;
    const skipped = run.restarts - (last?.restarts ?? run.restarts) > 1;
    const rest = this.#complete ? 'found' : skipped ? 'gone' : await this.#rest(true, signal);
    // What was taken for the earlier run may have been this one already: then it has the last line.
    if (rest !== 'found' && !skipped && this.#tracker.at !== undefined) {
      if ((await this.#rest(false, signal)) === 'found') {
        if (this.#blind) await this.#read({ follow: false, previous: true }, signal, undefined, 'late');
        this.#run = { id: run.id, restarts: run.restarts };
        return;
      }
    }
    if (rest !== 'found') this.#lost('restarted');
    if (!this.#complete) this.#sink.ended(endOf(run.before));
    this.#tracker = new LogTracker();
    this.#begin(run, false);
  }

  /** The present run has ended: whatever a broken connection may have left. */
  async #finish(ended: TerminatedRun, signal: AbortSignal): Promise<void> {
    if (!this.#complete) {
      const rest = await this.#rest(false, signal);
      // A log that is gone with its pod was told to its end where the stream of it ended by itself.
      if (rest === 'lost' || (rest === 'gone' && this.#endMissed)) this.#lost('rotated');
    }
    this.#complete = true;
    this.#sink.ended(endOf(ended));
  }

  async #nextRun(run: ContainerRun, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.#look();
      if (now === undefined || now.id !== run.id || now.over || !now.ended) return;
      await this.#deps.pod.changed(LOOK_MS * 30, signal);
    }
  }

  /**
   * Reads on from the last known line to the end of what there is. Nothing is given when that line is not there any more
   * (`lost`) or the log itself is not (`gone`).
   */
  async #rest(previous: boolean, signal: AbortSignal): Promise<'found' | 'lost' | 'gone'> {
    for (let attempt = 0; ; attempt += 1) {
      const mark = this.#tracker.mark();
      const seam = mark && new LogSeam(mark);
      const ending = await this.#read(
        { follow: false, previous, sinceSecond: mark?.anchor },
        signal,
        seam,
        'strict',
      );
      if (ending.is === 'clean') {
        if (seam === undefined || seam.found) return 'found';
        return seam.sawLines ? 'lost' : 'gone';
      }
      const reason = reasonOf(ending.error);
      if (!PASSING.has(reason) && !REFUSALS.has(reason)) return 'gone';
      await this.#pauseAfter(ending, attempt, signal);
    }
  }

  /** One reading to its end, over failures that pass. */
  async #whole(
    options: Omit<LogStreamOptions, 'signal'>,
    signal: AbortSignal,
    mode: ReadMode,
  ): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const mark = this.#tracker.mark();
      const again = mark && { follow: false, previous: options.previous ?? false, sinceSecond: mark.anchor };
      const ending = await this.#read(again ?? options, signal, mark && new LogSeam(mark), mode);
      if (ending.is === 'clean') return;
      await this.#pauseAfter(ending, attempt, signal);
    }
  }

  /** One request, to its end. */
  async #read(
    options: Omit<LogStreamOptions, 'signal'>,
    signal: AbortSignal,
    seam: LogSeam | undefined,
    mode: ReadMode = 'plain',
  ): Promise<Ending> {
    const strict = mode === 'strict';
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    let cancel = (): void => {};
    let opened = false;
    try {
      signal.throwIfAborted();
      const stream = await openLog(this.#deps.client(), this.#place, { ...options, signal: stop.signal });
      this.#answered.resolve();
      this.#reached = true;
      opened = true;
      for await (const block of stream) {
        cancel();
        const stamped = this.#stamped(block, strict);
        const fresh = seam ? this.#through(seam, stamped, strict) : stamped;
        if (fresh === undefined) return { is: 'clean' };
        if (fresh.count > 0) await this.#hold(this.#take(fresh, mode));
        if (seam?.undecided) cancel = this.#deps.clock.after(UNDECIDED_MS, () => this.#decide(seam, strict));
      }
      cancel();
      if (seam) this.#decide(seam, strict);
      return { is: 'clean' };
    } catch (error) {
      if (signal.aborted || !isStatusError(error)) throw error;
      return { is: 'broken', error, opened };
    } finally {
      cancel();
      signal.removeEventListener('abort', onAbort);
      stop.abort();
    }
  }

  /** Without words of the kubelet, which stand in for a log that it cannot read. */
  #stamped(block: LineBlock, quietly: boolean): LineBlock {
    if (block.plain) return block;
    const lines = block.lines();
    const words = lines.find(({ at }) => at === '');
    if (words === undefined) return block;
    if (words.text !== '' && !quietly) this.#sink.problem(new StatusError('InternalError', words.text));
    return new LineList(lines.filter(({ at }) => at !== ''));
  }

  /** The lines that are new; undefined when the seam is lost and nothing may be given. */
  #through(seam: LogSeam, block: LineBlock, strict: boolean): LineBlock | undefined {
    const before = seam.outcome;
    const fresh = seam.push(block);
    if (before === 'open' && seam.isLost) {
      if (strict) return undefined;
      this.#lost('rotated', fresh.firstAt);
    }
    return fresh;
  }

  #decide(seam: LogSeam, strict: boolean): void {
    const fresh = seam.decide();
    if (fresh.count === 0) return;
    if (seam.isLost) {
      if (strict) return;
      this.#lost('rotated', fresh.firstAt);
    }
    void this.#take(fresh, 'plain');
  }

  #take(block: LineBlock, mode: ReadMode): Promise<void> | undefined {
    if (mode !== 'late') this.#tracker.addAll(block);
    const { since, until } = this.#aim;
    if (mode === 'hidden') {
      this.#sink.known(block);
      return undefined;
    }
    const asked = since !== undefined || until !== undefined;
    return this.#sink.lines(asked ? block.between(since, until) : block);
  }

  /** Waits for the consumer, who may be slow. */
  async #hold(room: Promise<void> | undefined): Promise<void> {
    if (room === undefined) return;
    this.#held = true;
    await room;
    this.#held = false;
  }

  #look(): ContainerRun | undefined {
    const pod = this.#deps.pod.current();
    return pod && containerRun(pod, this.#place.container);
  }

  #begin(run: ContainerRun | undefined, inside: boolean): void {
    this.#run = { id: run?.id, restarts: run?.restarts ?? 0 };
    this.#complete = false;
    this.#tracker = new LogTracker(inside);
    this.#blind = true;
    this.#endMissed = true;
    this.#tellBegun(inside, false);
  }

  #tellBegun(inside: boolean, resumed: boolean): void {
    const node = this.#deps.pod.current()?.spec?.nodeName;
    this.#sink.begun({ restarts: this.#run?.restarts ?? 0, node, inside, resumed });
  }

  #lost(why: LogGap['why'], to?: string): void {
    const from = this.#tracker.at;
    if (from !== undefined) this.#sink.gap({ from, why, ...(to !== undefined && { to }) });
  }

  #gone(): void {
    if (this.#endMissed && !this.#complete) this.#lost('reconnect');
    if (this.#run !== undefined && !this.#complete) this.#sink.ended({ reason: 'PodDeleted' });
  }

  /** Throws what no other try will change. */
  async #pauseAfter(ending: Ending, attempt: number, signal: AbortSignal): Promise<void> {
    const waitMs = backoffMs(this.#deps.clock, attempt, RETRY);
    if (ending.is === 'clean') return this.#deps.pod.changed(waitMs, signal);
    const reason = reasonOf(ending.error);
    // An API server that has just started refuses what it does not know yet; a right that is lost ends the reading elsewhere.
    const notYet = this.#reached && REFUSALS.has(reason) && attempt < MAX_REFUSALS;
    if (PASSING.has(reason) || notYet) return this.#deps.clock.sleep(waitMs, signal);
    // A container that is about to start, a pod that is about to go: the cache will tell.
    const passing = this.#aim.follow && (reason === 'BadRequest' || reason === 'NotFound');
    if (!passing || attempt >= 20) throw ending.error;
    this.#answered.resolve();
    await this.#deps.pod.changed(waitMs, signal);
  }
}

function endOf(run: TerminatedRun | undefined): { reason: string; exitCode?: number } {
  const { reason = 'Ended', exitCode } = run ?? {};
  return { reason, ...(exitCode !== undefined && { exitCode }) };
}
