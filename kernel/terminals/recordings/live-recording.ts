import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { castMarks } from './cast.ts';
import { nameOfRecorded, partOfRecorded, type RecordingSummary } from './recording-summary.ts';
import type { Recording, TappedPerson, TappedTerminal, TerminalTap } from '../terminal-tap.ts';
import { CastWriter } from './cast-writer.ts';
import type { RecordingSink } from './recording-store.ts';

export interface LiveRecordingOptions {
  readonly terminal: TappedTerminal;
  readonly summary: RecordingSummary;
  readonly sink: RecordingSink;
  /** Longest cast; what would be beyond it ends the recording. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It is not being made any more. */
  readonly onClosed: (outcome: 'finished' | 'full' | 'failed') => void;
}

/** So much may be lost when the process is killed. */
const FLUSH_MS = 200;
/** What waits for the storage; beyond it the recording has failed, as it could not be whole any more. */
const BUFFER_CHARS = 8 * 1024 * 1024;
/** Room for the last marker. */
const LAST_WORDS_BYTES = 256;

/** One recording being made: hears the session, and writes behind it. */
export class LiveRecording implements Recording, TerminalTap {
  readonly id: string;
  readonly tap: TerminalTap = this;
  readonly #options: LiveRecordingOptions;
  readonly #writer: CastWriter;
  #summary: RecordingSummary;
  #people = new Map<string, string>();
  #typist: string | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Handed to the storage and not written yet. */
  #unwritten = 0;
  #cancelFlush: (() => void) | undefined;
  #over = false;
  #broken = false;
  #tellEnded: (why: 'full' | 'failed') => void = () => {};

  constructor(options: LiveRecordingOptions) {
    this.#options = options;
    this.#summary = options.summary;
    this.id = options.summary.id;
    const { terminal, summary, clock } = options;
    this.#writer = new CastWriter(
      {
        cols: terminal.cols,
        rows: terminal.rows,
        startedAt: clock.now(),
        command: (summary.command ?? []).join(' '),
        title: `${summary.namespace}/${nameOfRecorded(summary)} ${partOfRecorded(summary)}`.trim(),
      },
      () => clock.monotonic(),
    );
    this.#write(this.#writer.header);
  }

  onOutput(bytes: Uint8Array, _offset: number, stream: 'stdout' | 'stderr'): void {
    if (this.#over) return;
    this.#writer.output(bytes, stream);
    this.#heard();
  }

  onInput(bytes: Uint8Array, who: TappedPerson): void {
    if (this.#over) return;
    if (who.participant !== this.#typist) {
      this.#typist = who.participant;
      this.#writer.marker(castMarks.types(who.username));
    }
    this.#writer.input(bytes);
    this.#heard();
  }

  onResize(rows: number, cols: number): void {
    if (this.#over) return;
    this.#writer.resize(rows, cols);
    this.#heard();
  }

  onPeople(people: readonly TappedPerson[]): void {
    if (this.#over) return;
    const now = new Map(people.map(({ participant, username }) => [participant, username]));
    for (const [id, username] of now)
      if (!this.#people.has(id)) this.#writer.marker(castMarks.joined(username));
    for (const [id, username] of this.#people)
      if (!now.has(id)) this.#writer.marker(castMarks.left(username));
    this.#people = now;
    const participants = [...new Set([...this.#summary.participants, ...now.values()])];
    if (participants.length > this.#summary.participants.length) {
      this.#summary = { ...this.#summary, participants };
      this.#enqueue(() => this.#options.sink.describe(this.#summary));
    }
    this.#heard();
  }

  onEnd({ code, reason }: Parameters<TerminalTap['onEnd']>[0]): void {
    if (this.#over) return;
    if (code === null) this.#writer.marker(reason);
    else this.#writer.exit(code);
    void this.#finish('finished');
  }

  async stop(): Promise<void> {
    await this.#finish('finished');
  }

  onEnded(listener: (why: 'full' | 'failed') => void): void {
    this.#tellEnded = listener;
  }

  #heard(): void {
    if (this.#unwritten + this.#writer.waiting > BUFFER_CHARS)
      return this.#fail(new Error('storage is too slow'));
    if (this.#summary.bytes + this.#writer.waiting > this.#options.maxBytes) return this.#flush();
    this.#cancelFlush ??= this.#options.clock.after(FLUSH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const room = this.#options.maxBytes - LAST_WORDS_BYTES - this.#summary.bytes;
    const { fits, all } = linesWithin(this.#writer.take(), room);
    this.#write(fits);
    if (!all) this.#fill();
  }

  /** The bound is reached: says so and ends. */
  #fill(): void {
    this.#writer.marker('The recording has reached its bound.');
    this.#summary = { ...this.#summary, truncated: true };
    void this.#finish('full');
    this.#tellEnded('full');
  }

  #write(text: string): void {
    if (text === '') return;
    this.#summary = {
      ...this.#summary,
      bytes: this.#summary.bytes + Buffer.byteLength(text),
      seconds: this.#writer.elapsedMs / 1000,
    };
    this.#unwritten += text.length;
    this.#enqueue(async () => {
      if (this.#broken) return;
      await this.#options.sink.append(text);
      this.#unwritten -= text.length;
    });
  }

  async #finish(outcome: 'finished' | 'full'): Promise<void> {
    if (!this.#over) {
      this.#over = true;
      this.#cancelFlush?.();
      this.#write(this.#writer.take());
      this.#summary = { ...this.#summary, endedAt: new Date(this.#options.clock.now()).toISOString() };
      this.#enqueue(() => this.#options.sink.finish(this.#summary));
      this.#options.onClosed(outcome);
    }
    await this.#writing;
  }

  /** One after the other; the first that fails ends the recording. */
  #enqueue(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#broken = true;
    this.#options.logger.error('A recording failed.', { name: this.id, err: error });
    if (this.#over) return;
    this.#over = true;
    this.#cancelFlush?.();
    this.#summary = {
      ...this.#summary,
      truncated: true,
      endedAt: new Date(this.#options.clock.now()).toISOString(),
    };
    this.#enqueue(() => this.#options.sink.finish(this.#summary));
    this.#options.onClosed('failed');
    this.#tellEnded('failed');
  }
}

/** As many whole lines as fit into so many bytes. */
function linesWithin(lines: string, room: number): { readonly fits: string; readonly all: boolean } {
  if (Buffer.byteLength(lines) <= room) return { fits: lines, all: true };
  let bytes = 0;
  let end = 0;
  for (let next = lines.indexOf('\n'); next !== -1; next = lines.indexOf('\n', end)) {
    bytes += Buffer.byteLength(lines.slice(end, next + 1));
    if (bytes > room) break;
    end = next + 1;
  }
  return { fits: lines.slice(0, end), all: false };
}
