import { StatusError } from '@krateyard/status/status-error';

/** Lets at most `max` run at once; others wait in line, and are refused with TooManyRequests when the line is full. */
export class ConcurrencyGate {
  readonly #max: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(max: number, maxWaiting: number) {
    this.#max = max;
    this.#maxWaiting = maxWaiting;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#max) {
      if (this.#waiting.length >= this.#maxWaiting) throw full();
      // The place is handed over by the one who leaves, so the count stays.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

function full(): StatusError {
  return new StatusError('TooManyRequests', 'Too many questions to the API server are waiting already.', {
    details: { retryAfterSeconds: 2 },
  });
}
