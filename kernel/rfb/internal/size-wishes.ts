import type { Clock } from '@krateyard/telemetry/clock';
import { SIZE_OUTCOME, type SizeWish } from '../size-wish.ts';
import { setDesktopSize } from './client-messages.ts';
import type { Outgoing } from './outgoing.ts';
import { MAX_PIXELS, MAX_SIDE } from './rectangles.ts';

/** Answers come in order, and some servers never answer. */
const MOST_WAITING = 4;
const ANSWER_MS = 10_000;

/** Asks a machine for other sizes, and knows which answer belongs to which. */
export class SizeWishes {
  readonly #out: Outgoing;
  readonly #clock: Clock;
  readonly #waiting: ((outcome: number) => void)[] = [];

  constructor(out: Outgoing, clock: Clock) {
    this.#out = out;
    this.#clock = clock;
  }

  /** Resolves with the machine's answer; after ten seconds without one with `forwarded`. */
  ask(wish: SizeWish): Promise<number> {
    const { width, height } = wish;
    const isPossible = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
    if (!isPossible || width * height > MAX_PIXELS) return Promise.resolve(SIZE_OUTCOME.invalid);
    if (this.#waiting.length >= MOST_WAITING) return Promise.resolve(SIZE_OUTCOME.noRoom);
    const answer = Promise.withResolvers<number>();
    const cancel = this.#clock.after(ANSWER_MS, () => answer.resolve(SIZE_OUTCOME.forwarded));
    // Whose answer is late keeps its place in the order.
    this.#waiting.push((outcome) => {
      cancel();
      answer.resolve(outcome);
    });
    this.#out.push(setDesktopSize(wish));
    return answer.promise;
  }

  answered(outcome: number): void {
    this.#waiting.shift()?.(outcome);
  }

  /** Nobody answers any more. */
  end(): void {
    for (const tell of this.#waiting.splice(0)) tell(SIZE_OUTCOME.prohibited);
  }
}
