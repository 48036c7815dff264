import { StatusError } from '@krateyard/status/status-error';
import type { Exit, ShellServerFrame } from '../../contract/shell-protocol.ts';
import type { Recording, RecordingPort, TappedPerson, TappedSession } from './session-tap.ts';
import type { OutputStream } from './scrollback.ts';

export interface RecorderNeeds {
  /** Absent: nothing can be recorded here. */
  readonly port: RecordingPort | undefined;
  readonly namespace: string;
  readonly session: () => TappedSession;
  readonly people: () => { readonly all: readonly TappedPerson[]; readonly keyboard: TappedPerson };
  readonly tellAll: (frame: ShellServerFrame) => void;
}

/** A session's one recording at a time: begun by policy or on request, and what it hears. */
export class SessionRecorder {
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

  /** Where every session is recorded: before its first byte. Rejects when that cannot be. */
  async startByPolicy(owner: TappedPerson): Promise<void> {
    if (this.#needs.port?.mode(this.#needs.namespace) === 'always') await this.#start(owner);
  }

  async set(on: boolean, by: TappedPerson): Promise<void> {
    const mode = this.#needs.port?.mode(this.#needs.namespace) ?? 'never';
    if (mode === 'never') throw new StatusError('Forbidden', 'shells are not recorded here');
    if (on === this.on || this.#starting) return;
    if (on) return this.#start(by);
    if (mode === 'always') throw new StatusError('Forbidden', 'every shell of this namespace is recorded');
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

  ended(end: Pick<Exit, 'code' | 'reason'>): void {
    this.#over = true;
    this.#recording?.tap.onEnd(end);
    this.#recording = undefined;
  }

  async #start(by: TappedPerson): Promise<void> {
    const { port, session, tellAll } = this.#needs;
    this.#starting = true;
    try {
      const recording = await port!.start(session(), by);
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
