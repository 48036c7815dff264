import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { LogGap, Severity } from '../../contract/log-protocol.ts';

/** A container whose log is read; its place in the list of sources gives its colour. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
}

export interface LineEntry {
  readonly type: 'line';
  readonly source: LogSource;
  /** RFC 3339 with nanoseconds. */
  readonly at: string;
  readonly text: string;
  readonly severity: Severity | undefined;
  /** The line goes on in the next one of its container. */
  readonly more: boolean;
}

/** Lines may be missing here. `held`: they came while the view was paused and did not fit. */
export interface GapEntry {
  readonly type: 'gap';
  readonly source: LogSource | undefined;
  readonly from: string;
  readonly to: string | undefined;
  readonly why: LogGap['why'] | 'held';
  readonly skipped: number | undefined;
}

export interface JoinedEntry {
  readonly type: 'joined';
  readonly source: LogSource;
  readonly node: string | undefined;
  readonly restarts: number;
}

export interface EndedEntry {
  readonly type: 'ended';
  readonly source: LogSource;
  readonly reason: string;
  readonly exitCode: number | undefined;
  readonly status: LiveStatus | undefined;
}

export interface ProblemEntry {
  readonly type: 'problem';
  readonly source: LogSource | undefined;
  readonly status: LiveStatus;
}

export type MarkEntry = GapEntry | JoinedEntry | EndedEntry | ProblemEntry;
export type LogEntry = LineEntry | MarkEntry;
