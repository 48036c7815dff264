import { randomBytes } from 'node:crypto';
import type { Runnable } from '@krateyard/runtime/runnable';
import { StatusError } from '@krateyard/status/status-error';
import { pause, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import type { RecordingSummary } from '../../contract/shell-protocol.ts';
import type { Recording, TappedPerson } from '@krateyard/terminals/terminal-tap';
import type { RecordingPort, TappedSession } from '../shell/session-tap.ts';
import { LiveRecording } from './live-recording.ts';
import type { RecordingStore } from './recording-store.ts';

export interface RecordingsOptions {
  readonly store: RecordingStore;
  readonly maxBytes: number;
  /** Where every shell is recorded; `*`: everywhere. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const SWEEP_MS = 15 * 60_000;
/** Each holds a file and a buffer. */
const MOST_AT_ONCE = 500;

/** All recordings that this gateway makes. */
export class Recordings implements RecordingPort {
  /** Removes what is too old, and finishes every recording when the gateway stops. */
  readonly keeper: Runnable = { name: 'recordings', start: (signal) => this.#keepTidy(signal) };
  readonly #options: RecordingsOptions;
  readonly #live = new Map<string, LiveRecording>();
  readonly #outcomes;

  constructor(options: RecordingsOptions) {
    this.#options = options;
    const { metrics } = options;
    this.#outcomes = metrics.counter(
      'krateyard_recordings_total',
      'Recordings of shells by how they ended.',
      ['outcome'],
    );
    metrics.gauge('krateyard_recordings_live', 'Shells that are being recorded.', [], (gauge) =>
      gauge.set(this.#live.size),
    );
  }

  mode(namespace: string): 'always' | 'on-request' {
    const { namespaces } = this.#options;
    return namespaces.includes('*') || namespaces.includes(namespace) ? 'always' : 'on-request';
  }

  async start(session: TappedSession, by: TappedPerson): Promise<Recording> {
    const { store, maxBytes, clock, logger } = this.#options;
    if (this.#live.size >= MOST_AT_ONCE) {
      throw new StatusError('TooManyRequests', 'Too many shells are being recorded.', {
        details: { retryAfterSeconds: 30 },
      });
    }
    const summary = summaryOf(session, by, this.mode(session.namespace) === 'always', clock.now());
    const sink = await store.create(summary);
    const recording = new LiveRecording({
      session,
      summary,
      sink,
      maxBytes,
      clock,
      logger,
      onClosed: (outcome) => {
        this.#live.delete(summary.id);
        this.#outcomes.add({ outcome });
      },
    });
    this.#live.set(recording.id, recording);
    return recording;
  }

  /** Takes away what is too old, from time to time; at the end every recording is finished. */
  async #keepTidy(signal: AbortSignal): Promise<void> {
    const { store, clock, logger } = this.#options;
    while (!signal.aborted) {
      await store
        .sweep()
        .catch((error: unknown) => logger.warn('Old recordings cannot be removed.', { err: error }));
      await pause(clock, SWEEP_MS, signal);
    }
    await Promise.all(Array.from(this.#live.values(), (one) => one.stop()));
  }
}

function summaryOf(
  session: TappedSession,
  by: TappedPerson,
  policy: boolean,
  nowMs: number,
): RecordingSummary {
  const { namespace, pod, container, command, owner } = session;
  return {
    id: randomBytes(16).toString('base64url'),
    namespace,
    pod,
    container,
    command: [...command],
    owner: owner.username,
    participants: [...new Set([owner.username, by.username])],
    startedAt: new Date(nowMs).toISOString(),
    seconds: 0,
    bytes: 0,
    truncated: false,
    ...(policy ? { policy } : { by: by.username }),
  };
}
