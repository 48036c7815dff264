import type { Task, TaskStep, TaskTarget } from './task.ts';

/** Whose tasks they are. Structurally a Principal. */
export interface TaskOwner {
  readonly id: string;
  readonly username: string;
}

export interface TaskSpec {
  readonly action: string;
  readonly title: string;
  readonly targets: readonly TaskTarget[];
  readonly steps?: readonly Pick<TaskStep, 'title' | 'target'>[];
  readonly cancellable?: boolean;
}

/** What a running task tells of itself. */
export interface TaskReport {
  /** The API server has said yes; what remains is to see it happen. */
  accepted(message?: string): void;
  message(text: string): void;
  step(index: number, change: Partial<Pick<TaskStep, 'state' | 'detail'>>): void;
  addSteps(steps: readonly Pick<TaskStep, 'title' | 'target'>[]): void;
}

/**
 * What people of this gateway have asked for and how far it is. Held in memory only: the cluster has the truth, and a restart
 * loses the list, not what was done. Per person at most 100 tasks; the oldest that ended go first, ended ones after an hour.
 */
export interface TaskBoard {
  /** Runs at once. Resolving means observed; a rejection with StatusError means failed; aborted means cancelled. */
  start(
    owner: TaskOwner,
    spec: TaskSpec,
    run: (report: TaskReport, signal: AbortSignal) => Promise<void>,
  ): Task;
  /** Newest first. */
  list(owner: TaskOwner): readonly Task[];
  get(owner: TaskOwner, id: string): Task | undefined;
  /** Throws NotFound, and Conflict when it cannot be cancelled (any more). */
  cancel(owner: TaskOwner, id: string): void;
  /** Called with each task of the owner that began or changed, at most a few times a second each, the last state always. */
  observe(owner: TaskOwner, listener: (task: Task) => void): () => void;
}
