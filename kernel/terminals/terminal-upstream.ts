import type { TerminalExit } from './terminal-protocol.ts';
import type { OutputStream } from './scrollback.ts';

/** How a terminal ended, as clients are told it. */
export type ToldExit = Omit<TerminalExit, 'type'>;

export interface TerminalUpstreamListener {
  /** Valid until the call returns. May still be called for up to 64 KiB after `pause`. */
  onOutput(bytes: Buffer, stream: OutputStream): void;
  /** All input so far is on its way, after a `write` that said false. */
  onWritable(): void;
  /** Went away and is waited for, or came back. */
  onNotice(state: 'attached' | 'waiting', message: string): void;
  /** Once, last: all output has come. `explain` finds out what is to be said of it and does not reject. */
  onEnd(explain: () => Promise<ToldExit>): void;
}

/** What a terminal is connected to. Nothing is dropped: output waits where it comes from while paused. */
export interface TerminalUpstream {
  /** Output and end wait until then. */
  start(listener: TerminalUpstreamListener): void;
  /** Takes all that it is given. False: `onWritable` comes. Throws StatusError where input cannot go anywhere now. */
  write(bytes: Uint8Array): boolean;
  /** Input that is still on its way out of here. */
  readonly unsentBytes: number;
  resize(rows: number, cols: number): void;
  /** Throws StatusError where the input cannot be ended. */
  endInput(): void;
  pause(): void;
  resume(): void;
  /** Gives it up; `onEnd` may still come. */
  abort(): void;
}
