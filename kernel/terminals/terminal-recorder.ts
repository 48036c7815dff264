import { StatusError } from '@krateyard/status/status-error';
import type { OutputStream } from './scrollback.ts';
import type { TerminalServerFrame } from './terminal-protocol.ts';
import type { Recording, TapPort, TappedPerson, TappedTerminal } from './terminal-tap.ts';

export interface RecorderNeeds {
  /** Absent: nothing can be recorded here. */
  readonly port: TapPort | undefined;
  readonly terminal: () => TappedTerminal;
  readonly people: () => {
    readonly all: readonly TappedPerson[];
    readonly keyboard: TappedPerson | undefined;
  };
  readonly tellAll: (frame: TerminalServerFrame) => void;
}

/** A terminal's one recording at a time: begun by policy or on request, and what it hears. */
export class TerminalRecorder {
  readonly #needs: RecorderNeeds;
  #recording: Recording | undefined;
  #starting = false;
  #over = false;

  constructor(needs: RecorderNeeds) {
    this.#needs = needs;
  }

  get on(): boolean {
    return this.#recording !== undefined;
  }

  /** Where every terminal is recorded: before its first byte. Rejects when that cannot be. */
  async startByPolicy(owner: TappedPerson): Promise<void> {
    if (this.#needs.port?.mode() === 'always') await this.#start(owner);
  }

  async set(on: boolean, by: TappedPerson): Promise<void> {
    const mode = this.#needs.port?.mode() ?? 'never';
    if (mode === 'never') throw new StatusError('Forbidden', 'nothing is recorded here');
    if (on === this.on || this.#starting) return;
    if (on) return this.#start(by);
    if (mode === 'always') throw new StatusError('Forbidden', 'everything of this namespace is recorded');
    const recording = this.#recording;
    this.#recording = undefined;
    this.#needs.tellAll({ type: 'recording', on: false, by: by.username });
    await recording?.stop();
  }

  output(bytes: Uint8Array, offset: number, stream: OutputStream): void {
    this.#recording?.tap.onOutput(bytes, offset, stream);
  }

  input(bytes: Uint8Array, who: TappedPerson): void {
    this.#recording?.tap.onInput(bytes, who);
  }

  resized(rows: number, cols: number): void {
    this.#recording?.tap.onResize(rows, cols);
  }

  people(): void {
    if (!this.#recording) return;
    const { all, keyboard } = this.#needs.people();
    this.#recording.tap.onPeople(all, keyboard);
  }

  ended(end: { readonly code: number | null; readonly reason: string }): void {
    this.#over = true;
    this.#recording?.tap.onEnd(end);
    this.#recording = undefined;
  }

  async #start(by: TappedPerson): Promise<void> {
    const { port, terminal, tellAll } = this.#needs;
    this.#starting = true;
    try {
      const recording = await port!.start(terminal(), by);
      if (this.#over) {
        await recording.stop();
        return;
      }
      this.#recording = recording;
      recording.onEnded(() => {
        if (this.#recording !== recording) return;
        this.#recording = undefined;
        tellAll({ type: 'recording', on: false, id: recording.id });
      });
      this.people();
      tellAll({ type: 'recording', on: true, id: recording.id, by: by.username });
    } finally {
      this.#starting = false;
    }
  }
}
