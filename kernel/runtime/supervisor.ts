import { pause, backoffMs, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import type { Runnable } from './runnable.ts';

/** In start order; stopped in reverse. */
const STAGES = ['health', 'caches', 'features', 'leader-elected'] as const;
export type Stage = (typeof STAGES)[number];

export interface RunnableState {
  readonly name: string;
  readonly stage: Stage;
  readonly state: 'running' | 'restarting' | 'stopped';
  /** Restarts so far in a row. */
  readonly attempt: number;
}

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A runnable that ran this long before it failed starts with the shortest wait again. */
const STABLE_MS = 60_000;
const RESTART = { baseMs: 500, maxMs: 30_000 };

interface Supervised {
  readonly runnable: Runnable;
  readonly stage: Stage;
  state: RunnableState['state'];
  attempt: number;
}

/**
 * Runs what lives as long as the process. One that fails is started again after a jittered, growing wait; it never ends
 * the process, nor the others.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #supervised: Supervised[] = [];
  readonly #stages = new Map<Stage, { abort: AbortController; running: Promise<void>[] }>();
  readonly #restarts;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#restarts = options.metrics.counter('krateyard_restarts_total', 'Restarts of failed runnables.', [
      'name',
    ]);
  }

  add(stage: Stage, runnable: Runnable): void {
    this.#supervised.push({ runnable, stage, state: 'stopped', attempt: 0 });
  }

  /** Starts every stage in order; returns when all have been started, not when they are ready. */
  start(): void {
    for (const stage of STAGES) {
      const abort = new AbortController();
      const members = this.#supervised.filter((one) => one.stage === stage);
      const running = members.map((one) => this.#supervise(one, abort.signal));
      this.#stages.set(stage, { abort, running });
    }
  }

  /** Stops the stages in reverse order. Resolves true when all ended within `deadlineMs`. */
  async stop(deadlineMs: number): Promise<boolean> {
    const late = new AbortController();
    const ordered = this.#stopInReverse().then(() => true);
    const deadline = this.#options.clock.sleep(deadlineMs, late.signal).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([ordered, deadline]);
    late.abort();
    for (const { abort } of this.#stages.values()) abort.abort();
    return inTime;
  }

  states(): readonly RunnableState[] {
    return this.#supervised.map(({ runnable, stage, state, attempt }) => ({
      name: runnable.name,
      stage,
      state,
      attempt,
    }));
  }

  async #stopInReverse(): Promise<void> {
    for (const stage of STAGES.toReversed()) {
      const started = this.#stages.get(stage);
      started?.abort.abort();
      await Promise.all(started?.running ?? []);
    }
  }

  async #supervise(one: Supervised, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const log = logger.with({ name: one.runnable.name });
    while (!signal.aborted) {
      one.state = 'running';
      const startedAt = clock.monotonic();
      const error = await outcome(one.runnable, signal);
      if (signal.aborted) break;
      if (clock.monotonic() - startedAt >= STABLE_MS) one.attempt = 0;
      const delayMs = backoffMs(clock, one.attempt, RESTART);
      one.attempt += 1;
      one.state = 'restarting';
      this.#restarts.add({ name: one.runnable.name });
      log.error('A part ended before its time; starting it again.', {
        attempt: one.attempt,
        delayMs,
        err: error,
      });
      await pause(clock, delayMs, signal);
    }
    one.state = 'stopped';
  }
}

/** Why the runnable ended; a synchronous throw counts like a rejection. */
async function outcome(runnable: Runnable, signal: AbortSignal): Promise<unknown> {
  try {
    await runnable.start(signal);
    return new Error('It returned although nobody asked it to stop.');
  } catch (error) {
    return error;
  }
}
