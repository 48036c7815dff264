import type { Clock } from '@krateyard/telemetry/clock';
import type { Freshness, FreshnessState } from './cache.ts';

type Phase =
  | { readonly at: 'syncing' | 'connected' }
  | { readonly at: 'behind' | 'disconnected'; readonly reason: string };

/**
 * Turns what a reflector sees into Freshness. A connection that proves nothing (no event, no bookmark) for `lagAfterMs`
 * counts as lagging.
 */
export class FreshnessTracker {
  readonly #clock: Clock;
  readonly #lagAfterMs: number;
  readonly #onChange: (freshness: Freshness) => void;
  #phase: Phase = { at: 'syncing' };
  #provenAt: number;
  #told: FreshnessState = 'syncing';
  #cancel: (() => void) | undefined;

  constructor(needs: { clock: Clock; lagAfterMs: number; onChange: (freshness: Freshness) => void }) {
    this.#clock = needs.clock;
    this.#lagAfterMs = needs.lagAfterMs;
    this.#onChange = needs.onChange;
    this.#provenAt = needs.clock.now();
  }

  /** The content is what the server has, as of now. */
  proven(): void {
    this.#provenAt = this.#clock.now();
    if (this.#phase.at !== 'connected') this.#enter({ at: 'connected' });
    else if (this.#told !== 'live') this.#tell();
  }

  /** Connected, but what is known has to be fetched anew. */
  behind(reason: string): void {
    this.#enter({ at: 'behind', reason });
  }

  disconnected(reason: string): void {
    this.#enter({ at: 'disconnected', reason });
  }

  syncing(): void {
    this.#enter({ at: 'syncing' });
  }

  current(): Freshness {
    const lagMs = Math.max(0, this.#clock.now() - this.#provenAt);
    const observedAt = new Date(this.#provenAt).toISOString();
    const { state, reason } = this.#judge(lagMs);
    return { state, observedAt, lagMs, ...(reason !== undefined && { reason }) };
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #judge(lagMs: number): { state: FreshnessState; reason?: string } {
    switch (this.#phase.at) {
      case 'syncing':
        return { state: 'syncing', reason: 'The first list is not complete.' };
      case 'behind':
        return { state: 'lagging', reason: this.#phase.reason };
      case 'disconnected':
        return { state: 'disconnected', reason: this.#phase.reason };
      case 'connected':
        return lagMs < this.#lagAfterMs
          ? { state: 'live' }
          : { state: 'lagging', reason: 'The API server has not been heard of for a while.' };
    }
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#tell();
    if (phase.at === 'connected') this.#watchSilence(this.#lagAfterMs);
    else this.close();
  }

  #tell(): void {
    const freshness = this.current();
    if (freshness.state === this.#told) return;
    this.#told = freshness.state;
    this.#onChange(freshness);
  }

  /** One timer that is set again for what is left, instead of one for each event. */
  #watchSilence(delayMs: number): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#tell();
      const silentMs = this.#clock.now() - this.#provenAt;
      this.#watchSilence(silentMs < this.#lagAfterMs ? this.#lagAfterMs - silentMs : this.#lagAfterMs);
    });
  }
}
