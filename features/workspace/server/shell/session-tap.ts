import type { Exit } from '../../contract/shell-protocol.ts';

/** A session as it is when somebody starts to listen to it. */
export interface TappedSession {
  readonly session: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly rows: number;
  readonly cols: number;
  readonly owner: TappedPerson;
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
 * Hears one session, in order and in the turn in which things happen. Calls must return soon and must not throw: who writes to
 * a disk buffers within a bound of its own. The bytes belong to the caller and may be overwritten after the call.
 */
export interface SessionTap {
  /** `offset`: of the first byte, in the session's one sequence of output bytes. */
  onOutput(bytes: Uint8Array, offset: number, stream: 'stdout' | 'stderr'): void;
  onInput(bytes: Uint8Array, who: TappedPerson): void;
  onResize(rows: number, cols: number): void;
  /** Who is there and who has the keyboard: once at the beginning, then at every change. */
  onPeople(people: readonly TappedPerson[], keyboard: TappedPerson | undefined): void;
  /** Last; not called after `Recording.stop`. */
  onEnd(end: Pick<Exit, 'code' | 'reason'>): void;
}

/**
 * What sessions ask of whoever records them. `always`: a session is recorded from its first byte on, and one that cannot be is
 * refused; `on-request`: while a `record` frame of the owner, or of who has the keyboard, says so; `never`: such frames are
 * refused.
 */
export interface RecordingPort {
  mode(namespace: string): 'always' | 'on-request' | 'never';
  /** Rejects with StatusError (no room, storage away); `by` asked for it, the owner where the policy did. */
  start(session: TappedSession, by: TappedPerson): Promise<Recording>;
}

export interface Recording {
  readonly id: string;
  readonly tap: SessionTap;
  /** Ends it before the session does; what was taken is kept. Not awaited by the session; does not reject. */
  stop(): Promise<void>;
  /** Called, once, when the recording ends by itself: its bound is reached or the storage fails. Not after `stop` or `onEnd`. */
  onEnded(listener: (why: 'full' | 'failed') => void): void;
}
