import { isStatusError, StatusError, toStatus } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import { RunningTask } from './running-task.ts';
import type { Task } from './task.ts';
import type { TaskBoard, TaskOwner, TaskReport, TaskSpec } from './task-board.ts';

export interface TaskBoardNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The board and its end: `close` aborts every task and resolves when none runs any more. */
export interface OpenTaskBoard extends TaskBoard {
  close(): Promise<void>;
}

/** Tasks of one person, running and ended. */
const MOST_TASKS = 100;
const KEPT_MS = 60 * 60_000;
const SWEEP_MS = 10 * 60_000;

type Run = (report: TaskReport, signal: AbortSignal) => Promise<void>;

export function createTaskBoard(needs: TaskBoardNeeds): OpenTaskBoard {
  return new Board(needs);
}

class Board implements OpenTaskBoard {
  readonly #needs: TaskBoardNeeds;
  readonly #owners = new Map<string, Map<string, RunningTask>>();
  readonly #observers = new Map<string, Set<(task: Task) => void>>();
  readonly #running = new Set<Promise<void>>();
  readonly #ended;
  readonly #seconds;
  #stopSweeping: (() => void) | undefined;
  #closed = false;

  constructor(needs: TaskBoardNeeds) {
    this.#needs = needs;
    const { metrics } = needs;
    metrics.gauge('krateyard_tasks_running', 'Tasks that run now.', [], (gauge) =>
      gauge.set(this.#running.size),
    );
    this.#ended = metrics.counter('krateyard_tasks_total', 'Tasks that ended, by how.', [
      'action',
      'outcome',
    ]);
    this.#seconds = metrics.histogram(
      'krateyard_task_seconds',
      'From the request to its end.',
      ['action'],
      [0.1, 0.5, 1, 5, 15, 60, 300, 1800],
    );
  }

  start(owner: TaskOwner, spec: TaskSpec, run: Run): Task {
    if (this.#closed) throw new StatusError('ServiceUnavailable', 'the gateway is stopping');
    const own = this.#roomFor(owner);
    const task = new RunningTask(owner, spec, this.#needs.clock, (state) => this.#tell(owner, state));
    own.set(task.current.id, task);
    this.#stopSweeping ??= this.#needs.clock.every(SWEEP_MS, () => this.#sweep());
    const running = this.#run(owner, task, run).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return task.current;
  }

  list(owner: TaskOwner): readonly Task[] {
    this.#sweep();
    return [...(this.#owners.get(owner.id)?.values() ?? [])].map(({ current }) => current).toReversed();
  }

  get(owner: TaskOwner, id: string): Task | undefined {
    this.#sweep();
    return this.#owners.get(owner.id)?.get(id)?.current;
  }

  cancel(owner: TaskOwner, id: string): void {
    const task = this.#owners.get(owner.id)?.get(id);
    if (!task) throw new StatusError('NotFound', `there is no task "${id}"`);
    task.cancel();
  }

  observe(owner: TaskOwner, listener: (task: Task) => void): () => void {
    const listeners = this.#observers.get(owner.id) ?? new Set();
    this.#observers.set(owner.id, listeners);
    // A wrapper, so that one listener that is given twice is called and disposed of twice.
    const own = (task: Task): void => listener(task);
    listeners.add(own);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#observers.get(owner.id) === listeners)
        this.#observers.delete(owner.id);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const own of this.#owners.values()) for (const task of own.values()) task.stop();
    await Promise.all(this.#running);
    this.#stopSweeping?.();
  }

  async #run(owner: TaskOwner, task: RunningTask, run: Run): Promise<void> {
    const { clock, logger } = this.#needs;
    const { action, id } = task.current;
    const startedAt = clock.monotonic();
    try {
      await run(task, task.signal);
      task.observed();
    } catch (error) {
      // Only what nobody foresaw is the log's business: the rest is told to the person.
      if (!isStatusError(error) && !task.signal.aborted) {
        logger.error('task failed', { action, key: id, user: owner.username, err: error });
      }
      task.failed(toStatus(error));
    }
    const outcome = task.current.state;
    const durationMs = Math.round(clock.monotonic() - startedAt);
    this.#ended.add({ action, outcome });
    this.#seconds.observe(durationMs / 1000, { action });
    logger.info('task ended', { action, key: id, user: owner.username, outcome, durationMs });
  }

  #tell(owner: TaskOwner, task: Task): void {
    for (const listener of this.#observers.get(owner.id) ?? []) listener(task);
  }

  #roomFor(owner: TaskOwner): Map<string, RunningTask> {
    this.#sweep();
    const own = this.#owners.get(owner.id) ?? new Map<string, RunningTask>();
    this.#owners.set(owner.id, own);
    if (own.size < MOST_TASKS) return own;
    const oldest = [...own].find(([, { current }]) => current.endedAt !== undefined);
    if (!oldest) {
      throw new StatusError(
        'TooManyRequests',
        `${MOST_TASKS} of your tasks run already; wait for one to end, or cancel one`,
      );
    }
    own.delete(oldest[0]);
    return own;
  }

  /** Forgets what ended an hour ago. */
  #sweep(): void {
    const before = this.#needs.clock.now() - KEPT_MS;
    for (const [owner, own] of this.#owners) {
      for (const [id, { current }] of own) {
        if (current.endedAt !== undefined && Date.parse(current.endedAt) <= before) own.delete(id);
      }
      if (own.size === 0) this.#owners.delete(owner);
    }
    if (this.#owners.size > 0) return;
    this.#stopSweeping?.();
    this.#stopSweeping = undefined;
  }
}
