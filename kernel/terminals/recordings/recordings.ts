import { randomBytes } from 'node:crypto';
import { StatusError } from '@krateyard/status/status-error';
import { pause, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import type { RecordedPlace, RecordingSummary } from './recording-summary.ts';
import type { Recording, TapPort, TappedPerson, TappedTerminal } from '../terminal-tap.ts';
import { LiveRecording } from './live-recording.ts';
import type { RecordingStore } from './recording-store.ts';

export interface RecordingsOptions {
  readonly store: RecordingStore;
  readonly maxBytes: number;
  /** Where every terminal is recorded; `*`: everywhere. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const SWEEP_MS = 15 * 60_000;
/** Each holds a file and a buffer. */
const MOST_AT_ONCE = 500;

/** All recordings that this gateway makes. */
export class Recordings {
  /** A Runnable of the gateway: removes what is too old, and finishes every recording when the gateway stops. */
  readonly keeper = { name: 'recordings', start: (signal: AbortSignal) => this.#keepTidy(signal) };
  readonly #options: RecordingsOptions;
  readonly #live = new Map<string, LiveRecording>();
  readonly #outcomes;

  constructor(options: RecordingsOptions) {
    this.#options = options;
    const { metrics } = options;
    this.#outcomes = metrics.counter(
      'krateyard_recordings_total',
      'Recordings of terminals by how they ended.',
      ['outcome'],
    );
    metrics.gauge('krateyard_recordings_live', 'Terminals that are being recorded.', [], (gauge) =>
      gauge.set(this.#live.size),
    );
  }

  /** For the terminal of a place. */
  portFor(place: RecordedPlace): TapPort {
    const { namespaces } = this.#options;
    const always = namespaces.includes('*') || namespaces.includes(place.namespace);
    return {
      mode: () => (always ? 'always' : 'on-request'),
      start: (terminal, by) => this.#start(place, terminal, by, always),
    };
  }

  async #start(
    place: RecordedPlace,
    terminal: TappedTerminal,
    by: TappedPerson,
    policy: boolean,
  ): Promise<Recording> {
    const { store, maxBytes, clock, logger } = this.#options;
    if (this.#live.size >= MOST_AT_ONCE) {
      throw new StatusError('TooManyRequests', 'Too much is being recorded.', {
        details: { retryAfterSeconds: 30 },
      });
    }
    const summary = summaryOf(place, terminal.owner, by, policy, clock.now());
    const sink = await store.create(summary);
    const recording = new LiveRecording({
      terminal,
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
  place: RecordedPlace,
  owner: TappedPerson | undefined,
  by: TappedPerson,
  policy: boolean,
  nowMs: number,
): RecordingSummary {
  return {
    id: randomBytes(16).toString('base64url'),
    ...place,
    ...(owner && { owner: owner.username }),
    participants: [...new Set([...(owner ? [owner.username] : []), by.username])],
    startedAt: new Date(nowMs).toISOString(),
    seconds: 0,
    bytes: 0,
    truncated: false,
    ...(policy ? { policy } : { by: by.username }),
  };
}
