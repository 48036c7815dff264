import { randomUUID } from 'node:crypto';
import { StatusError, type Status } from '@krateyard/status/status-error';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Task, TaskStep } from './task.ts';
import type { TaskOwner, TaskReport, TaskSpec } from './task-board.ts';

/** The contract's bound; what is added beyond it is not kept. */
const MOST_STEPS = 500;
const MOST_TEXT = 2_000;
/** Between two times that the same task is told, but for its end. */
const TELL_MS = 250;

/** One task: what it tells of itself, and its end. Every change is a new `current`; old ones never change. */
export class RunningTask implements TaskReport {
  #task: Task;
  readonly #clock: Clock;
  readonly #tell: (task: Task) => void;
  readonly #abort = new AbortController();
  #quiet: (() => void) | undefined;
  #untold = false;
  #cancelled = false;

  constructor(owner: TaskOwner, spec: TaskSpec, clock: Clock, tell: (task: Task) => void) {
    this.#clock = clock;
    this.#tell = tell;
    const at = this.#now();
    this.#task = {
      id: randomUUID(),
      action: spec.action,
      title: spec.title,
      targets: [...spec.targets],
      owner: owner.username,
      state: 'requested',
      steps: waiting(spec.steps ?? []),
      cancellable: spec.cancellable ?? false,
      startedAt: at,
      updatedAt: at,
    };
    this.#told();
  }

  get current(): Task {
    return this.#task;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  accepted(message?: string): void {
    this.#change({ state: 'accepted', ...(message !== undefined && { message: bounded(message) }) });
  }

  message(text: string): void {
    this.#change({ message: bounded(text) });
  }

  step(index: number, change: Partial<Pick<TaskStep, 'state' | 'detail'>>): void {
    const step = this.#task.steps[index];
    if (!step) return;
    const detail = change.detail === undefined ? {} : { detail: bounded(change.detail) };
    this.#change({ steps: this.#task.steps.with(index, { ...step, ...change, ...detail }) });
  }

  addSteps(steps: readonly Pick<TaskStep, 'title' | 'target'>[]): void {
    this.#change({ steps: [...this.#task.steps, ...waiting(steps)].slice(0, MOST_STEPS) });
  }

  /** Throws Conflict when it cannot be cancelled, or not any more. */
  cancel(): void {
    const { endedAt, cancellable, title } = this.#task;
    if (endedAt !== undefined) throw new StatusError('Conflict', `“${title}” has ended already`);
    if (!cancellable) throw new StatusError('Conflict', `“${title}” cannot be cancelled (any more)`);
    this.#cancelled = true;
    this.#change({ cancellable: false, message: 'Cancelling' });
    this.#abort.abort(new StatusError('Conflict', 'cancelled'));
  }

  /** The gateway stops: what was asked of the API server stays asked. */
  stop(): void {
    if (this.#task.endedAt !== undefined) return;
    this.#abort.abort(
      new StatusError('ServiceUnavailable', 'the gateway stopped before this was seen to happen'),
    );
  }

  observed(): void {
    this.#end({ state: 'observed' });
  }

  failed(status: Status): void {
    const steps = this.#task.steps.map((step) => ended(step, this.#cancelled));
    if (this.#cancelled) this.#end({ state: 'cancelled', steps, message: 'Cancelled' });
    else this.#end({ state: 'failed', steps, status: status as unknown as StatusSchema });
  }

  #end(change: Partial<Task>): void {
    const at = this.#now();
    this.#task = { ...this.#task, ...change, cancellable: false, updatedAt: at, endedAt: at };
    this.#quiet?.();
    this.#quiet = undefined;
    this.#tell(this.#task);
  }

  #change(change: Partial<Task>): void {
    if (this.#task.endedAt !== undefined) return;
    this.#task = { ...this.#task, ...change, updatedAt: this.#now() };
    this.#told();
  }

  /** Tells now, or once the quiet after the last time is over. */
  #told(): void {
    if (this.#quiet) {
      this.#untold = true;
      return;
    }
    this.#untold = false;
    this.#tell(this.#task);
    this.#quiet = this.#clock.after(TELL_MS, () => {
      this.#quiet = undefined;
      if (this.#untold) this.#told();
    });
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

const waiting = (steps: readonly Pick<TaskStep, 'title' | 'target'>[]): TaskStep[] =>
  steps.slice(0, MOST_STEPS).map((step) => ({ ...step, state: 'waiting' }));

function ended(step: TaskStep, cancelled: boolean): TaskStep {
  if (step.state === 'waiting') return { ...step, state: 'skipped' };
  if (step.state !== 'running') return step;
  return { ...step, state: cancelled ? 'skipped' : 'failed' };
}

const bounded = (text: string): string => (text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}…`);
