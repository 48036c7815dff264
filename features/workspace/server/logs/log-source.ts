import type { LineBlock } from '@krateyard/kube/stream/line-block';
import { LogTracker } from '@krateyard/kube/stream/log-mark';
import type { BegunRun } from './container-follower.ts';
import type { SourceName } from './log-outlet.ts';
import type { Position } from './position-token.ts';

/** Lines that were not sent to a client that is too slow. */
export interface Skipped {
  readonly from: string;
  to: string;
  lines: number;
}

/** One container of a reading, as far as it has been given to the outlet. */
export class LogSource implements SourceName {
  /** What a token calls it. */
  readonly key: string;
  readonly pod: string;
  readonly container: string;
  skipped: Skipped | undefined;
  #tracker = new LogTracker();
  #restarts = 0;
  #given: Position | undefined;

  constructor(name: SourceName & { readonly key: string }, from: Position | undefined) {
    this.key = name.key;
    this.pod = name.pod;
    this.container = name.container;
    this.#given = from;
  }

  begun({ restarts, inside, resumed }: BegunRun): void {
    this.#restarts = restarts;
    this.#tracker = resumed && this.#given ? LogTracker.from(this.#given.mark) : new LogTracker(inside);
    this.#given = undefined;
  }

  told(block: LineBlock): void {
    this.#tracker.addAll(block);
  }

  skip(block: LineBlock): void {
    this.skipped ??= { from: block.firstAt, to: block.lastAt, lines: 0 };
    this.skipped.to = block.lastAt;
    this.skipped.lines += block.count;
  }

  /** Undefined while nothing of it was read. */
  position(): Position | undefined {
    if (this.#given) return this.#given;
    const mark = this.#tracker.mark();
    return mark && { restarts: this.#restarts, mark };
  }
}
