import type { Client } from '@krateyard/kube/client/client';
import type { RawLine } from '@krateyard/kube/stream/log-lines';
import { isStatusError, StatusError, toStatus } from '@krateyard/status/status-error';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { Clock } from '@krateyard/telemetry/clock';
import { ContainerFollower, type FollowerSink } from './container-follower.ts';
import { LineMerge } from './line-merge.ts';
import type { MergeSource } from './merge-source.ts';
import type { LogOutlet, ShownLine, SourceName } from './log-outlet.ts';
import type { LogRequest } from './log-request.ts';
import type { PodChoice } from './log-subject.ts';
import { containerNames, type LoggedPod } from './pod-containers.ts';
import type { PodWatch } from './pod-watch.ts';
import { isSevereEnough, severityOf } from './severity.ts';

/** Lines of different containers are put in order within this. */
export const MERGE_WINDOW_MS = 250;
/** How long the past of a container that does not answer holds up that of the others. */
const PAST_WAIT_MS = 2_000;
const MERGE_BYTES = 8 * 1024 * 1024;
/** Containers that are read at once for one reader. */
const MAX_SOURCES = 200;

export interface ReadingDeps {
  readonly client: () => Client;
  readonly clock: Clock;
  readonly pods: PodWatch;
  readonly choice: PodChoice;
  readonly requestId: string;
  /** Failures that are ours, for the log. */
  readonly onFault: (error: unknown) => void;
}

interface Source extends SourceName {
  readonly key: string;
}

/** What one question for logs gives, as long as it lasts: containers that come and go, merged into one outlet. */
export class LogReading {
  readonly #deps: ReadingDeps;
  readonly #request: LogRequest;
  readonly #outlet: LogOutlet;
  readonly #merge: LineMerge<Source>;
  readonly #stop = new AbortController();
  /** By pod uid and container: those that were ever read. */
  readonly #sources = new Map<string, MergeSource<Source>>();
  readonly #running = new Set<Promise<void>>();
  readonly #firstAnswers: Promise<void>[] = [];
  readonly #done = Promise.withResolvers<void>();
  #pasts = 0;
  #started = false;
  #over = false;
  /** Refused for their number, told once. */
  #tooMany: StatusError | undefined;

  constructor(deps: ReadingDeps, request: LogRequest, outlet: LogOutlet) {
    this.#deps = deps;
    this.#request = request;
    this.#outlet = outlet;
    this.#merge = new LineMerge({
      clock: deps.clock,
      windowMs: MERGE_WINDOW_MS,
      pastMs: PAST_WAIT_MS,
      maxBytes: MERGE_BYTES,
      hasRoom: () => this.#started && outlet.hasRoom(),
      emit: (source, lines) => this.#emit(source, lines),
      flush: () => this.#flush(),
    });
  }

  /** Resolves when nothing more will come. */
  get done(): Promise<void> {
    return this.#done.promise;
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
    this.#outlet.frame({ type: 'hello', windowMs: MERGE_WINDOW_MS, heartbeatMs: 30_000, follow });
    this.#tellTooMany();
    if (this.#pasts === 0) this.#outlet.frame({ type: 'synced' });
    this.#merge.pump();
    this.#mayBeDone();
  }

  /** The outlet has room again. */
  pump(): void {
    this.#merge.pump();
  }

  async close(): Promise<void> {
    this.#over = true;
    this.#stop.abort(new StatusError('Timeout', 'The reader has gone.'));
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
      const key = `${pod.metadata.uid}/${container}`;
      if (!this.#sources.has(key)) this.#add(pod, container, key);
    }
  }

  #add(pod: LoggedPod, container: string, key: string): void {
    if (this.#sources.size >= MAX_SOURCES) return this.#refuseMore();
    const name = pod.metadata.name ?? '';
    const source = this.#merge.add({ key, pod: name, container });
    this.#sources.set(key, source);
    this.#pasts += 1;
    const place = { namespace: this.#request.namespace, pod: name, container };
    const { follow, tail, since, until, previous } = this.#request;
    const deps = { client: this.#deps.client, clock: this.#deps.clock, pod: this.#deps.pods.view(pod) };
    // What joins later is told from its beginning.
    const aim = { follow, tail: this.#started ? undefined : tail, since, until, previous };
    const follower = new ContainerFollower(deps, place, aim, this.#sink(source));
    if (!this.#started) this.#firstAnswers.push(follower.answered);
    const running = follower
      .follow(this.#stop.signal)
      .catch((error: unknown) => this.#deps.onFault(error))
      .finally(() => {
        this.#running.delete(running);
        source.mark(() => this.#mayBeDone());
        source.end();
        this.#mayBeDone();
      });
    this.#running.add(running);
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

  #sink(source: MergeSource<Source>): FollowerSink {
    const { pod, container } = source.name;
    const outlet = this.#outlet;
    return {
      begun: ({ restarts, node }) =>
        source.mark(() =>
          outlet.frame({ type: 'joined', pod, container, restarts, ...(node !== undefined && { node }) }),
        ),
      lines: (lines) => source.push(lines),
      known: () => {},
      gap: (gap) => source.mark(() => outlet.frame({ type: 'gap', pod, container, ...gap })),
      ended: ({ reason, exitCode, status }) =>
        source.mark(() =>
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
        source.mark(() => outlet.frame({ type: 'problem', pod, container, status: this.#status(error) })),
      caughtUp: () => {
        if (source.pastSince === undefined) return;
        source.mark(() => this.#caughtUp());
        source.caughtUp();
      },
    };
  }

  #caughtUp(): void {
    this.#pasts -= 1;
    if (this.#pasts === 0) this.#outlet.frame({ type: 'synced' });
  }

  #emit(source: Source, lines: readonly RawLine[]): void {
    const { filter, severity } = this.#request;
    let shown: readonly ShownLine[] = lines;
    if (filter) shown = shown.filter(({ text }) => filter(text));
    if (severity !== undefined || this.#outlet.wantsSeverity) {
      shown = shown.map(({ at, text, more }) => ({ at, text, more, severity: severityOf(text) }));
      if (severity !== undefined) shown = shown.filter((line) => isSevereEnough(line.severity, severity));
    }
    if (shown.length > 0) this.#outlet.lines(source, shown);
  }

  #flush(): void {
    this.#outlet.flush();
  }

  /** Not following, or one pod that is over: all has been told when no reader runs and nothing is held. */
  #mayBeDone(): void {
    if (!this.#started || this.#running.size > 0 || this.#over) return;
    const { follow } = this.#request;
    const { single } = this.#deps.choice;
    if (follow && (single === undefined || this.#sources.size === 0)) return;
    if ([...this.#sources.values()].some(({ closed }) => !closed)) return;
    this.#over = true;
    this.#outlet.frame({ type: 'done' });
    this.#outlet.flush();
    this.#done.resolve();
  }

  #status(error: unknown): StatusSchema {
    if (!isStatusError(error)) this.#deps.onFault(error);
    return toStatus(error, this.#deps.requestId) as unknown as StatusSchema;
  }
}
