import type { Client } from '@krateyard/kube/client/client';
import type { LineBlock } from '@krateyard/kube/stream/line-block';
import { LineList } from '@krateyard/kube/stream/line-list';
import { isStatusError, StatusError, toStatus } from '@krateyard/status/status-error';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { Clock } from '@krateyard/telemetry/clock';
import { ContainerFollower, type FollowerSink } from './container-follower.ts';
import { LineMerge } from './line-merge.ts';
import { LogSource } from './log-source.ts';
import type { MergeSource } from './merge-source.ts';
import type { LogOutlet } from './log-outlet.ts';
import type { LogRequest } from './log-request.ts';
import type { PodChoice } from './log-subject.ts';
import { containerNames, type LoggedPod } from './pod-containers.ts';
import type { PodWatch } from './pod-watch.ts';
import { positionKey, readPositions, writePositions, type Position } from './position-token.ts';
import { isSevereEnough, severityOf } from '../../contract/log-severity.ts';
import { SLOW_CLIENT, SlowClient } from './slow-client.ts';

/** Lines of different containers are put in order within this. */
export const MERGE_WINDOW_MS = 250;
/** How long the past of a container that does not answer holds up that of the others, once theirs has come, and at most. */
const PAST_WAIT_MS = 2_000;
const LONGEST_PAST_WAIT_MS = 10_000;
const MERGE_BYTES = 8 * 1024 * 1024;
/** Containers that are read at once for one reader; their positions fit into a token. */
const MAX_SOURCES = 200;
const POSITION_MS = 1_000;
export const HEARTBEAT_MS = 30_000;

export interface ReadingDeps {
  readonly client: () => Client;
  readonly clock: Clock;
  readonly pods: PodWatch;
  readonly choice: PodChoice;
  readonly requestId: string;
  /** Failures that are ours, for the log. */
  readonly onFault: (error: unknown) => void;
  /** For metrics. */
  readonly onLines: (how: 'told' | 'skipped', lines: number) => void;
}

/** What one question for logs gives, as long as it lasts: containers that come and go, merged into one outlet. */
export class LogReading {
  readonly #deps: ReadingDeps;
  readonly #request: LogRequest;
  readonly #outlet: LogOutlet;
  readonly #merge: LineMerge<LogSource>;
  readonly #slow: SlowClient;
  readonly #stop = new AbortController();
  /** By pod uid and container. */
  readonly #sources = new Map<string, { readonly pod: LoggedPod; readonly lane: MergeSource<LogSource> }>();
  readonly #resume: Map<string, Position>;
  readonly #running = new Set<Promise<void>>();
  readonly #firstAnswers: Promise<void>[] = [];
  readonly #closing: (() => void)[] = [];
  readonly #done = Promise.withResolvers<'done' | 'lost' | StatusError>();
  /** Containers whose past is being told. */
  #pasts = 0;
  #synced = false;
  #started = false;
  #closed: Promise<void> | undefined;
  #over = false;
  #skipping = false;
  #tooMany: StatusError | undefined;
  #moved = false;
  #positionAt = -Infinity;
  #cancelPosition: (() => void) | undefined;

  constructor(deps: ReadingDeps, request: LogRequest, outlet: LogOutlet) {
    this.#deps = deps;
    this.#request = request;
    this.#outlet = outlet;
    this.#resume = new Map(request.resume === undefined ? [] : readPositions(request.resume));
    this.#slow = new SlowClient(deps.clock, SLOW_CLIENT, {
      skip: () => this.#skip(),
      lost: () => this.#finish('lost'),
    });
    this.#merge = new LineMerge({
      clock: deps.clock,
      windowMs: MERGE_WINDOW_MS,
      pastMs: PAST_WAIT_MS,
      longestPastMs: LONGEST_PAST_WAIT_MS,
      maxBytes: MERGE_BYTES,
      hasRoom: () => this.#started && (this.#skipping || outlet.hasRoom()),
      emit: (source, block) => this.#emit(source, block),
      ended: () => this.#mayBeDone(),
      flush: () => this.#flush(),
    });
  }

  /** Resolves when nothing more will come: all was told, the client takes nothing, or a right was lost. */
  get done(): Promise<'done' | 'lost' | StatusError> {
    return this.#done.promise;
  }

  /** Called once, when it is closed. */
  onClosed(run: () => void): void {
    this.#closing.push(run);
  }

  /** Opens what there is to read. Rejects when nothing of it can be read, with the first refusal. */
  async open(): Promise<void> {
    for (const pod of this.#deps.pods.pods()) this.#join(pod);
    if (this.#request.follow) this.#deps.pods.onPod((pod) => this.#join(pod));
    const answers = await Promise.allSettled(this.#firstAnswers);
    const refused = answers.find((answer) => answer.status === 'rejected');
    if (refused && answers.every(({ status }) => status === 'rejected')) throw refused.reason;
  }

  /** Lets the outlet have what was read. */
  start(): void {
    this.#started = true;
    const { follow } = this.#request;
    this.#outlet.frame({ type: 'hello', windowMs: MERGE_WINDOW_MS, heartbeatMs: HEARTBEAT_MS, follow });
    this.#tellTooMany();
    this.#tellUnknownPositions();
    if (this.#pasts === 0) this.#tellSynced();
    this.#merge.pump();
    this.#mayBeDone();
  }

  /** The outlet has room again. */
  pump(): void {
    this.#slow.saw(this.#outlet.hasRoom());
    this.#merge.pump();
  }

  /** Who asked may not see this any more: everything ends, and is told so. */
  revoke(status: StatusError): void {
    if (this.#over) return;
    for (const { lane } of this.#sources.values()) {
      if (lane.closed) continue;
      const { pod, container } = lane.name;
      const told = this.#status(status);
      this.#outlet.frame({ type: 'ended', pod, container, reason: 'Forbidden', status: told });
    }
    this.#finish(status);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const run of this.#closing.splice(0)) run();
    this.#over = true;
    this.#stop.abort(new StatusError('Timeout', 'The reader has gone.'));
    this.#slow.stop();
    this.#cancelPosition?.();
    this.#merge.close();
    this.#deps.pods[Symbol.dispose]();
    this.#deps.choice[Symbol.dispose]();
    await Promise.all(this.#running);
  }

  #join(pod: LoggedPod): void {
    if (this.#over || !this.#deps.choice.includes(pod)) return;
    const { containers } = this.#request;
    for (const container of containerNames(pod)) {
      if (containers && !containers.has(container)) continue;
      const key = positionKey(pod.metadata.uid ?? '', container);
      if (!this.#sources.has(key)) this.#add(pod, container, key);
    }
  }

  #add(pod: LoggedPod, container: string, key: string): void {
    if (this.#sources.size >= MAX_SOURCES) this.#forgetGone();
    if (this.#sources.size >= MAX_SOURCES) return this.#refuseMore();
    const name = pod.metadata.name ?? '';
    const from = this.#resume.get(key);
    this.#resume.delete(key);
    const lane = this.#merge.add(new LogSource({ key, pod: name, container }, from));
    this.#sources.set(key, { pod, lane });
    this.#pasts += 1;
    const place = { namespace: this.#request.namespace, pod: name, container };
    const { follow, tail, since, until, previous } = this.#request;
    const deps = { client: this.#deps.client, clock: this.#deps.clock, pod: this.#deps.pods.view(pod) };
    // What joins later is told from its beginning.
    const aim = { follow, tail: this.#started ? undefined : tail, since, until, previous, from };
    const follower = new ContainerFollower(deps, place, aim, this.#sink(lane));
    if (!this.#started) this.#firstAnswers.push(follower.answered);
    const running = follower
      .follow(this.#stop.signal)
      .catch((error: unknown) => this.#deps.onFault(error))
      .finally(() => {
        this.#running.delete(running);
        lane.end();
        this.#mayBeDone();
      });
    this.#running.add(running);
  }

  /** Pods that are over and gone make room for others. */
  #forgetGone(): void {
    for (const [key, { pod, lane }] of this.#sources) {
      if (lane.closed && this.#deps.pods.view(pod).current() === undefined) this.#sources.delete(key);
    }
  }

  #refuseMore(): void {
    if (this.#tooMany) return;
    const message = `More than ${MAX_SOURCES} containers are meant; the first ${MAX_SOURCES} are read. Choose fewer.`;
    this.#tooMany = new StatusError('TooManyRequests', message);
    if (this.#started) this.#tellTooMany();
  }

  #tellTooMany(): void {
    if (this.#tooMany) this.#outlet.frame({ type: 'problem', status: this.#status(this.#tooMany) });
  }

  /** Containers that the client had begun to read and that are gone: what they wrote last cannot be told any more. */
  #tellUnknownPositions(): void {
    for (const { mark } of this.#resume.values()) {
      this.#outlet.frame({ type: 'gap', from: mark.at, why: 'reconnect' });
    }
    this.#resume.clear();
  }

  #sink(lane: MergeSource<LogSource>): FollowerSink {
    const source = lane.name;
    const { pod, container } = source;
    const outlet = this.#outlet;
    return {
      begun: (run) =>
        lane.mark(() => {
          source.begun(run);
          const { restarts, node } = run;
          outlet.frame({ type: 'joined', pod, container, restarts, ...(node !== undefined && { node }) });
        }),
      lines: (block) => lane.push(block),
      known: (block) => lane.mark(() => source.told(block)),
      gap: (gap) => lane.mark(() => outlet.frame({ type: 'gap', pod, container, ...gap })),
      ended: ({ reason, exitCode, status }) =>
        lane.mark(() =>
          outlet.frame({
            type: 'ended',
            pod,
            container,
            reason,
            ...(exitCode !== undefined && { exitCode }),
            ...(status && { status: this.#status(status) }),
          }),
        ),
      problem: (error) =>
        lane.mark(() => outlet.frame({ type: 'problem', pod, container, status: this.#status(error) })),
      caughtUp: () => {
        if (lane.pastSince === undefined) return;
        lane.mark(() => this.#caughtUp());
        lane.caughtUp();
      },
    };
  }

  #caughtUp(): void {
    this.#pasts -= 1;
    if (this.#pasts === 0 && this.#started) this.#tellSynced();
  }

  #tellSynced(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.#outlet.frame({ type: 'synced' });
  }

  #emit(source: LogSource, block: LineBlock): void {
    source.told(block);
    this.#moved = true;
    const shown = this.#shown(block);
    if (shown.count === 0) return;
    if (this.#skipping) source.skip(shown);
    else this.#outlet.lines(source, shown);
    this.#deps.onLines(this.#skipping ? 'skipped' : 'told', shown.count);
  }

  #shown(block: LineBlock): LineBlock {
    const { filter, severity } = this.#request;
    if (!filter && severity === undefined) return block;
    const lines = block
      .lines()
      .filter(
        ({ text }) =>
          (!filter || filter(text)) && (severity === undefined || isSevereEnough(severityOf(text), severity)),
      );
    return lines.length === block.count ? block : new LineList(lines);
  }

  #flush(): void {
    if (!this.#started) return;
    const room = this.#outlet.hasRoom();
    if (room && this.#skipping) this.#stopSkipping();
    if (this.#moved && room) this.#tellPosition();
    this.#outlet.flush();
    this.#slow.saw(this.#outlet.hasRoom());
  }

  #tellPosition(): void {
    if (!this.#outlet.tellsFrames) return;
    const waitMs = this.#positionAt + POSITION_MS - this.#deps.clock.monotonic();
    if (waitMs > 0) {
      this.#cancelPosition ??= this.#deps.clock.after(waitMs, () => {
        this.#cancelPosition = undefined;
        this.#flush();
      });
      return;
    }
    this.#positionNow();
  }

  #positionNow(): void {
    this.#moved = false;
    this.#positionAt = this.#deps.clock.monotonic();
    const positions = new Map<string, Position>();
    for (const { lane } of this.#sources.values()) {
      const position = lane.name.position();
      if (position) positions.set(lane.name.key, position);
    }
    this.#outlet.frame({ type: 'position', resume: writePositions(positions) });
  }

  /** The client takes too little: lines go by and are counted until it has room. */
  #skip(): void {
    if (this.#skipping || !this.#synced || !this.#request.follow || !this.#outlet.tellsFrames) return;
    this.#skipping = true;
    this.#merge.pump();
  }

  #stopSkipping(): void {
    this.#skipping = false;
    for (const { lane } of this.#sources.values()) {
      const source = lane.name;
      if (!source.skipped) continue;
      const { pod, container } = source;
      const { from, to, lines } = source.skipped;
      source.skipped = undefined;
      this.#outlet.frame({ type: 'gap', pod, container, from, to, why: 'slow-client', skipped: lines });
    }
  }

  /** Not following, or one pod that is over: all has been told when no follower runs and nothing is held. */
  #mayBeDone(): void {
    if (!this.#started || this.#running.size > 0 || this.#over) return;
    if (this.#request.follow && (this.#deps.choice.single === undefined || this.#sources.size === 0)) return;
    for (const { lane } of this.#sources.values()) if (!lane.closed) return;
    if (this.#moved && this.#outlet.tellsFrames) this.#positionNow();
    this.#outlet.frame({ type: 'done' });
    this.#finish('done');
  }

  #finish(how: 'done' | 'lost' | StatusError): void {
    this.#over = true;
    this.#outlet.flushNow();
    this.#done.resolve(how);
  }

  #status(error: unknown): StatusSchema {
    if (!isStatusError(error)) this.#deps.onFault(error);
    return toStatus(error, this.#deps.requestId) as unknown as StatusSchema;
  }
}
