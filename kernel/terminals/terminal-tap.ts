/** A terminal as it is when somebody starts to listen to it. */
export interface TappedTerminal {
  readonly session: string;
  readonly rows: number;
  readonly cols: number;
  /** Absent: it is nobody's own. */
  readonly owner: TappedPerson | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Output before this offset is not told. */
  readonly offset: number;
}

export interface TappedPerson {
  readonly participant: string;
  readonly username: string;
}

/**
 * Hears one terminal, in order and in the turn in which things happen. Calls must return soon and must not throw: who writes to
 * a disk buffers within a bound of its own. The bytes belong to the caller and may be overwritten after the call.
 */
export interface TerminalTap {
  /** `offset`: of the first byte, in the terminal's one sequence of output bytes. */
  onOutput(bytes: Uint8Array, offset: number, stream: 'stdout' | 'stderr'): void;
  onInput(bytes: Uint8Array, who: TappedPerson): void;
  onResize(rows: number, cols: number): void;
  /** Who is there and who has the keyboard: once at the beginning, then at every change. */
  onPeople(people: readonly TappedPerson[], keyboard: TappedPerson | undefined): void;
  /** Last; not called after `Recording.stop`. */
  onEnd(end: { readonly code: number | null; readonly reason: string }): void;
}

/**
 * What terminals ask of whoever records them. `always`: one is recorded from its first byte on, and one that cannot be is refused;
 * `on-request`: while a `record` frame of the owner, or of who has the keyboard, says so; `never`: such frames are refused.
 */
export interface TapPort {
  mode(): 'always' | 'on-request' | 'never';
  /** Rejects with StatusError (no room, storage away); `by` asked for it, the owner where the policy did. */
  start(terminal: TappedTerminal, by: TappedPerson): Promise<Recording>;
}

export interface Recording {
  readonly id: string;
  readonly tap: TerminalTap;
  /** Ends it before the terminal does; what was taken is kept. Not awaited by the terminal; does not reject. */
  stop(): Promise<void>;
  /** Called, once, when the recording ends by itself: its bound is reached or the storage fails. Not after `stop` or `onEnd`. */
  onEnded(listener: (why: 'full' | 'failed') => void): void;
}
