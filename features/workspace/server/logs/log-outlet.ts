import type { LineBlock } from '@krateyard/kube/stream/line-block';
import type { LogServerFrame } from '../../contract/log-protocol.ts';

/** Whose lines they are. */
export interface SourceName {
  readonly pod: string;
  readonly container: string;
}

/** What is told beside lines. */
export type ToldFrame = Exclude<LogServerFrame, { type: 'line' | 'lines' }>;

/** Where a reading goes: a socket or an HTTP answer, in one of their forms. */
export interface LogOutlet {
  /** It tells frames: without, lines are all there is, and none may be skipped, as that could not be said. */
  readonly tellsFrames: boolean;
  lines(source: SourceName, block: LineBlock): void;
  frame(frame: ToldFrame): void;
  /** False while the client has not taken what was given. */
  hasRoom(): boolean;
  /** Sends what was given since the last call, in this turn of the event loop or, where more may come, after it. */
  flush(): void;
  /** Sends it now. */
  flushNow(): void;
}
