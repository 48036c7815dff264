import type { Client } from '@krateyard/kube/client/client';
import { pause, type Clock } from '@krateyard/telemetry/clock';
import type { HealthPart } from './feature.ts';
import { reasonToShow } from './prerequisites.ts';
import type { Runnable } from './runnable.ts';

const PERIOD_MS = 10_000;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 5_000;

/** Whether the API server answers, told by asking for its version every ten seconds, every second while it does not. */
export class ClusterProbe implements Runnable {
  readonly name = 'cluster';
  readonly #client: Client;
  readonly #clock: Clock;
  #part: HealthPart = { state: 'degraded', reason: 'The cluster has not been asked yet.' };
  #version: string | undefined;

  constructor(options: { client: Client; clock: Clock }) {
    this.#client = options.client;
    this.#clock = options.clock;
  }

  health(): HealthPart {
    return this.#part;
  }

  /** `v1.34.4`, as long as the cluster has been reached once. */
  version(): string | undefined {
    return this.#version;
  }

  async start(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#part = await this.#ask(signal);
      const period = this.#part.state === 'ok' ? PERIOD_MS : RETRY_MS;
      await pause(this.#clock, period * (1 - this.#clock.random() / 10), signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<HealthPart> {
    const details = { cluster: this.#client.cluster };
    try {
      const answer = await this.#client.request<{ gitVersion?: string }>({
        path: '/version',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      this.#version = answer.gitVersion;
      return { state: 'ok', details: { ...details, version: answer.gitVersion } };
    } catch (error) {
      return {
        state: 'down',
        reason: reasonToShow(error),
        details: { ...details, connection: this.#client.connection() },
      };
    }
  }
}
