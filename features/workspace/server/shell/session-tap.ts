import type { Recording, TappedPerson, TappedTerminal } from '@krateyard/terminals/terminal-tap';

/** What a session runs, and where. */
export interface ShellTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly tty: boolean;
}

/** A session as it is when somebody starts to listen to it. */
export interface TappedSession extends TappedTerminal, ShellTarget {
  readonly cluster: string;
  readonly owner: TappedPerson;
}

/** What sessions ask of whoever records them; see `TapPort`, which this is for one session. */
export interface RecordingPort {
  mode(namespace: string): 'always' | 'on-request' | 'never';
  /** Rejects with StatusError (no room, storage away); `by` asked for it, the owner where the policy did. */
  start(session: TappedSession, by: TappedPerson): Promise<Recording>;
}
