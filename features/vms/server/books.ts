import type { Cache } from '@krateyard/kube/cache/cache';
import type { Clock } from '@krateyard/telemetry/clock';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { MachineBook } from './machine-book.ts';

/** How long a book stays open after its last user: lists come in bursts. */
const LINGER_MS = 60_000;

/** The one book of machines, open while somebody reads it and a little longer. */
export class Books {
  readonly #cache: Cache;
  readonly #clock: Clock;
  readonly #usage: UsageMeter;
  #opening: Promise<MachineBook> | undefined;
  #book: MachineBook | undefined;
  #users = 0;
  #cancelLinger: (() => void) | undefined;

  constructor(parts: { readonly cache: Cache; readonly clock: Clock; readonly usage: UsageMeter }) {
    this.#cache = parts.cache;
    this.#clock = parts.clock;
    this.#usage = parts.usage;
  }

  /** Rejects with StatusError when the machines cannot be known. Dispose when done. */
  async use(): Promise<{ readonly book: MachineBook } & Disposable> {
    this.#cancelLinger?.();
    this.#users += 1;
    try {
      // Not the caller's signal: others may wait for the same opening.
      this.#opening ??= MachineBook.open(this.#cache, new AbortController().signal, this.#usage);
      this.#book = await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      this.#users -= 1;
      throw error;
    }
    let used = true;
    return {
      book: this.#book,
      [Symbol.dispose]: () => {
        if (used) this.#leave();
        used = false;
      },
    };
  }

  close(): void {
    this.#cancelLinger?.();
    this.#book?.[Symbol.dispose]();
    this.#book = undefined;
    this.#opening = undefined;
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#cancelLinger = this.#clock.after(LINGER_MS, () => {
      if (this.#users === 0) this.close();
    });
  }
}
