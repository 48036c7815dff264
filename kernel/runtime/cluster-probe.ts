import type { Client } from '@krateyard/kube/client/client';
import { isStatusError } from '@krateyard/status/status-error';
import { pause, type Clock } from '@krateyard/telemetry/clock';
import type { HealthPart } from './feature.ts';
import { reasonToShow } from './prerequisites.ts';
import type { Runnable } from './runnable.ts';

const PERIOD_MS = 3_000;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 5_000;
/** An answer that takes this long is told while it is still awaited. */
const SLOW_MS = 3_000;
const SLOW = 'Its answers take longer than three seconds.';

/** Whether the API server answers. `since` is milliseconds since the epoch. */
export interface ApiServerReach {
  readonly state: 'answers' | 'slow' | 'away';
  readonly since: number;
  /** For people; absent while it answers. */
  readonly reason?: string;
}

/**
 * Whether the API server answers, and how fast, told by asking for its version every three seconds, every second while it does
 * not or takes long.
 */
export class ClusterProbe implements Runnable {
  readonly name = 'cluster';
  readonly #client: Client;
  readonly #clock: Clock;
  #part: HealthPart = { state: 'degraded', reason: 'The cluster has not been asked yet.' };
  #version: string | undefined;
  #reach: ApiServerReach;
  readonly #listeners = new Set<() => void>();

  constructor(options: { client: Client; clock: Clock }) {
    this.#client = options.client;
    this.#clock = options.clock;
    // Nobody is told of a failure before there was one.
    this.#reach = { state: 'answers', since: options.clock.now() };
  }

  health(): HealthPart {
    return this.#part;
  }

  /** `v1.34.4`, as long as the cluster has been reached once. */
  version(): string | undefined {
    return this.#version;
  }

  reach(): ApiServerReach {
    return this.#reach;
  }

  /** Calls back when the state has become another. */
  onReach(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#part = await this.#ask(signal);
      const period = this.#reach.state === 'answers' ? PERIOD_MS : RETRY_MS;
      await pause(this.#clock, period * (1 - this.#clock.random() / 10), signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<HealthPart> {
    const details = { cluster: this.#client.cluster };
    let slow = false;
    const askedAt = this.#clock.now();
    const cancel = this.#clock.after(SLOW_MS, () => {
      slow = true;
      if (this.#reach.state === 'answers') this.#enter('slow', askedAt, SLOW);
    });
    try {
      const answer = await this.#client.request<{ gitVersion?: string }>({
        path: '/version',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      this.#version = answer.gitVersion;
      if (slow) this.#enter('slow', askedAt, SLOW);
      else this.#enter('answers', askedAt);
      return { state: 'ok', details: { ...details, version: answer.gitVersion } };
    } catch (error) {
      if (answered(error)) this.#enter('answers', askedAt);
      else if (!signal.aborted) this.#enter('away', askedAt, reasonToShow(error));
      return {
        state: 'down',
        reason: reasonToShow(error),
        details: { ...details, connection: this.#client.connection() },
      };
    } finally {
      cancel();
    }
  }

  #enter(state: ApiServerReach['state'], since: number, reason?: string): void {
    if (this.#reach.state === state) return;
    this.#reach = { state, since, ...(reason !== undefined && { reason }) };
    for (const listener of this.#listeners) listener();
  }
}

/** A refusal is an answer. */
const answered = (error: unknown): boolean =>
  isStatusError(error) && ['Unauthorized', 'Forbidden', 'NotFound'].includes(error.reason);
