import type { RawLine } from '@krateyard/kube/stream/log-lines';
import type { LogServerFrame, Severity } from '../../contract/log-protocol.ts';

/** Whose lines they are. */
export interface SourceName {
  readonly pod: string;
  readonly container: string;
}

export interface ShownLine extends RawLine {
  readonly severity?: Severity | undefined;
}

/** What is told beside lines. */
export type ToldFrame = Exclude<LogServerFrame, { type: 'line' | 'lines' }>;

/** Where a reading goes: a socket or an HTTP answer, in one of their forms. */
export interface LogOutlet {
  /** It tells frames: without, lines are all there is, and none may be skipped, as that could not be said. */
  readonly tellsFrames: boolean;
  /** `lines` have severities where `tellsFrames`. */
  lines(source: SourceName, lines: readonly ShownLine[]): void;
  frame(frame: ToldFrame): void;
  /** False while the client has not taken what was given. */
  hasRoom(): boolean;
  /** Sends what was given since the last call. */
  flush(): void;
}
