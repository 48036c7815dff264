import type { CastCode } from './cast.ts';

export interface CastStart {
  readonly cols: number;
  readonly rows: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly command: string;
  readonly title: string;
}

/** Output within this much is one event: a program that writes byte by byte makes no line of each. */
const MERGE_MS = 16;
const MERGE_CHARS = 64 * 1024;

/**
 * Turns what happens in a terminal into lines of an asciicast v3. Bytes become text: a character that is cut between two calls is
 * put together again, what is no UTF-8 becomes U+FFFD, as the format holds text only. Times are whole milliseconds, so that
 * intervals add up exactly.
 */
export class CastWriter {
  readonly header: string;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder(), input: new TextDecoder() };
  #lines = '';
  #lastMs = 0;
  #pending: { readonly atMs: number; text: string } | undefined;

  /** `now`: monotonic milliseconds. */
  constructor(start: CastStart, now: () => number) {
    this.#now = now;
    this.#startedAt = now();
    this.header = `${JSON.stringify({
      version: 3,
      term: { cols: start.cols, rows: start.rows, type: 'xterm-256color' },
      timestamp: Math.floor(start.startedAt / 1000),
      command: start.command,
      title: start.title,
    })}\n`;
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return Math.max(0, Math.round(this.#now() - this.#startedAt));
  }

  output(bytes: Uint8Array, stream: 'stdout' | 'stderr'): void {
    const text = this.#decoders[stream].decode(bytes, { stream: true });
    if (text === '') return;
    const atMs = this.elapsedMs;
    const pending = this.#pending;
    if (pending && atMs - pending.atMs <= MERGE_MS && pending.text.length < MERGE_CHARS) {
      pending.text += text;
      return;
    }
    this.#settle();
    this.#pending = { atMs, text };
  }

  input(bytes: Uint8Array): void {
    const text = this.#decoders.input.decode(bytes, { stream: true });
    if (text !== '') this.#event('i', text);
  }

  marker(label: string): void {
    this.#event('m', label);
  }

  resize(rows: number, cols: number): void {
    this.#event('r', `${cols}x${rows}`);
  }

  exit(code: number): void {
    this.#event('x', String(code));
  }

  /** What came since the last call, whole lines. */
  take(): string {
    this.#settle();
    const lines = this.#lines;
    this.#lines = '';
    return lines;
  }

  /** Characters that wait to be taken, roughly. */
  get waiting(): number {
    return this.#lines.length + (this.#pending?.text.length ?? 0);
  }

  #event(code: CastCode, text: string): void {
    this.#settle();
    this.#line(this.elapsedMs, code, text);
  }

  #settle(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#line(pending.atMs, 'o', pending.text);
  }

  #line(atMs: number, code: CastCode, text: string): void {
    const interval = Math.max(0, atMs - this.#lastMs);
    this.#lastMs += interval;
    this.#lines += `[${(interval / 1000).toFixed(3)}, "${code}", ${JSON.stringify(text)}]\n`;
  }
}
