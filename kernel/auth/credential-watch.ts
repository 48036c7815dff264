import { noMetrics, type Metrics } from '@krateyard/telemetry/metrics';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import type { Authentication } from './authenticator.ts';

/**
 * Shortest time between two looks at one credential. With a look that takes 100 ms and an answer of at most 200 ms of age
 * (bearer-authenticator) a loss is seen after at most 0.9 s, counted from when the API server tells it: kube-apiserver's token
 * cache believes webhook and OIDC tokens for up to 10 s more; service accounts are looked at directly.
 */
const PERIOD_MS = 600;

export interface CredentialWatchOptions {
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  /**
   * Looks per second over all credentials, as each may be a TokenReview. Beyond `maxLooksPerSecond * 0.6 s` distinct
   * credentials with live streams (60 by default) the period grows in proportion.
   */
  readonly maxLooksPerSecond?: number;
  readonly lookTimeoutMs?: number;
}

/** A live stream's hold on its credential. */
export interface WatchedCredential extends Disposable {
  /** The proof as it is now, after renewals. */
  current(): Authentication;
  /** Goes on with a new proof of the same person; false, and nothing changed, when it is another's, or the hold is over. */
  renew(next: Authentication): boolean;
}

interface Stream {
  readonly onLost: () => void;
}

interface Watched {
  authentication: Authentication;
  readonly streams: Set<Stream>;
  cancel: () => void;
}

/**
 * Ends live streams whose proof of identity has ended. Each distinct credential is looked at while it has streams, however
 * many: expiry by the clock, the rest by asking its source. When that cannot be told (API server away) the streams stay.
 */
export class CredentialWatch {
  readonly #clock: Clock;
  readonly #looksPerMs: number;
  readonly #lookTimeoutMs: number;
  readonly #watched = new Map<string, Watched>();
  #closed = false;

  constructor(options: CredentialWatchOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#looksPerMs = (options.maxLooksPerSecond ?? 100) / 1000;
    this.#lookTimeoutMs = options.lookTimeoutMs ?? 5_000;
    const metrics = options.metrics ?? noMetrics;
    metrics.gauge('krateyard_watched_credentials', 'Distinct credentials with live streams.', [], (gauge) =>
      gauge.set(this.#watched.size),
    );
  }

  /** `onLost` is called once, when the proof has ended; not after disposal. */
  watch(authentication: Authentication, onLost: () => void): WatchedCredential {
    const stream: Stream = { onLost };
    let id = authentication.credentialId;
    let held = true;
    this.#join(authentication, stream);
    return {
      current: () => this.#watched.get(id)?.authentication ?? authentication,
      renew: (next) => {
        if (!held || next.principal.id !== authentication.principal.id) return false;
        this.#leave(id, stream);
        id = next.credentialId;
        this.#join(next, stream);
        return true;
      },
      [Symbol.dispose]: () => {
        held = false;
        this.#leave(id, stream);
      },
    };
  }

  /** The credential rests on a new proof from now on (a session that signed in again). */
  renewed(authentication: Authentication): void {
    const watched = this.#watched.get(authentication.credentialId);
    if (watched) watched.authentication = authentication;
  }

  /** Ends the streams of every credential that matches, now: sign-out. */
  end(matches: (authentication: Authentication) => boolean): void {
    for (const [id, watched] of this.#watched) if (matches(watched.authentication)) this.#lose(id, watched);
  }

  close(): void {
    this.#closed = true;
    for (const watched of this.#watched.values()) watched.cancel();
    this.#watched.clear();
  }

  #join(authentication: Authentication, stream: Stream): void {
    const id = authentication.credentialId;
    const known = this.#watched.get(id);
    if (known) {
      known.streams.add(stream);
      known.authentication = authentication;
      return;
    }
    const watched: Watched = { authentication, streams: new Set([stream]), cancel: () => {} };
    this.#watched.set(id, watched);
    this.#schedule(id, watched);
  }

  #leave(id: string, stream: Stream): void {
    const watched = this.#watched.get(id);
    if (!watched?.streams.delete(stream) || watched.streams.size > 0) return;
    watched.cancel();
    this.#watched.delete(id);
  }

  #schedule(id: string, watched: Watched): void {
    const period = Math.max(PERIOD_MS, this.#watched.size / this.#looksPerMs);
    // Up to a tenth earlier, so that credentials that came together are not looked at together.
    const delay = period * (1 - this.#clock.random() / 10);
    watched.cancel = this.#clock.after(delay, () => void this.#look(id, watched));
  }

  async #look(id: string, watched: Watched): Promise<void> {
    const looked = watched.authentication;
    const holds = await this.#holds(looked);
    if (this.#watched.get(id) !== watched || this.#closed) return;
    // A renewal during the look makes its answer about the past.
    if (!holds && watched.authentication === looked) this.#lose(id, watched);
    else this.#schedule(id, watched);
  }

  async #holds(authentication: Authentication): Promise<boolean> {
    if (authentication.expiresAt !== undefined && authentication.expiresAt <= this.#clock.now()) return false;
    return authentication.stillValid(AbortSignal.timeout(this.#lookTimeoutMs)).catch(() => true);
  }

  #lose(id: string, watched: Watched): void {
    watched.cancel();
    this.#watched.delete(id);
    for (const stream of watched.streams) stream.onLost();
  }
}
