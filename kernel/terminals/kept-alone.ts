import type { Clock } from '@krateyard/telemetry/clock';
import type { Member } from './member.ts';

/** Stands in for the last who left, with their right to be there, while a terminal goes on for its recording alone. */
export class KeptAlone {
  readonly #clock: Clock;
  #member: Member | undefined;
  #cancel: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get member(): Member | undefined {
    return this.#member;
  }

  /** `onOver`: it has been long enough. */
  keep(member: Member, ms: number, onOver: () => void): void {
    this.#member = member;
    this.#cancel = this.#clock.after(ms, onOver);
  }

  /** Somebody has come, or it is over. */
  end(): void {
    this.#cancel();
    this.#member?.right?.[Symbol.dispose]();
    this.#member = undefined;
  }
}
