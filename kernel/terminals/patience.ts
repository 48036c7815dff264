import type { Clock } from '@krateyard/telemetry/clock';
import type { Audience } from './audience.ts';
import { GUEST_WAIT_MS, type Member } from './member.ts';
import type { Scrollback } from './scrollback.ts';

/**
 * Looks to it that who reads slowly does not hold back what somebody else leads. The time that a guest has held the upstream back is
 * added up, and forgotten when the guest has drawn all but half of what can be kept.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #scrollback: Scrollback;
  readonly #audience: Audience;
  readonly #onOver: () => void;
  #holding: readonly Member[] = [];
  #since = 0;
  #cancel: (() => void) | undefined;

  /** `onOver`: a guest is waited for no more. */
  constructor(clock: Clock, scrollback: Scrollback, audience: Audience, onOver: () => void) {
    this.#clock = clock;
    this.#scrollback = scrollback;
    this.#audience = audience;
    this.#onOver = onOver;
  }

  /** To be called whenever output has come or has been drawn, and when people come and go. */
  look(): void {
    if (this.#holding.length === 0 && this.#audience.people.count < 2) return;
    this.#charge();
    const { end, limitBytes } = this.#scrollback;
    const { leader, people } = this.#audience;
    const held = !leader || this.#scrollback.isFull(this.#audience.floorOf(leader, end));
    const holding: Member[] = [];
    for (const member of people) {
      const { viewer } = member;
      if (member === leader || !viewer) continue;
      if (viewer.floor >= end - limitBytes / 2) member.waitedMs = 0;
      else if (!held && member.waitedMs < GUEST_WAIT_MS && this.#scrollback.isFull(viewer.floor))
        holding.push(member);
    }
    this.#waitFor(holding);
  }

  stop(): void {
    this.#waitFor([]);
  }

  #charge(): void {
    const now = this.#clock.monotonic();
    for (const member of this.#holding) member.waitedMs += now - this.#since;
    this.#since = now;
  }

  #waitFor(holding: readonly Member[]): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#holding = holding;
    if (holding.length === 0) return;
    const most = Math.max(...holding.map(({ waitedMs }) => waitedMs));
    this.#cancel = this.#clock.after(GUEST_WAIT_MS - most, this.#onOver);
  }
}
