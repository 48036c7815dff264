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

/** Where a reading goes: a socket or an HTTP answer, in one of their forms. */
export interface LogOutlet {
  /** `lines` have severities where `wantsSeverity`. */
  lines(source: SourceName, lines: readonly ShownLine[]): void;
  frame(frame: Exclude<LogServerFrame, { type: 'line' | 'lines' }>): void;
  readonly wantsSeverity: boolean;
  /** False while the client has not taken what was given. */
  hasRoom(): boolean;
  /** Sends what was given since the last call. */
  flush(): void;
}
