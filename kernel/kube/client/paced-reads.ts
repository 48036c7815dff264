import type { Duplex } from 'node:stream';
import type { Clock } from '@krateyard/telemetry/clock';

/** More in one turn than a key brings back, or a prompt: more is on its way. */
const BULK_BYTES = 1024;
/** With so much in one turn no more is gained by waiting; below what connections hold before they stop the server (64 KiB and more). */
const ENOUGH_BYTES = 32 * 1024;
const GATHER_MS = 2;

/**
 * When a socket is read. API servers pass a process's output on in pieces of some 4 KiB, 250 in a MB, and a piece that comes alone
 * costs a turn of the loop, and a write that wakes whoever looks on. So after a turn that brought bulk the socket is left alone for
 * 2 ms, in which nobody sees a difference, and the system gathers what is read next.
 */
export class PacedReads {
  readonly #socket: Duplex;
  readonly #clock: Clock;
  #held = false;
  #bytes = 0;
  #turn: NodeJS.Immediate | undefined;
  #cancel: (() => void) | undefined;
  #over = false;

  constructor(socket: Duplex, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  /** The consumer's pause, not one of ours. */
  get held(): boolean {
    return this.#held;
  }

  /** To be told of each read. */
  took(bytes: number): void {
    if (this.#over) return;
    this.#bytes += bytes;
    this.#turn ??= setImmediate(() => this.#turnOver());
  }

  pause(): void {
    this.#held = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#held = false;
    if (!this.#cancel) this.#socket.resume();
  }

  /** The rest is read as it comes; leaves nothing that runs. */
  stop(): void {
    this.#over = true;
    clearImmediate(this.#turn);
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #turnOver(): void {
    const bytes = this.#bytes;
    this.#bytes = 0;
    this.#turn = undefined;
    if (bytes < BULK_BYTES || bytes >= ENOUGH_BYTES || this.#held || this.#over) return;
    this.#socket.pause();
    this.#cancel = this.#clock.after(GATHER_MS, () => {
      this.#cancel = undefined;
      if (!this.#held) this.#socket.resume();
    });
  }
}
