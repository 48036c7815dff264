import type { SocketWriter } from '@krateyard/hub/socket-writer';
import type { RawLine } from '@krateyard/kube/stream/log-lines';
import type { LineEncoding, Run } from './line-encoding.ts';
import type { LogOutlet, SourceName, ToldFrame } from './log-outlet.ts';

/** Bytes that a socket may owe before nothing more is made for it. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Lines that wait for the end of the turn; with more they are encoded at once. */
const TURN_BYTES = 128 * 1024;
/** What a line costs beside its text, about. */
const LINE_BYTES = 64;

/** A socket's messages: those of one turn of the event loop are made and written together. */
export class SocketOutlet implements LogOutlet {
  readonly tellsFrames: boolean;
  readonly #writer: SocketWriter;
  readonly #encode: LineEncoding;
  #runs: Run[] = [];
  #runBytes = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(writer: SocketWriter, how: { readonly bare: boolean; readonly encode: LineEncoding }) {
    this.#writer = writer;
    this.#encode = how.encode;
    this.tellsFrames = !how.bare;
  }

  lines(source: SourceName, lines: readonly RawLine[]): void {
    this.#runs.push({ source, lines });
    for (const { text } of lines) this.#runBytes += text.length + LINE_BYTES;
    if (this.#runBytes >= TURN_BYTES) this.flushNow();
  }

  frame(frame: ToldFrame): void {
    if (!this.tellsFrames) return;
    this.flushNow();
    this.#writer.writeTexts([JSON.stringify(frame)]);
  }

  hasRoom(): boolean {
    return this.#runBytes + this.#writer.buffered() < HIGH_WATER_BYTES;
  }

  flush(): void {
    if (this.#runs.length > 0) this.#scheduled ??= setImmediate(() => this.flushNow());
  }

  flushNow(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#runs.length === 0) return;
    const runs = this.#runs;
    this.#runs = [];
    this.#runBytes = 0;
    this.#writer.writeTexts(this.#encode(runs));
  }
}
