import type { Call } from '@krateyard/kube/test-servers/scripted-api-server';
import type { PodView } from '../container-follower.ts';
import type { LoggedPod } from '../pod-containers.ts';

interface Written {
  readonly at: number;
  readonly text: string;
}

interface Run {
  lines: Written[];
  /** Lines before this one were rotated away. */
  first: number;
  exitCode: number | undefined;
}

interface Reader {
  readonly call: Call;
  readonly run: Run;
  next: number;
  /** Tells nothing more, though it is open. */
  deaf: boolean;
}

const BEGIN = Date.UTC(2026, 10, 21, 14);

/** One container behind a scripted API server, with the kubelet's rules for logs; and its pod, as a cache would know it. */
export class ScriptedContainer {
  readonly runs: Run[] = [{ lines: [], first: 0, exitCode: undefined }];
  readonly #readers = new Set<Reader>();
  readonly #waiting = new Set<() => void>();
  /** Milliseconds since its start; the test moves it. */
  ms = 0;
  deleted = false;
  /** Requests that followed, and others. */
  follows = 0;
  reads = 0;
  /** Answers requests instead, while it is there. */
  refuse: ((call: Call) => void) | undefined;

  readonly view: PodView = {
    current: () => (this.deleted ? undefined : this.#pod()),
    changed: async (ms, signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      const timer = setTimeout(resolve, Math.min(ms, 20));
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      clearTimeout(timer);
      this.#waiting.delete(resolve);
      signal.throwIfAborted();
    },
  };

  get run(): Run {
    return this.runs.at(-1)!;
  }

  write(...texts: readonly string[]): void {
    for (const text of texts) this.run.lines.push({ at: BEGIN + this.ms, text });
    for (const reader of this.#readers) this.#feed(reader);
  }

  rotate(): void {
    this.run.first = this.run.lines.length;
  }

  /** Ends the run; `again` starts the next one. */
  exit(exitCode: number, again: boolean): void {
    this.run.exitCode = exitCode;
    for (const reader of this.#readers) this.#feed(reader);
    if (again) this.runs.push({ lines: [], first: 0, exitCode: undefined });
    this.#changed();
  }

  delete(): void {
    this.deleted = true;
    this.#changed();
  }

  /** Breaks every connection that follows. */
  cut(): void {
    for (const { call } of this.#readers) call.reset();
    this.#readers.clear();
  }

  deafen(): void {
    for (const reader of this.#readers) reader.deaf = true;
  }

  answer(call: Call): void {
    if (this.refuse) return this.refuse(call);
    const { query } = call;
    const follow = query.get('follow') === 'true';
    if (follow) this.follows += 1;
    else this.reads += 1;
    const run = query.get('previous') === 'true' ? this.runs.at(-2) : this.run;
    if (!run) return call.status(400, 'BadRequest', 'previous terminated container not found');
    call.response.writeHead(200, { 'content-type': 'text/plain' });
    call.response.flushHeaders();
    const reader: Reader = { call, run, next: startOf(run, query), deaf: false };
    if (follow) this.#readers.add(reader);
    this.#feed(reader);
    if (!follow) call.response.end();
  }

  #feed(reader: Reader): void {
    if (reader.deaf) return;
    const { run, call } = reader;
    const since = call.query.get('sinceTime');
    for (; reader.next < run.lines.length; reader.next += 1) {
      const { at, text } = run.lines[reader.next]!;
      if (since === null || at >= Date.parse(since)) call.response.write(`${stamp(at)} ${text}\n`);
    }
    if (run.exitCode === undefined || !this.#readers.delete(reader)) return;
    call.response.end();
  }

  #changed(): void {
    for (const wake of this.#waiting) wake();
  }

  #pod(): LoggedPod {
    const restarts = this.runs.length - 1;
    const last = this.runs.at(-2);
    const ended = (run: Run, index: number): object => ({
      terminated: { exitCode: run.exitCode, reason: 'Error', containerID: `run-${index}` },
    });
    return {
      metadata: { name: 'p', namespace: 'ns', uid: 'u' },
      spec: { nodeName: 'n', restartPolicy: 'Always', containers: [{ name: 'c' }] },
      status: {
        containerStatuses: [
          {
            name: 'c',
            containerID: `run-${restarts}`,
            restartCount: restarts,
            state: this.run.exitCode === undefined ? { running: {} } : ended(this.run, restarts),
            ...(last && { lastState: ended(last, restarts - 1) }),
          },
        ],
      },
    };
  }
}

function startOf(run: Run, query: URLSearchParams): number {
  const tail = query.get('tailLines');
  return tail === null ? run.first : Math.max(run.first, run.lines.length - Number(tail));
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000000Z');
}
