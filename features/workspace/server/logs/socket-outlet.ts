import type { SocketWriter } from '@krateyard/hub/socket-writer';
import type { LineBlock } from '@krateyard/kube/stream/line-block';
import type { Run } from './line-encoding.ts';
import type { LogOutlet, SourceName, ToldFrame } from './log-outlet.ts';

/** Bytes that a socket may owe before nothing more is made for it. */
const HIGH_WATER_BYTES = 512 * 1024;
/** Lines that wait for the end of the turn; with more they are encoded at once. */
const TURN_BYTES = 64 * 1024;

/** A socket's messages: those of one turn of the event loop are made and written together. */
export class SocketOutlet implements LogOutlet {
  readonly tellsFrames: boolean;
  readonly #writer: SocketWriter;
  readonly #tell: (runs: readonly Run[]) => void;
  #runs: Run[] = [];
  #runBytes = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(
    writer: SocketWriter,
    how: { readonly bare: boolean; readonly tell: (runs: readonly Run[]) => void },
  ) {
    this.#writer = writer;
    this.#tell = how.tell;
    this.tellsFrames = !how.bare;
  }

  lines(source: SourceName, block: LineBlock): void {
    this.#runs.push({ source, block });
    this.#runBytes += block.bytes;
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
    this.#tell(runs);
  }
}
