import { StatusError } from '@krateyard/status/status-error';
import type { ByteLink } from './byte-link.ts';

/** What brings bytes when they come and takes them when it likes: a socket of any kind. */
export interface PushedSource {
  /** Holds the peer back; a little may still come. */
  pause(): void;
  resume(): void;
  /** Takes the bytes in any case. False: it is full; `PushedLink.writable` is to be called when it is not any more. */
  send(bytes: Uint8Array): boolean;
  /** Nothing is sent any more. */
  close(why?: StatusError): void;
}

/** Bytes that came and were not asked for, from which on the source is held back. */
const HIGH_BYTES = 256 * 1024;

/** Makes a ByteLink of a source that pushes. Holds at most 256 KiB and what one read of the source brings. */
export class PushedLink implements ByteLink {
  readonly #source: PushedSource;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #paused = false;
  #state: 'open' | 'ended' | 'closed' = 'open';
  #error: Error | undefined;
  #wakeReader: (() => void) | undefined;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(source: PushedSource) {
    this.#source = source;
  }

  /** The bytes are the link's from now on. */
  received(bytes: Uint8Array): void {
    if (this.#state !== 'open' || bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > HIGH_BYTES && !this.#paused) {
      this.#paused = true;
      this.#source.pause();
    }
    this.#wakeReader?.();
  }

  /** The source has room again. */
  writable(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** Nothing comes any more; with `error`, because it broke. */
  ended(error?: Error): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#error = error;
    this.#released();
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#next(), return: () => this.#left() }) };
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#state !== 'open') throw this.#gone();
    if (this.#source.send(bytes)) return;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  close(why?: StatusError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#waiting = [];
    this.#source.close(why);
    this.#released();
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk) {
        this.#waitingBytes -= chunk.length;
        if (this.#paused && this.#waitingBytes <= HIGH_BYTES / 2) {
          this.#paused = false;
          this.#source.resume();
        }
        return { done: false, value: chunk };
      }
      if (this.#state !== 'open') {
        if (this.#error) throw this.#error;
        return { done: true, value: undefined };
      }
      const woken = Promise.withResolvers<void>();
      this.#wakeReader = woken.resolve;
      await woken.promise;
    }
  }

  #left(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  #released(): void {
    this.#wakeReader?.();
    // Nobody may be waiting.
    this.#room?.promise.catch(() => {});
    this.#room?.reject(this.#gone());
    this.#room = undefined;
  }

  #gone(): Error {
    return (
      this.#error ?? new StatusError('ServiceUnavailable', 'The connection of the screen has been closed.')
    );
  }
}
