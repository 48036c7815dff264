import type { Piece } from './scrollback.ts';
import type { TerminalClientFrame, TerminalServerFrame } from './terminal-protocol.ts';

export type Incoming =
  | { readonly is: 'input'; readonly bytes: Buffer }
  | { readonly is: 'frame'; readonly frame: TerminalClientFrame };

/** How a terminal is told and heard on one socket. */
export interface Dialect {
  /** The client says what it has drawn, and is not sent more than a window beyond it; it may come back and go on. */
  readonly acknowledges: boolean;
  /** Text, or the parts of one binary message, which are sent without being copied; undefined: there is nothing to say yet. */
  output(piece: Piece): string | readonly Buffer[] | undefined;
  /** Undefined: this dialect has no words for it. */
  frame(frame: TerminalServerFrame): string | undefined;
  /** Throws StatusError for what makes no sense. */
  read(message: Buffer, binary: boolean): Incoming;
}
