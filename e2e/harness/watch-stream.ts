import type { Readable } from 'node:stream';
import type { Wire } from './wire.ts';
import { within } from './poll-until.ts';

/** The events of one watch, read one by one with a deadline. Dispose of it, or the connection stays. */
export class WatchStream implements Disposable {
  /** All events so far, also those not yet taken by `next`. */
  readonly events: Wire[] = [];
  readonly #body: Readable;
  readonly #abort: AbortController;
  #taken = 0;
  #ended = false;
  #rest = '';
  #wake: (() => void) | undefined;

  constructor(body: Readable, abort: AbortController) {
    this.#body = body;
    this.#abort = abort;
    body.setEncoding('utf8');
    body.on('data', (text: string) => this.#take(text));
    body.on('error', () => this.#end());
    body.on('close', () => this.#end());
    body.on('end', () => this.#end());
  }

  /** The next event; undefined when the server has ended the watch. */
  async next(deadlineMs = 30_000): Promise<Wire> {
    while (this.#taken >= this.events.length && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await within(`the next watch event (after ${this.#taken})`, deadlineMs, promise);
    }
    return this.events[this.#taken++];
  }

  /** Reads until an event for which `match` is true and returns it; the ones before stay in `events`. */
  async until(match: (event: Wire) => boolean, deadlineMs = 30_000): Promise<Wire> {
    for (;;) {
      const event = await this.next(deadlineMs);
      if (event === undefined) throw new Error('the watch ended before the event came');
      if (match(event)) return event;
    }
  }

  /** Resolves when the server has ended the watch. */
  async ended(deadlineMs = 30_000): Promise<void> {
    while ((await this.next(deadlineMs)) !== undefined);
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
    this.#body.destroy();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') this.events.push(JSON.parse(line));
    this.#wake?.();
  }

  #end(): void {
    this.#ended = true;
    this.#wake?.();
  }
}
